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

package dev.clientconn.benchmarks.compare;

/**
 * Something a client does with its channels, again and again. Opened once per arm, and
 * run in many rounds with its connections kept.
 */
interface Workload extends AutoCloseable {

	/**
	 * Runs a round.
	 * @param nanos how long to start new operations
	 * @return what it cost
	 */
	Round round(long nanos) throws Exception;

	@Override
	void close() throws Exception;

	/**
	 * A workload whose cost is what this JVM spends while it runs.
	 */
	interface Metered extends Workload {

		/**
		 * Starts operations for the given time, at least one, and returns when the last
		 * has ended.
		 * @param nanos how long to start new operations
		 * @param latencies takes the nanoseconds of each operation, where that means
		 * something
		 * @return how many operations ended
		 */
		long run(long nanos, Latencies latencies) throws Exception;

		/**
		 * The CPU, in nanoseconds, of the last run's own waiting between operations: no
		 * channel's work, and left out.
		 */
		default long pausesCpuNanos() {
			return 0;
		}

		@Override
		default Round round(long nanos) throws Exception {
			Latencies latencies = new Latencies();
			Meter meter = Meter.start();
			long operations = run(nanos, latencies);
			return meter.stop(operations, latencies, pausesCpuNanos());
		}

	}

}
