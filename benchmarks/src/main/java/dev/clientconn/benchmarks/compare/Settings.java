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

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What to compare, and for how long.
 *
 * @param arms in the order of the table
 * @param workloads in the order of the table
 * @param rounds of each arm and workload
 * @param roundMillis how long a round starts operations
 * @param warmupMillis how long each arm runs each workload before the rounds
 * @param jvmOptions for every client
 * @param profiles where each client leaves a JFR recording, or null
 */
record Settings(List<Arm> arms, List<WorkloadType> workloads, int rounds, long roundMillis, long warmupMillis,
		List<String> jvmOptions, Path profiles) {

	static final String USAGE = """
			--arms=a,b            of %s
			--workloads=a,b       of %s
			--rounds=9            of each arm and workload, interleaved
			--round-millis=1500
			--warmup-millis=6000  of each arm and workload
			--jvm=-Xmx1g          an option for every client's JVM, may be repeated
			--profile=directory   leave a JFR recording per arm, and print its top frames
			--smoke               does it run? The figures mean nothing
			""".formatted(Stream.of(Arm.values()).map(Arm::id).toList(),
			Stream.of(WorkloadType.values()).map(WorkloadType::id).toList());

	static Settings parse(String... args) {
		List<Arm> arms = List.of(Arm.values());
		List<WorkloadType> workloads = List.of(WorkloadType.values());
		int rounds = 9;
		long roundMillis = 1500;
		long warmupMillis = 6000;
		Path profiles = null;
		List<String> jvm = new ArrayList<>(List.of("-Xms512m", "-Xmx512m", "-XX:-UseDynamicNumberOfCompilerThreads"));
		for (String arg : args) {
			String value = arg.substring(arg.indexOf('=') + 1);
			switch (arg.substring(0, arg.length() - ((arg.indexOf('=') < 0) ? 0 : value.length() + 1))) {
				case "--arms" -> arms = Arrays.stream(value.split(",")).map(Arm::of).toList();
				case "--workloads" -> workloads = Arrays.stream(value.split(",")).map(WorkloadType::of).toList();
				case "--rounds" -> rounds = Integer.parseInt(value);
				case "--round-millis" -> roundMillis = Long.parseLong(value);
				case "--warmup-millis" -> warmupMillis = Long.parseLong(value);
				case "--jvm" -> jvm.add(value);
				case "--profile" -> profiles = Path.of(value);
				case "--smoke" -> {
					rounds = 1;
					roundMillis = 200;
					warmupMillis = 0;
					jvm = new ArrayList<>(List.of("-Xmx128m", "-XX:TieredStopAtLevel=1"));
				}
				default -> throw new IllegalArgumentException("Unknown option " + arg + "\n" + USAGE);
			}
		}
		return new Settings(arms, workloads, rounds, roundMillis, warmupMillis, List.copyOf(jvm), profiles);
	}

	/** The options of one arm's JVM. */
	List<String> jvmOptions(Arm arm) {
		List<String> options = new ArrayList<>(this.jvmOptions);
		options.addAll(arm.jvmOptions());
		if (this.profiles != null) {
			options.add("-XX:+UnlockDiagnosticVMOptions");
			options.add("-XX:+DebugNonSafepoints");
			options.add("-XX:StartFlightRecording=settings=profile,filename=" + recording(arm));
		}
		return options;
	}

	Path recording(Arm arm) {
		return this.profiles.resolve(arm.id() + ".jfr");
	}

}
