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

package dev.clientconn.transport;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class KeepaliveParamsTests {

	private static final KeepaliveParams FIVE_MINUTES = KeepaliveParams.ofTime(Duration.ofMinutes(5));

	@Test
	void defaultsAreThoseOfA8() {
		assertThat(FIVE_MINUTES).isEqualTo(new KeepaliveParams(Duration.ofMinutes(5), Duration.ofSeconds(20), false));
	}

	@Test
	void oneValueIsReplacedAtATime() {
		assertThat(
				FIVE_MINUTES.withTime(Duration.ofMinutes(6)).withTimeout(Duration.ofSeconds(3)).withWithoutCalls(true))
			.isEqualTo(new KeepaliveParams(Duration.ofMinutes(6), Duration.ofSeconds(3), true));
	}

	@Test
	void timeIsRefusedNotClamped() {
		assertThatIllegalArgumentException().isThrownBy(() -> KeepaliveParams.ofTime(Duration.ofMillis(9_999)))
			.withMessage("keepalive time: PT9.999S (expected: 10 s to 365 days)");
		assertThatIllegalArgumentException().isThrownBy(() -> KeepaliveParams.ofTime(Duration.ofDays(366)))
			.withMessageContaining("expected: 10 s to 365 days");
		assertThat(KeepaliveParams.ofTime(KeepaliveParams.MIN_TIME).time()).isEqualTo(Duration.ofSeconds(10));
	}

	@Test
	void timeoutIsRefusedNotClamped() {
		assertThatIllegalArgumentException().isThrownBy(() -> FIVE_MINUTES.withTimeout(Duration.ofMillis(9)))
			.withMessage("keepalive timeout: PT0.009S (expected: 10 ms to 1 day)");
		assertThatIllegalArgumentException().isThrownBy(() -> FIVE_MINUTES.withTimeout(Duration.ofDays(2)))
			.withMessageContaining("expected: 10 ms to 1 day");
	}

}
