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

package dev.clientconn;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import dev.clientconn.balancer.Balancer;
import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.balancer.Balancers;
import dev.clientconn.serviceconfig.ServiceConfigException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which balancer a service config leads to.
 */
class KnownBalancersTests {

	@Test
	void theFirstPolicyThatExists() {
		assertThat(balancer(options(Map.of("grpclb", Map.of()), Map.of("pick_first", Map.of()))).policy())
			.isEqualTo("pick_first");
	}

	@Test
	void policiesOfTheOptionsGetTheirSettings() {
		DialOptions.Builder options = options(Map.of("weighted", Map.of("slots", 7)));

		assertThat(balancer(options.balancerPolicy(new Weighted(1)))).isEqualTo(new Weighted(7));
	}

	@Test
	void aPolicyOfTheOptionsReplacesTheBuiltInOne() {
		BalancerProvider mine = new Named("round-robin");

		assertThat(balancer(options(Map.of("round_robin", Map.of())).balancerPolicy(mine))).isSameAs(mine);
	}

	@Test
	void theBalancerOfTheOptionsWins() {
		assertThat(balancer(options(Map.of("pick_first", Map.of())).balancer("round_robin")).policy())
			.isEqualTo("round_robin");
	}

	@Test
	void otherSettingsAreAnotherBalancer() {
		Dial before = Dial.prepare("static:a:1", options(weighted(1)).build());
		Dial same = Dial.prepare("static:a:1", options(weighted(1)).build());
		Dial after = Dial.prepare("static:a:1", options(weighted(2)).build());

		assertThat(DialChanges.between(before, same).isNone()).isTrue();
		assertThat(DialChanges.between(before, after).inPlace()).containsExactly("balancer", "serviceConfig");
	}

	@Test
	void withoutAKnownPolicyThereIsNoDial() {
		DialOptions options = options(Map.of("grpclb", Map.of())).build();

		assertThatExceptionOfType(ServiceConfigException.class).isThrownBy(() -> ClientConn.dial("static:a:1", options))
			.withMessage(
					"loadBalancingConfig: grpclb (expected: one of [pick_first, round_robin, weighted], which this client knows)");
	}

	@Test
	void theConfigIsCheckedAlsoWhereTheOptionsChooseTheBalancer() {
		DialOptions options = options(Map.of("weighted", Map.of("slots", -1))).balancer("pick_first").build();

		assertThatExceptionOfType(ServiceConfigException.class).isThrownBy(() -> ClientConn.dial("static:a:1", options))
			.withMessage("loadBalancingConfig[0].weighted: {slots=-1} (slots: -1 (expected: positive))");
	}

	private static Map<String, Object> weighted(int slots) {
		return Map.of("weighted", Map.of("slots", slots));
	}

	@SafeVarargs
	private static DialOptions.Builder options(Map<String, Object>... choices) {
		return DialOptions.builder()
			.insecure()
			.balancerPolicy(Weighted.NONE)
			.serviceConfig(Map.of("loadBalancingConfig", List.of(choices)));
	}

	private static BalancerProvider balancer(DialOptions.Builder options) {
		return Dial.prepare("static:a:1", options.build()).balancer;
	}

	private record Named(String policy) implements BalancerProvider {

		@Override
		public Balancer newBalancer() {
			return Objects.requireNonNull(Balancers.forPolicy("pick_first")).newBalancer();
		}

	}

	private record Weighted(int slots) implements BalancerProvider {

		private static final Weighted NONE = new Weighted(0);

		@Override
		public String policy() {
			return "weighted";
		}

		@Override
		public BalancerProvider withSettings(Map<String, Object> settings) {
			int wanted = (Integer) settings.getOrDefault("slots", 0);
			if (wanted < 0) {
				throw new IllegalArgumentException("slots: " + wanted + " (expected: positive)");
			}
			return new Weighted(wanted);
		}

		@Override
		public Balancer newBalancer() {
			return new Named(policy()).newBalancer();
		}

	}

}
