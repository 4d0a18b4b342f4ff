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
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What to compare, and for how long.
 *
 * @param arms in the order of the table
 * @param workloads in the order of the table
 * @param forks how often each workload is measured with new processes; 0 measures all of
 * them once, in the same processes
 * @param rounds of each arm, workload and fork
 * @param roundMillis how long a round starts operations
 * @param warmupMillis how long each arm runs each workload before the rounds of a fork
 * @param shrink by what the numbers of addresses and channels are divided
 * @param jvmOptions for every client
 * @param profiles where clients leave a JFR recording of each workload's rounds, or null
 */
record Settings(List<Arm> arms, List<WorkloadType> workloads, int forks, int rounds, long roundMillis,
		long warmupMillis, int shrink, List<String> jvmOptions, Path profiles) {

	/**
	 * Has the kernel give all memory at the start. Otherwise who allocates little still
	 * touches new pages when it is measured, and who allocates much has done so while it
	 * warmed up.
	 */
	static final String TOUCHED_HEAP = "-XX:+AlwaysPreTouch";

	/**
	 * All options, and their values unless given. A heap that is the same on every
	 * machine; JIT threads that stay.
	 */
	private static final Map<String, String> DEFAULTS = Map.of("--arms",
			Stream.of(Arm.values()).map(Arm::id).collect(Collectors.joining(",")), "--workloads",
			Stream.of(WorkloadType.values()).map(WorkloadType::id).collect(Collectors.joining(",")), "--forks", "3",
			"--rounds", "3", "--round-millis", "1500", "--warmup-millis", "6000", "--shrink", "1", "--jvm",
			"-Xms512m -Xmx512m " + TOUCHED_HEAP + " -XX:-UseDynamicNumberOfCompilerThreads", "--profile", "", "--smoke",
			"");

	private static final Map<String, String> SMOKE = Map.of("--forks", "0", "--rounds", "1", "--round-millis", "40",
			"--warmup-millis", "0", "--shrink", "200", "--jvm", "-Xmx128m -XX:TieredStopAtLevel=1");

	static String usage() {
		StringBuilder usage = new StringBuilder();
		new TreeMap<>(DEFAULTS).forEach((name, value) -> usage.append(name).append('=').append(value).append('\n'));
		return usage
				+ "--forks: how often each workload gets new processes, for one JVM differs from the next; 0 runs\n"
				+ "  all workloads in the same ones, with what the JIT has compiled for those before\n"
				+ "--jvm: options of every client's JVM, apart by spaces\n"
				+ "--profile: a directory for a recording of each client and workload, of the last fork, whose\n"
				+ "  summary is printed\n" + "--rounds: of each fork\n"
				+ "--shrink: divides the numbers of addresses and channels of the workloads that have many\n"
				+ "--smoke: does it run? The figures mean nothing\n";
	}

	static Settings parse(String... args) {
		Map<String, String> options = new TreeMap<>(DEFAULTS);
		if (List.of(args).contains("--smoke")) {
			options.putAll(SMOKE);
		}
		for (String arg : args) {
			String[] option = arg.split("=", 2);
			if (!DEFAULTS.containsKey(option[0])) {
				throw new IllegalArgumentException("Unknown option " + option[0] + ", only\n" + usage());
			}
			options.put(option[0], (option.length > 1) ? option[1] : "");
		}
		String profiles = options.get("--profile");
		return new Settings(Arrays.stream(options.get("--arms").split(",")).map(Arm::of).toList(),
				Arrays.stream(options.get("--workloads").split(",")).map(WorkloadType::of).toList(),
				number(options, "--forks", 0), number(options, "--rounds", 1), number(options, "--round-millis", 0),
				number(options, "--warmup-millis", 0), number(options, "--shrink", 1),
				List.of(options.get("--jvm").split(" ")), profiles.isEmpty() ? null : Path.of(profiles));
	}

	private static int number(Map<String, String> options, String name, int min) {
		String value = options.get(name);
		try {
			int number = Integer.parseInt(value);
			if (number >= min) {
				return number;
			}
		}
		catch (NumberFormatException ex) {
			// Told below.
		}
		throw new IllegalArgumentException(name + " is a whole number of " + min + " or more, not " + value);
	}

	/** The options of one arm's JVM. */
	List<String> jvmOptions(Arm arm) {
		List<String> options = new ArrayList<>(this.jvmOptions);
		options.addAll(arm.jvmOptions());
		if (this.profiles != null) {
			options.add("-XX:+UnlockDiagnosticVMOptions");
			options.add("-XX:+DebugNonSafepoints");
		}
		return options;
	}

	Path recording(WorkloadType workload, Arm arm) {
		return this.profiles.resolve(workload.id() + "-" + arm.id() + ".jfr");
	}

}
