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

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The comparison runs. How fast is not for a test to say.
 */
class CompareTests {

	@Test
	@Timeout(180)
	void smokeRunHasARowPerWorkloadAndArm() throws Exception {
		Results results = new Compare(Settings.parse("--smoke")).run();
		int rows = 0;
		for (WorkloadType workload : WorkloadType.values()) {
			for (Arm arm : Arm.values()) {
				if (workload.unsupported() == null && workload.canRun(arm)) {
					rows++;
					assertThat(results.row(workload, arm).failure).as("%s of %s", workload, arm).isNull();
					assertThat(results.row(workload, arm).rounds).as("%s of %s", workload, arm)
						.singleElement()
						.satisfies((round) -> assertThat(round.operations()).isPositive());
				}
			}
		}
		assertThat(Report.figures(results).lines().count() + Report.held(results).lines().count()).isEqualTo(4 + rows);
		assertThat(Report.ratios(results).lines()).hasSizeGreaterThan(WorkloadType.values().length);
	}

	@Test
	@Timeout(180)
	void runsInNewProcessesForEachForkToo() throws Exception {
		Results results = new Compare(Settings.parse("--smoke", "--forks=2", "--arms=clientconn,h2",
				"--workloads=unary-async-64,unary-blocking-1"))
			.run();
		for (WorkloadType workload : List.of(WorkloadType.UNARY_ASYNC_64, WorkloadType.UNARY_BLOCKING_1)) {
			for (Arm arm : List.of(Arm.CLIENTCONN, Arm.H2)) {
				assertThat(results.row(workload, arm).failure).as("%s of %s", workload, arm).isNull();
				assertThat(results.row(workload, arm).rounds).as("%s of %s", workload, arm).hasSize(2);
			}
		}
	}

}
