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

package dev.clientconn.serviceconfig;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link BalancerChoices}: the rules of gRFC A24.
 */
class BalancerChoicesTests {

	private static final Known KNOWN = new Known(Set.of("a", "b"));

	@Test
	void theFirstKnownOneCounts() {
		assertThat(
				list(Map.of("new", Map.of("x", 1)), Map.of("b", Map.of("x", 2)), Map.of("a", Map.of())).balancer(KNOWN))
			.isEqualTo("b{x=2}");
	}

	@Test
	void settingsOfUnknownOnesAreNotLookedAt() {
		ServiceConfig config = list(Map.of("a", Map.of()), Map.of("b", Map.of("broken", true)));

		assertThat(config.balancer(KNOWN)).isEqualTo("a{}");
	}

	@Test
	void aKnownOneThatRefusesItsSettingsMakesTheConfigInvalid() {
		ServiceConfig config = list(Map.of("b", Map.of("broken", true)), Map.of("a", Map.of()));

		assertThatExceptionOfType(ServiceConfigException.class).isThrownBy(() -> config.balancer(KNOWN))
			.withMessage("loadBalancingConfig[0].b: {broken=true} (broken: not with me)")
			.satisfies((ex) -> assertThat(ex.path()).isEqualTo("loadBalancingConfig[0].b"));
	}

	@Test
	void noKnownOneMakesTheConfigInvalid() {
		assertThatExceptionOfType(ServiceConfigException.class)
			.isThrownBy(() -> list(Map.of("x", Map.of()), Map.of("y", Map.of())).balancer(KNOWN))
			.withMessage("loadBalancingConfig: x, y (expected: one of [a, b], which this client knows)");
	}

	@Test
	void theOldNameCountsWhereThereIsNoList() {
		assertThat(ServiceConfig.fromMap(Map.of("loadBalancingPolicy", "A")).balancer(KNOWN)).isEqualTo("a{}");
		assertThat(ServiceConfig.fromMap(Map.of("loadBalancingPolicy", "A", "loadBalancingConfig", List.of()))
			.balancer(KNOWN)).isEqualTo("a{}");
		assertThat(ServiceConfig
			.fromMap(Map.of("loadBalancingPolicy", "A", "loadBalancingConfig", List.of(Map.of("b", Map.of()))))
			.balancer(KNOWN)).isEqualTo("b{}");
	}

	@Test
	void theOldNameDoesNotHelpAListOfUnknownOnes() {
		ServiceConfig config = ServiceConfig
			.fromMap(Map.of("loadBalancingPolicy", "A", "loadBalancingConfig", List.of(Map.of("x", Map.of()))));

		assertThatExceptionOfType(ServiceConfigException.class).isThrownBy(() -> config.balancer(KNOWN))
			.withMessageStartingWith("loadBalancingConfig: x (");
	}

	@Test
	void anUnknownOldNameMakesTheConfigInvalid() {
		assertThatExceptionOfType(ServiceConfigException.class)
			.isThrownBy(() -> ServiceConfig.fromMap(Map.of("loadBalancingPolicy", "GRPCLB")).balancer(KNOWN))
			.withMessage("loadBalancingPolicy: grpclb (expected: one of [a, b], which this client knows)");
	}

	@Test
	void noWish() {
		assertThat(ServiceConfig.empty().balancer(KNOWN)).isNull();
		assertThat(list().balancer(KNOWN)).isNull();
		assertThat(ServiceConfig.fromMap(Map.of("loadBalancingPolicy", "")).balancer(KNOWN)).isNull();
	}

	@Test
	void settingsAreACopyAndPartOfEquality() {
		List<Object> weights = new ArrayList<>(List.of(1, 2));
		ServiceConfig config = list(
				Map.of("a", Map.of("weights", weights, "deep", Collections.singletonMap("x", null))));

		weights.clear();

		assertThat(config.balancer(KNOWN)).contains("weights=[1, 2]", "deep={}");
		assertThat(config).isEqualTo(list(Map.of("a", Map.of("deep", Map.of(), "weights", List.of(1, 2)))))
			.isNotEqualTo(list(Map.of("a", Map.of())));
	}

	@SafeVarargs
	private static ServiceConfig list(Map<String, Object>... choices) {
		return ServiceConfig.fromMap(Map.of("loadBalancingConfig", List.of(choices)));
	}

	/** Knows policies by name; one that is told "broken" refuses. */
	private record Known(Set<String> policies) implements BalancerLookup<String> {

		@Override
		public @Nullable String find(String policy, Map<String, Object> settings) {
			if (settings.containsKey("broken")) {
				throw new IllegalArgumentException("broken: not with me");
			}
			return this.policies.contains(policy) ? policy + settings : null;
		}

		@Override
		public Set<String> names() {
			return new TreeSet<>(this.policies);
		}

	}

}
