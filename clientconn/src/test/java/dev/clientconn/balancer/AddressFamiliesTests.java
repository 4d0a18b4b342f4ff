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

package dev.clientconn.balancer;

import java.util.Arrays;

import dev.clientconn.naming.Address;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AddressFamilies}.
 */
class AddressFamiliesTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', emptyValue = "", textBlock = """
			1.1.1.1:1                                 | 1.1.1.1:1
			[::1]:1 [::2]:1 1.1.1.1:1 1.1.1.2:1       | [::1]:1 1.1.1.1:1 [::2]:1 1.1.1.2:1
			1.1.1.1:1 1.1.1.2:1 [::1]:1               | 1.1.1.1:1 [::1]:1 1.1.1.2:1
			1.1.1.1:1 1.1.1.2:1 1.1.1.3:1 [::1]:1     | 1.1.1.1:1 [::1]:1 1.1.1.2:1 1.1.1.3:1
			b:1 a:1 c:1                               | b:1 a:1 c:1
			unix:/1.2 a:1 1.1.1.1:1 4.example:1       | unix:/1.2 1.1.1.1:1 a:1 4.example:1
			""")
	void familiesTakeTurns(String list, String expected) {
		assertThat(AddressFamilies.interleave(Arrays.stream(list.split(" ")).map(Address::of).toList()))
			.extracting(Address::addr)
			.containsExactly(expected.split(" "));
	}

}
