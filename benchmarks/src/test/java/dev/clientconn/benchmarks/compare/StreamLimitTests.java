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
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * It runs. How fast is not for a test to say.
 */
class StreamLimitTests {

	@Test
	@Timeout(120)
	void smokeRunHasARowPerChannel() throws Exception {
		try (StreamLimit limit = StreamLimit.start()) {
			limit.run(1, 200);
			assertThat(limit.report().lines()).hasSize(7)
				.anyMatch((row) -> row.startsWith("| grpc-netty | "))
				.anyMatch((row) -> row.startsWith("| clientconn, 8 | "));
		}
	}

}
