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
import java.lang.management.ManagementFactory;
import java.util.List;

/**
 * JVMs that start, dial and call once: what they have spent when the reply is there, the
 * JIT included.
 */
final class FreshJvm implements Workload {

	private static final long ANSWER_MILLIS = 60_000;

	/**
	 * The same as this JVM's, but for what few applications have and costs at the start.
	 */
	private final List<String> jvmOptions = ManagementFactory.getRuntimeMXBean()
		.getInputArguments()
		.stream()
		.filter((option) -> !option.equals(Settings.TOUCHED_HEAP))
		.toList();

	private final Dials arm;

	FreshJvm(Dials arm) {
		this.arm = arm;
	}

	@Override
	public Round round(long nanos) throws IOException, InterruptedException {
		long started = System.nanoTime();
		try (ChildProcess child = ChildProcess.start(FreshMain.class, this.jvmOptions, this.arm.arm.name(),
				this.arm.address(0))) {
			String answer = child.await(ANSWER_MILLIS);
			long elapsed = System.nanoTime() - started;
			if (!answer.equals(FreshMain.REPLIED)) {
				throw new IllegalStateException(answer);
			}
			return Round.spent(elapsed, Meter.cpuOfProcess(child.pid()));
		}
	}

	@Override
	public void close() {
		// Each JVM has ended.
	}

}
