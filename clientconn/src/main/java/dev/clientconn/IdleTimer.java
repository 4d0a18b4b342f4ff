/*
 * Copyright 2026 the ClientConn authors
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.clientconn;

import java.time.Duration;

import dev.clientconn.time.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Notices that nobody has called for a while. It looks at the counters of calls ten times
 * within the timeout, so that a call has nothing to do for it; the end is noticed at most
 * a tenth of the timeout late. Only in the serial context.
 */
final class IdleTimer {

	/** So long is never, as in grpc-java. */
	static final Duration NEVER = Duration.ofDays(30);

	private static final int LOOKS = 10;

	private final ConnCore core;

	private final Runnable onIdle;

	private Duration timeout = Duration.ZERO;

	private Scheduler.@Nullable Timer timer;

	/** Counts beginnings: a timer of an earlier one may be on its way. */
	private int round;

	/** How many calls had ended at the last look. */
	private long ended;

	private int quietLooks;

	/**
	 * Creates it.
	 * @param core counts calls
	 * @param onIdle runs in the serial context when nobody has called for the timeout
	 */
	IdleTimer(ConnCore core, Runnable onIdle) {
		this.core = core;
		this.onIdle = onIdle;
	}

	static boolean isNever(Duration timeout) {
		return timeout.isZero() || timeout.compareTo(NEVER) >= 0;
	}

	/**
	 * Begins, unless it has begun with the same timeout.
	 * @param timeout time without a call; zero for never
	 * @param scheduler time
	 */
	void begin(Duration timeout, Scheduler scheduler) {
		if (this.core.shutdown != null || (this.timer != null && timeout.equals(this.timeout))) {
			return;
		}
		end();
		this.timeout = timeout;
		if (!isNever(timeout)) {
			this.round++;
			this.quietLooks = 0;
			this.ended = this.core.ended.sum();
			lookLater(scheduler);
		}
	}

	void end() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	private void lookLater(Scheduler scheduler) {
		int begun = this.round;
		this.timer = scheduler.schedule(() -> this.core.serial.execute(() -> {
			if (this.timer != null && begun == this.round) {
				look(scheduler);
			}
		}), this.timeout.dividedBy(LOOKS));
	}

	private void look(Scheduler scheduler) {
		long endedBefore = this.ended;
		// In this order: a call that starts meanwhile must not look like one that ended.
		this.ended = this.core.ended.sum();
		boolean quiet = this.core.started.sum() == this.ended && this.ended == endedBefore;
		this.quietLooks = quiet ? this.quietLooks + 1 : 0;
		if (this.quietLooks < LOOKS) {
			lookLater(scheduler);
		}
		else {
			this.timer = null;
			this.onIdle.run();
		}
	}

}
