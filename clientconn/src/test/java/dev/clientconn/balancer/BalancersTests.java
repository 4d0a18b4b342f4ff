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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Balancers}.
 */
class BalancersTests {

	@ParameterizedTest
	@CsvSource({ "round_robin, round_robin", "round-robin, round_robin", "pick_first, pick_first",
			"pick-first, pick_first" })
	void policyIsFoundByEitherSpelling(String name, String policy) {
		BalancerProvider provider = Balancers.forPolicy(name);

		assertThat(provider).isNotNull().hasToString(policy);
		assertThat(provider.policy()).isEqualTo(policy);
		assertThat(provider.newBalancer()).isNotSameAs(provider.newBalancer());
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "roundrobin", "ROUND_ROBIN", "grpclb" })
	void unknownPolicyIsNull(String name) {
		assertThat(Balancers.forPolicy(name)).isNull();
	}

	@Test
	void namesAreAllKnown() {
		assertThat(Balancers.names()).containsExactly("pick_first", "round_robin")
			.allSatisfy((name) -> assertThat(Balancers.forPolicy(name)).isNotNull());
	}

}
