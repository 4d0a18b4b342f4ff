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

package dev.clientconn.spring.boot.autoconfigure.discovery;

/**
 * Runs look-ups, which block.
 */
@FunctionalInterface
interface LookupRunner {

	/**
	 * Runs a look-up, now or when a thread is free, on a thread where it may block. Any
	 * thread may call; does not wait for the look-up.
	 * @param lookup what to run
	 * @return a handle to give it up
	 */
	Running run(Runnable lookup);

	/**
	 * A look-up that runs or waits for a thread.
	 */
	@FunctionalInterface
	interface Running {

		/**
		 * Gives the look-up up: it is interrupted, or does not start, and takes no thread
		 * away from others any more even if it ignores the interrupt. Idempotent; any
		 * thread.
		 */
		void abandon();

	}

}
