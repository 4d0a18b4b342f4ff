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
 * How long the old connections may be away before calls move to new ones that are not
 * READY: long enough to replace a connection that was lost. Only in the serial context.
 */
final class Patience {

	static final Duration TIME = Duration.ofSeconds(10);

	private final SerialExecutor serial;

	private final Runnable onEnd;

	private Scheduler.@Nullable Timer timer;

	/** Counts beginnings: a timer of an earlier one may be on its way. */
	private int round;

	/**
	 * Creates it.
	 * @param serial the serial context
	 * @param onEnd runs there when the time is up
	 */
	Patience(SerialExecutor serial, Runnable onEnd) {
		this.serial = serial;
		this.onEnd = onEnd;
	}

	/** Begins, unless it has begun. */
	void begin(Scheduler scheduler) {
		if (this.timer == null) {
			int begun = ++this.round;
			this.timer = scheduler.schedule(() -> this.serial.execute(() -> timeIsUp(begun)), TIME);
		}
	}

	/** There is no need to wait any more. */
	void end() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	private void timeIsUp(int begun) {
		if (this.timer != null && begun == this.round) {
			this.timer = null;
			this.onEnd.run();
		}
	}

}
