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
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link FileLimit}.
 */
class FileLimitTests {

	@Test
	void tooManyConnectionsAreRefusedBeforeAnythingStarts() {
		Settings settings = Settings.parse("--workloads=unary-async-64,same-list-10000");

		assertThatIllegalArgumentException().isThrownBy(() -> FileLimit.check(settings, 4_096))
			.withMessage("same-list-10000 needs 10,500 open files in the server's process, and the limit is 4,096:"
					+ " raise it (ulimit -n), or run --shrink=10, or fewer --arms, or other --workloads");
		assertThatCode(() -> FileLimit.check(settings, 10_500)).doesNotThrowAnyException();
	}

	@Test
	void armsSideBySideAddUp() {
		String workload = "--workloads=replace-one-1000";

		assertThatIllegalArgumentException().isThrownBy(() -> FileLimit.check(Settings.parse(workload), 4_096))
			.withMessageContaining("5,500");
		assertThatCode(() -> FileLimit.check(Settings.parse(workload, "--arms=grpc-netty,clientconn"), 4_096))
			.doesNotThrowAnyException();
		assertThatCode(() -> FileLimit.check(Settings.parse(workload, "--shrink=10"), 4_096))
			.doesNotThrowAnyException();
	}

	@Test
	void limitOfThisProcessIsKnown() {
		assertThat(FileLimit.ofThisProcess()).isPositive();
	}

}
