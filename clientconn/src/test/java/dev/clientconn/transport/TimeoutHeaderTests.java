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

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link TimeoutHeader}.
 */
class TimeoutHeaderTests {

	@ParameterizedTest
	@CsvSource({ "1, 1n", "0, 1n", "-5, 1n", "99999999, 99999999n", "100000000, 100000u", "100000999, 100000u",
			"99999999999, 99999999u", "100000000000, 100000m", "100000000000000, 100000S",
			"100000000000000000, 1666666M", "9223372036854775807, 2562047H" })
	void takesTheFinestUnitThatFits(long nanos, String expected) {
		assertThat(TimeoutHeader.encode(nanos).toString()).isEqualTo(expected);
	}

}
