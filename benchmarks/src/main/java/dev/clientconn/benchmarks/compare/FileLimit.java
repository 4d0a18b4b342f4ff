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

import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.Locale;

import com.sun.management.UnixOperatingSystemMXBean;

/**
 * Whether a process may have as many files as the server will have connections: or the
 * run would end in its middle, in some other error.
 */
final class FileLimit {

	/** Of a JVM with its libraries, event loops, listeners and probes. */
	private static final long OTHERS = 500;

	private FileLimit() {
	}

	/** The most files that this process may open, and so those that it starts. */
	static long ofThisProcess() {
		return (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix)
				? unix.getMaxFileDescriptorCount() : Long.MAX_VALUE;
	}

	/**
	 * Checks what is to be run.
	 * @param limit files per process
	 * @throws IllegalArgumentException if a workload needs more files than that
	 */
	static void check(Settings settings, long limit) {
		settings.workloads()
			.stream()
			.max(Comparator.comparingLong((workload) -> files(workload, settings)))
			.filter((workload) -> files(workload, settings) > limit)
			.ifPresent((workload) -> {
				throw new IllegalArgumentException(String.format(Locale.ROOT,
						"%s needs %,d open files in the server's process, and the limit is %,d: raise it (ulimit -n),"
								+ " or run --shrink=10, or fewer --arms, or other --workloads",
						workload.id(), files(workload, settings), limit));
			});
	}

	private static long files(WorkloadType workload, Settings settings) {
		long arms = workload.alone() ? 1 : settings.arms().stream().filter(workload::canRun).count();
		return OTHERS + arms * workload.connections() / settings.shrink();
	}

}
