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

package dev.clientconn.naming;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Address}.
 */
class AddressTests {

	@Test
	void weightIsOneUnlessTheMetadataSay() {
		assertThat(Address.of("a:1").weight()).isEqualTo(1);
	}

	@ParameterizedTest
	@CsvSource({ "3, 3", "0.25, 0.25", "' 2 ', 2", "0, 1", "-1, 1", "NaN, 1", "Infinity, 1", "heavy, 1", "'', 1" })
	void weightIsTheNumberInTheMetadata(String text, double weight) {
		assertThat(Address.of("a:1").withMetadata(Map.of(Address.WEIGHT, text)).weight()).isEqualTo(weight);
	}

}
