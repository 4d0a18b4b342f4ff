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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Compares channels side by side, one workload after the other. */
public final class Compare {

	private final Settings settings;

	Compare(Settings settings) {
		this.settings = settings;
	}

	public static void main(String[] args) throws Exception {
		if (List.of(args).contains("--help")) {
			System.out.println(Settings.usage());
			return;
		}
		Settings settings = Settings.parse(args);
		FileLimit.check(settings, FileLimit.ofThisProcess());
		if (settings.profiles() != null) {
			Files.createDirectories(settings.profiles());
		}
		System.out.println(Report.machine() + " before");
		Results results = new Compare(settings).run();
		System.out.println(Report.machine() + " after\n");
		System.out.println(Report.ratios(results));
		System.out.println(Report.figures(results));
		System.out.println(Report.held(results));
		if (settings.profiles() != null) {
			for (WorkloadType workload : settings.workloads()) {
				for (Arm arm : settings.arms()) {
					Path recording = settings.recording(workload, arm);
					if (Files.exists(recording)) {
						System.out.println(Profile.summary(recording));
					}
				}
			}
		}
	}

	/**
	 * All workloads, one after the other, each with new processes in every fork: what one
	 * has taught the JIT is not the next one's, and no figure is that of a single JVM.
	 * @throws IllegalStateException if a process does not come up
	 */
	Results run() throws IOException, InterruptedException {
		Results results = new Results();
		if (this.settings.forks() == 0) {
			try (Contest contest = Contest.start(this.settings, this.settings.arms())) {
				for (WorkloadType workload : supported()) {
					for (List<Arm> arms : groups(workload)) {
						contest.run(workload, arms, results);
					}
				}
			}
			return results;
		}
		for (WorkloadType workload : supported()) {
			for (int fork = 0; fork < this.settings.forks(); fork++) {
				for (List<Arm> arms : groups(workload)) {
					try (Contest contest = Contest.start(this.settings, arms)) {
						contest.run(workload, arms, results);
					}
				}
			}
		}
		return results;
	}

	private List<WorkloadType> supported() {
		Map<Boolean, List<WorkloadType>> workloads = this.settings.workloads()
			.stream()
			.collect(Collectors.partitioningBy((workload) -> workload.unsupported() == null));
		workloads.get(false)
			.forEach((workload) -> System.err.println(workload.id() + ": skipped, " + workload.unsupported()));
		return workloads.get(true);
	}

	/** The arms that can run a workload: all in one group, or each in its own. */
	private List<List<Arm>> groups(WorkloadType workload) {
		List<Arm> arms = this.settings.arms().stream().filter(workload::canRun).toList();
		return workload.alone() ? arms.stream().map(List::of).toList() : List.of(arms);
	}

}
