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

package dev.clientconn.spring.boot.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.env.PropertySource;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ServiceConfigTree}, through Boot's own YAML loader and binder.
 */
class ServiceConfigTreeTests {

	@Test
	void kebabCaseAndListsAndDurations() throws Exception {
		Map<String, Object> json = json("""
				config:
				  method-config:
				  - name:
				    - service: shop.Orders
				    - service: shop.Bills
				      method: Pay
				    timeout: 50ms
				    wait-for-ready: true
				    max-request-message-bytes: 1024
				    retry-policy:
				      max-attempts: 4
				      initial-backoff: PT0.005S
				      max-backoff: 1m
				      backoff-multiplier: 1.5
				      retryable-status-codes: [ UNAVAILABLE, ABORTED ]
				      per-attempt-recv-timeout: 2s
				  - name:
				    - {}
				    timeout: 2
				  retry-throttling:
				    max-tokens: 10
				    token-ratio: 0.1
				""");

		assertThat(json).containsOnlyKeys("methodConfig", "retryThrottling")
			.containsEntry("retryThrottling", Map.of("maxTokens", 10, "tokenRatio", 0.1));
		assertThat((List<?>) json.get("methodConfig")).first()
			.isEqualTo(Map.of("name",
					List.of(Map.of("service", "shop.Orders"), Map.of("service", "shop.Bills", "method", "Pay")),
					"timeout", "0.05s", "waitForReady", true, "maxRequestMessageBytes", 1024, "retryPolicy",
					Map.of("maxAttempts", 4, "initialBackoff", "0.005s", "maxBackoff", "60s", "backoffMultiplier", 1.5,
							"retryableStatusCodes", List.of("UNAVAILABLE", "ABORTED"), "perAttemptRecvTimeout", "2s")));
		assertThat((List<?>) json.get("methodConfig")).last().extracting("timeout").isEqualTo("0.002s");
	}

	@Test
	void namesOfTheJsonForm() throws Exception {
		assertThat(json("""
				config:
				  methodConfig:
				  - name: [ { service: shop.Orders } ]
				    timeout: 1.5s
				    waitForReady: "false"
				  loadBalancingPolicy: ROUND_ROBIN
				""")).isEqualTo(Map.of("methodConfig", List
			.of(Map.of("name", List.of(Map.of("service", "shop.Orders")), "timeout", "1.5s", "waitForReady", false)),
				"loadBalancingPolicy", "ROUND_ROBIN"));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			1ms       | 0.001s
			5us       | 0.000005s
			7ns       | 0.000000007s
			100       | 0.1s
			0s        | 0s
			10s       | 10s
			2h        | 7200s
			PT1M0.25S | 60.25s
			0.050s    | 0.050s
			-1s       | -1s
			""")
	void durationsAreExact(String written, String json) {
		Map<String, Object> tree = Map.of("method-config", Map.of("0", Map.of("timeout", written)));

		assertThat(ServiceConfigTree.toJson("config", tree))
			.isEqualTo(Map.of("methodConfig", List.of(Map.of("timeout", json))));
	}

	@ParameterizedTest
	@CsvSource({ "1024, 1024", "4MB, 4194304", "1KB, 1024", "-1, -1", "0B, 0" })
	void sizesHaveUnits(String written, long bytes) {
		Map<String, Object> tree = Map.of("method-config", Map.of("0", Map.of("max-response-message-bytes", written)));

		assertThat(ServiceConfigTree.toJson("config", tree))
			.isEqualTo(Map.of("methodConfig", List.of(Map.of("maxResponseMessageBytes", bytes))));
	}

	@ParameterizedTest
	@CsvSource({ "true, true", "on, true", "yes, true", "FALSE, false", "off, false", "no, false" })
	void booleans(String written, boolean value) {
		Map<String, Object> tree = Map.of("method-config", Map.of("0", Map.of("wait-for-ready", written)));

		assertThat(ServiceConfigTree.toJson("config", tree))
			.isEqualTo(Map.of("methodConfig", List.of(Map.of("waitForReady", value))));
	}

	@Test
	void whatCountsForTheWholeChannel() throws Exception {
		assertThat(json("""
				config:
				  health-check-config: { service-name: shop }
				  connection-scaling: { max-connections-per-subchannel: 3 }
				  method-config:
				  - hedging-policy: { max-attempts: 2, hedging-delay: 20ms, non-fatal-status-codes: 14 }
				""")).isEqualTo(Map.of("healthCheckConfig", Map.of("serviceName", "shop"), "connectionScaling",
				Map.of("maxConnectionsPerSubchannel", 3), "methodConfig", List.of(Map.of("hedgingPolicy",
						Map.of("maxAttempts", 2, "hedgingDelay", "0.02s", "nonFatalStatusCodes", List.of("14"))))));
	}

	@Test
	void balancingPoliciesInEveryWayOfYaml() throws Exception {
		for (String yaml : List.of("[ round_robin, pick-first ]", "[ { round_robin: }, { pick_first: } ]",
				"[ { round_robin: {} }, { pick_first: {} } ]", "round-robin, pick_first")) {
			assertThat(json("config:\n  load-balancing-config: " + yaml)).as(yaml)
				.isEqualTo(Map.of("loadBalancingConfig",
						List.of(Map.of("round_robin", Map.of()), Map.of("pick_first", Map.of()))));
		}
		assertThat(json("config: { load-balancing-config: [ { wrr: { weights: [ 1, 2 ], deep: { flag: true } } } ] }"))
			.isEqualTo(Map.of("loadBalancingConfig",
					List.of(Map.of("wrr", Map.of("weights", List.of(1, 2), "deep", Map.of("flag", true))))));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					methd-config: 1                             | config.methd-config                   | did you mean 'methodConfig'
					method-config: 1                            | config.method-config                  | should be a list
					method-config: [ { timeout: { a: 1 } } ]    | config.method-config[0].timeout       | should have a value of its own
					method-config: [ { timeout: soon } ]        | config.method-config[0].timeout       | soon
					method-config: [ { retry-policy: 3 } ]      | config.method-config[0].retry-policy  | should have properties below it
					""")
	void mistakesAreNamed(String yaml, String property, String reason) {
		assertThatExceptionOfType(ClientConnConfigurationException.class).isThrownBy(() -> json("config:\n  " + yaml))
			.withMessageStartingWith(property)
			.withMessageContaining(reason);
	}

	private static Map<String, Object> json(String yaml) throws Exception {
		List<PropertySource<?>> sources = new YamlPropertySourceLoader().load("test",
				new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8)));
		Map<String, Object> tree = new Binder(ConfigurationPropertySources.from(sources))
			.bind("config", Bindable.mapOf(String.class, Object.class))
			.orElseGet(LinkedHashMap::new);
		return ServiceConfigTree.toJson("config", tree);
	}

}
