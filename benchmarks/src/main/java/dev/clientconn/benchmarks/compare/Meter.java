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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Method;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * Reads what this JVM has spent. CPU is the process's, less that of the JIT's threads as
 * the kernel counts them; without Linux's /proc the JIT stays in. Bytes are the sum over
 * threads (JDK 21 has it as one figure, which forgets no thread that has ended).
 */
final class Meter {

	private static final Path TASKS = Path.of("/proc/self/task");

	private static final OperatingSystemMXBean SYSTEM = ManagementFactory
		.getPlatformMXBean(OperatingSystemMXBean.class);

	private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

	private static final Method TOTAL_BYTES = totalBytes();

	private final long gc0;

	private final long jit0;

	private final Map<Long, Long> bytes0;

	private final long cpu0;

	private final long start;

	private Meter() {
		this.gc0 = cpuOf(Meter::isGc);
		this.jit0 = cpuOf(Meter::isJit);
		this.bytes0 = bytes();
		this.cpu0 = SYSTEM.getProcessCpuTime();
		this.start = System.nanoTime();
	}

	static Meter start() {
		return new Meter();
	}

	Round stop(long operations, Latencies latencies, long withoutNanos) {
		long elapsed = System.nanoTime() - this.start;
		long cpu = SYSTEM.getProcessCpuTime() - this.cpu0 - withoutNanos;
		long bytes = 0;
		for (Map.Entry<Long, Long> thread : bytes().entrySet()) {
			bytes += thread.getValue() - this.bytes0.getOrDefault(thread.getKey(), 0L);
		}
		long jit = cpuOf(Meter::isJit) - this.jit0;
		long gc = cpuOf(Meter::isGc) - this.gc0;
		return new Round(operations, elapsed, cpu - jit, gc, jit, bytes, latencies.quantile(0.5),
				latencies.quantile(0.99), 0);
	}

	/** What the calling thread has spent, in nanoseconds. */
	static long cpuOfThisThread() {
		return THREADS.getCurrentThreadCpuTime();
	}

	private static Map<Long, Long> bytes() {
		Map<Long, Long> all = new HashMap<>();
		if (TOTAL_BYTES != null) {
			try {
				all.put(0L, (Long) TOTAL_BYTES.invoke(THREADS));
				return all;
			}
			catch (ReflectiveOperationException ex) {
				throw new IllegalStateException(ex);
			}
		}
		long[] ids = THREADS.getAllThreadIds();
		long[] bytes = THREADS.getThreadAllocatedBytes(ids);
		for (int i = 0; i < ids.length; i++) {
			if (bytes[i] >= 0) {
				all.put(ids[i], bytes[i]);
			}
		}
		return all;
	}

	private static Method totalBytes() {
		try {
			return ThreadMXBean.class.getMethod("getTotalThreadAllocatedBytes");
		}
		catch (NoSuchMethodException ex) {
			return null;
		}
	}

	private static boolean isJit(String name) {
		return name.startsWith("C1 Compiler") || name.startsWith("C2 Compiler") || name.startsWith("Sweeper");
	}

	private static boolean isGc(String name) {
		return name.startsWith("GC Thread") || name.startsWith("G1 ");
	}

	/**
	 * What the threads that a process has now have spent, in nanoseconds.
	 * @throws IllegalStateException without Linux's /proc
	 */
	static long cpuOfProcess(long pid) {
		Path tasks = Path.of("/proc", Long.toString(pid), "task");
		if (!Files.isDirectory(tasks)) {
			throw new IllegalStateException("Needs Linux: there is no " + tasks);
		}
		return cpuOf(tasks, (name) -> true);
	}

	private static long cpuOf(Predicate<String> names) {
		return Files.isDirectory(TASKS) ? cpuOf(TASKS, names) : 0;
	}

	private static long cpuOf(Path all, Predicate<String> names) {
		long nanos = 0;
		try (DirectoryStream<Path> tasks = Files.newDirectoryStream(all)) {
			for (Path task : tasks) {
				nanos += cpuOfTask(task, names);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		return nanos;
	}

	private static long cpuOfTask(Path task, Predicate<String> names) throws IOException {
		try {
			if (!names.test(Files.readString(task.resolve("comm")))) {
				return 0;
			}
			String stat = Files.readString(task.resolve("schedstat"));
			return Long.parseLong(stat.substring(0, stat.indexOf(' ')));
		}
		catch (NoSuchFileException ex) {
			return 0; // Ended before its file was opened.
		}
		catch (IOException ex) {
			if (!Files.exists(task)) {
				return 0; // Ended before its file was read, which Linux tells as ESRCH.
			}
			throw ex;
		}
	}

}
