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
 * The one timer of a call that may be sent again: for the next attempt, or to look after
 * those that run. Guarded by the lock of {@link RetriableAttempts}.
 */
final class AttemptTimer {

	private final Scheduler scheduler;

	private Scheduler.@Nullable Timer timer;

	/** Counts the timers that were set: one that is no longer the last is not due. */
	private int last;

	AttemptTimer(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	boolean isSet() {
		return this.timer != null;
	}

	/** Sets it; in place of what it was set to before. */
	void set(long delayNanos, Task task) {
		stop();
		int number = this.last;
		this.timer = this.scheduler.schedule(() -> task.run(number), Duration.ofNanos(delayNanos));
	}

	/** Returns whether a task that runs is still wanted; if so, the timer is free. */
	boolean takeDue(int number) {
		boolean due = number == this.last;
		if (due) {
			this.timer = null;
		}
		return due;
	}

	void stop() {
		this.last++;
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	/**
	 * What is done when it is time.
	 */
	interface Task {

		/**
		 * Runs without the lock.
		 * @param number for {@link AttemptTimer#takeDue}
		 */
		void run(int number);

	}

}
