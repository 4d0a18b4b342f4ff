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

package dev.clientconn.benchmarks.tail;

import java.util.List;
import java.util.Map;

import dev.clientconn.benchmarks.tail.LateTail.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The measurement of late replies runs, and our hedges go where they may. How late is not
 * for a test to say.
 */
class LateTailTests {

	@Test
	@Timeout(180)
	void eachChannelHasARowAndNoHedgeOfOursMeetsTheSameServer() throws Exception {
		List<Row> rows = LateTail.run(Map.of("--base-millis", "2", "--per-second", "300", "--warmup-seconds", "1",
				"--seconds", "1", "--late", Lateness.ALL_SERVERS_MORE_LOAD.id()));

		assertThat(rows).hasSize(Hedger.values().length);
		assertThat(rows).allSatisfy((row) -> assertThat(row.requests()).isGreaterThanOrEqualTo(row.calls()));
		assertThat(rows).filteredOn((row) -> row.hedger() != Hedger.GRPC_NETTY_FIXED)
			.extracting(Row::sameServer)
			.containsOnly(0L);
		assertThat(rows).filteredOn((row) -> row.hedger() == Hedger.CLIENTCONN)
			.allSatisfy((row) -> assertThat(row.requests()).isEqualTo(row.calls()));
		// Two seconds are known when the second one is measured.
		assertThat(rows).filteredOn((row) -> row.hedger() == Hedger.CLIENTCONN_ADAPTIVE)
			.allSatisfy((row) -> assertThat(row.requests() - row.calls())
				.isLessThanOrEqualTo((long) (2 * row.calls() * row.lateness().maxExtraLoad)));
	}

}
