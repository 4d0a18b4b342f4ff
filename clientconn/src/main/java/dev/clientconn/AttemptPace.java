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

import dev.clientconn.naming.Address;
import dev.clientconn.time.Scheduler;
import dev.clientconn.transport.TransportListener;
import org.jspecify.annotations.Nullable;

/**
 * How fast one address is tried: when its last attempt began, the least time from there
 * to the next one, and the wait for it. Only in the serial context.
 */
final class AttemptPace {

	private final AddrConnSettings settings;

	private Scheduler.@Nullable Timer timer;

	/** Attempts in a row that came to nothing. */
	private int index;

	private long startNanos;

	private long delayNanos;

	AttemptPace(AddrConnSettings settings) {
		this.settings = settings;
	}

	Attempt attempt(Address address, TransportListener listener) {
		return this.settings.attempt(address, this.index, listener);
	}

	void begun(Attempt attempt) {
		this.startNanos = attempt.startNanos();
		this.delayNanos = attempt.delayNanos();
	}

	void failed() {
		this.index++;
	}

	/** Delays start from the first again. */
	void reset() {
		this.index = 0;
	}

	/**
	 * The same, also for the attempt that runs: it may have been aimed at the last
	 * process.
	 */
	void restart() {
		reset();
		this.delayNanos = Math.min(this.delayNanos, this.settings.pacing().backoff().delayNanos(0));
	}

	long elapsedNanos() {
		return this.settings.scheduler().nanoTime() - this.startNanos;
	}

	/** Whether what the attempt made has lasted as long as its delay. */
	boolean hasLived() {
		return elapsedNanos() >= this.delayNanos;
	}

	/** How long the next attempt has to wait. */
	Duration rest() {
		return Duration.ofNanos(Math.max(0, this.delayNanos - elapsedNanos()));
	}

	void waitFor(Duration rest, Runnable next) {
		this.timer = this.settings.scheduler().schedule(next, rest);
	}

	void endWait() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

}
