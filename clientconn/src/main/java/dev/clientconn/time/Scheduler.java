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

package dev.clientconn.time;

import java.time.Duration;

/**
 * The only source of time and timers in the engine. Implementations are safe for use from
 * any thread.
 */
public interface Scheduler {

	/**
	 * Returns a monotonic time in nanoseconds; only differences mean anything.
	 * @return nanoseconds since an arbitrary origin
	 */
	long nanoTime();

	/**
	 * Returns the wall-clock time in milliseconds since the epoch, for people to read.
	 * @return milliseconds since the epoch
	 */
	long currentTimeMillis();

	/**
	 * Runs a task once after a delay, on a thread of the scheduler's choice. The task
	 * must be short and must not block: it may run on an event loop.
	 * @param task what to run
	 * @param delay how long from now; zero or negative means as soon as possible
	 * @return a handle that cancels the task
	 */
	Timer schedule(Runnable task, Duration delay);

	/**
	 * A task that is due later.
	 */
	interface Timer {

		/**
		 * Cancels the task if it has not started; a no-op otherwise. Any thread may call.
		 */
		void cancel();

	}

}
