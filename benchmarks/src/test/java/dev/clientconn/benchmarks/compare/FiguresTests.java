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

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * The arithmetic of the comparison.
 */
class FiguresTests {

	@Test
	void quantileIsWithinABucketOfTheValue() {
		Latencies latencies = new Latencies();
		for (int micros = 1; micros <= 1000; micros++) {
			latencies.record(micros * 1000L);
		}
		assertThat(latencies.quantile(0.5)).isCloseTo(500_000, within(500_000 / 32.0));
		assertThat(latencies.quantile(0.99)).isCloseTo(990_000, within(990_000 / 32.0));
	}

	@Test
	void nothingRecordedIsZero() {
		assertThat(new Latencies().quantile(0.5)).isZero();
	}

	@Test
	void mediansAreBetweenTheNearest() {
		assertThat(Results.median(4, 1, 3, 2)).isEqualTo(2.5);
		assertThat(Results.quantile(new double[] { 1, 2, 3, 4, 5 }, 0.25)).isEqualTo(2);
		assertThat(Results.median()).isNaN();
	}

	@Test
	void roundSurvivesTheLineBetweenProcesses() {
		Round round = new Round(10, 2_000, 3_000, 4, 1_000, 5_000, 60, 70, 8);
		assertThat(Round.decode(round.encode())).isEqualTo(round);
		assertThat(round.cpuMicros()).isEqualTo(0.3);
		assertThat(round.jitShare()).isEqualTo(0.25);
		assertThat(round.bytesEach()).isEqualTo(500);
	}

}
