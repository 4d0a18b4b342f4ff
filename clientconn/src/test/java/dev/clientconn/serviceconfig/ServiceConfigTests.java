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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link ServiceConfig}.
 */
class ServiceConfigTests {

	@Test
	void methodBeatsServiceBeatsDefault() {
		ServiceConfig config = ServiceConfig.fromMap(Map.of("methodConfig",
				List.of(entry("1s", Map.of()), entry("2s", Map.of("service", "pkg.Orders")),
						entry("3s", Map.of("service", "pkg.Orders", "method", "Get"),
								Map.of("service", "pkg.Stock", "method", "Get")))));

		assertThat(config.forMethod("pkg.Orders/Get").timeout()).hasSeconds(3);
		assertThat(config.forMethod("pkg.Stock/Get").timeout()).hasSeconds(3);
		assertThat(config.forMethod("pkg.Orders/List").timeout()).hasSeconds(2);
		assertThat(config.forMethod("pkg.Stock/List").timeout()).hasSeconds(1);
		assertThat(config.forMethod("pkg.OrdersX/Get").timeout()).hasSeconds(1);
		assertThat(config.forMethod("malformed").timeout()).hasSeconds(1);
	}

	@Test
	void entriesAreNotMerged() {
		ServiceConfig config = ServiceConfig.fromMap(Map.of("methodConfig",
				List.of(entry("1s", Map.of()), Map.of("name", List.of(Map.of("service", "s")), "waitForReady", true))));

		assertThat(config.forMethod("s/m")).isEqualTo(new MethodConfig(true, null, null, null, null, null));
	}

	@Test
	void allFieldsAreRead() {
		ServiceConfig config = ServiceConfig.fromMap(Map.of("loadBalancingConfig",
				List.of(Map.of("unknown_policy", Map.of("x", 1)), Map.of("round_robin", Map.of())),
				"loadBalancingPolicy", "PICK_FIRST", "methodConfig",
				List.of(Map.of("name", List.of(Map.of("service", "s", "method", "m")), "waitForReady", false, "timeout",
						"1.5s", "maxRequestMessageBytes", 1024, "maxResponseMessageBytes", 4.0E6))));

		assertThat(config.balancerPolicies()).containsExactly("unknown_policy", "round_robin");
		assertThat(config.forMethod("s/m"))
			.isEqualTo(new MethodConfig(false, Duration.ofMillis(1500), 1024, 4_000_000, null, null));
	}

	@Test
	void nullIsAbsentAndUnknownFieldsAreIgnored() {
		Map<String, Object> json = new HashMap<>();
		json.put("methodConfig", null);
		json.put("loadBalancingPolicy", null);
		json.put("retryThrottling", null);
		json.put("healthCheckConfig", Collections.singletonMap("serviceName", null));
		json.put("futureField", List.of());

		assertThat(ServiceConfig.fromMap(json)).isEqualTo(ServiceConfig.empty());

		Map<String, Object> method = new HashMap<>();
		method.put("name", List.of(Collections.singletonMap("service", null)));
		method.put("timeout", null);
		method.put("maxRequestMessageBytes", null);
		method.put("retryPolicy", null);
		method.put("hedgingPolicy", null);
		assertThat(ServiceConfig.fromMap(Map.of("methodConfig", List.of(method))).forMethod("s/m"))
			.isEqualTo(MethodConfig.EMPTY);
	}

	@Test
	void entryWithoutNamesIsCheckedButAppliesToNothing() {
		assertThat(ServiceConfig.fromMap(Map.of("methodConfig", List.of(Map.of("timeout", "1s")))))
			.isEqualTo(ServiceConfig.empty());
		assertThatExceptionOfType(ServiceConfigException.class)
			.isThrownBy(() -> ServiceConfig.fromMap(Map.of("methodConfig", List.of(Map.of("timeout", 1)))));
	}

	@Test
	void tellsWhichEntryDecides() {
		ServiceConfig config = ServiceConfig.fromMap(Map.of("methodConfig",
				List.of(entry("2s", Map.of("service", "s")), entry("3s", Map.of("service", "s", "method", "m")))));

		assertThat(config.methods()).containsOnlyKeys("s/", "s/m");
		assertThat(config.nameFor("s/m")).isEqualTo("s/m");
		assertThat(config.nameFor("s/other")).isEqualTo("s/");
		assertThat(config.nameFor("other/m")).isNull();
		assertThat(ServiceConfig.fromMap(names(Map.of())).nameFor("other/m")).isEmpty();
	}

	@Test
	void emptyConfigSetsNothing() {
		assertThat(ServiceConfig.empty().forMethod("s/m")).isSameAs(MethodConfig.EMPTY);
		assertThat(ServiceConfig.empty().balancerPolicies()).isEmpty();
		assertThat(ServiceConfig.fromMap(Map.of())).isEqualTo(ServiceConfig.empty());
	}

	@Test
	void equalByContent() {
		Map<String, ?> json = Map.of("loadBalancingPolicy", "round_robin", "methodConfig",
				List.of(entry("1.50s", Map.of("service", "s"))));
		Map<String, ?> same = Map.of("loadBalancingConfig", List.of(Map.of("round_robin", Map.of())), "methodConfig",
				List.of(entry("1.5s", Map.of("service", "s", "method", ""))));
		Map<String, ?> other = Map.of("methodConfig", List.of(entry("2s", Map.of("service", "s"))));

		assertThat(ServiceConfig.fromMap(json)).isEqualTo(ServiceConfig.fromMap(same))
			.hasSameHashCodeAs(ServiceConfig.fromMap(same))
			.isNotEqualTo(ServiceConfig.fromMap(other))
			.isNotEqualTo(json)
			.hasToString(ServiceConfig.fromMap(same).toString());
	}

	@Test
	void laterChangesOfTheMapDoNotMatter() {
		List<Object> policies = new ArrayList<>(List.of(Map.of("round_robin", Map.of())));
		ServiceConfig config = ServiceConfig.fromMap(Map.of("loadBalancingConfig", policies));

		policies.clear();

		assertThat(config.balancerPolicies()).containsExactly("round_robin");
	}

	@ParameterizedTest
	@CsvSource({ "0s, 0, 0", "1s, 1, 0", "1.5s, 1, 500000000", "0.000000001s, 0, 1", "1.123456789s, 1, 123456789",
			"-1.5s, -2, 500000000", "315576000000s, 315576000000, 0", "-315576000000s, -315576000000, 0",
			"001s, 1, 0" })
	void durations(String text, long seconds, int nanos) {
		ServiceConfig config = ServiceConfig.fromMap(Map.of("methodConfig", List.of(entry(text, Map.of()))));

		assertThat(config.forMethod("s/m").timeout()).isEqualTo(Duration.ofSeconds(seconds, nanos));
	}

	@ParameterizedTest
	@MethodSource("sizes")
	void sizes(Object json, int size) {
		ServiceConfig config = ServiceConfig.fromMap(
				Map.of("methodConfig", List.of(Map.of("name", List.of(Map.of()), "maxRequestMessageBytes", json))));

		assertThat(config.forMethod("s/m").maxRequestMessageBytes()).isEqualTo(size);
	}

	static Stream<Arguments> sizes() {
		return Stream.of(arguments(0, 0), arguments(5L, 5), arguments(5.0, 5), arguments("5", 5),
				arguments(2147483647, Integer.MAX_VALUE), arguments("2.147483647e9", Integer.MAX_VALUE));
	}

	@ParameterizedTest
	@MethodSource
	void invalidConfigFailsWithPathValueAndExpectation(Map<String, ?> json, String path, String message) {
		assertThatExceptionOfType(ServiceConfigException.class).isThrownBy(() -> ServiceConfig.fromMap(json))
			.withMessage(path + ": " + message)
			.satisfies((ex) -> assertThat(ex.path()).isEqualTo(path));
	}

	static Stream<Arguments> invalidConfigFailsWithPathValueAndExpectation() {
		String duration = " (expected: a duration such as \"1.5s\")";
		String size = " (expected: a number of bytes from 0 to 2147483647)";
		return Stream.of(invalid("methodConfig", Map.of(), "{} (expected: a list)"),
				arguments(Map.of("methodConfig", List.of("x")), "methodConfig[0]", "\"x\" (expected: an object)"),
				arguments(Map.of("methodConfig", Collections.singletonList(null)), "methodConfig[0]",
						"missing (expected: a value)"),
				invalidMethod("timeout", "5x", "\"5x\"" + duration), invalidMethod("timeout", 5, "5" + duration),
				invalidMethod("timeout", "s", "\"s\"" + duration),
				invalidMethod("timeout", "1.s", "\"1.s\"" + duration),
				invalidMethod("timeout", ".5s", "\".5s\"" + duration),
				invalidMethod("timeout", "+1s", "\"+1s\"" + duration),
				invalidMethod("timeout", "1.0000000001s", "\"1.0000000001s\"" + duration),
				invalidMethod("timeout", "315576000000.000000001s",
						"\"315576000000.000000001s\" (expected: a duration of at most \"315576000000s\")"),
				invalidMethod("timeout", "9999999999999s", "\"9999999999999s\"" + duration),
				invalidMethod("waitForReady", "true", "\"true\" (expected: true or false)"),
				invalidMethod("maxRequestMessageBytes", -1, "-1" + size),
				invalidMethod("maxRequestMessageBytes", 1.5, "1.5" + size),
				invalidMethod("maxResponseMessageBytes", 2147483648L, "2147483648" + size),
				invalidMethod("maxResponseMessageBytes", "4MB", "\"4MB\"" + size),
				invalidMethod("maxResponseMessageBytes", Double.NaN, "NaN" + size),
				invalidMethod("maxResponseMessageBytes", "1e999999999", "\"1e999999999\"" + size),
				invalidMethod("maxResponseMessageBytes", true, "true" + size),
				arguments(names(Map.of("method", "m")), "methodConfig[0].name[0]",
						"{method=m} (expected: a service for the method)"),
				arguments(names(Map.of("service", 1)), "methodConfig[0].name[0].service", "1 (expected: a string)"),
				arguments(names(Map.of("service", "s"), Map.of("service", "s")), "methodConfig[0].name[1]",
						"{service=s} (already at methodConfig[0].name[0])"),
				arguments(names(Map.of(), Map.of("service", "")), "methodConfig[0].name[1]",
						"{service=} (already at methodConfig[0].name[0])"),
				arguments(names("s"), "methodConfig[0].name[0]", "\"s\" (expected: an object)"),
				invalid("loadBalancingPolicy", 1, "1 (expected: a string)"),
				invalid("loadBalancingConfig", "round_robin", "\"round_robin\" (expected: a list)"),
				arguments(Map.of("loadBalancingConfig", List.of(Map.of())), "loadBalancingConfig[0]",
						"{} (expected: an object with one field, such as {\"round_robin\": {}})"),
				arguments(Map.of("loadBalancingConfig", List.of(Map.of("round_robin", 1))),
						"loadBalancingConfig[0].round_robin", "1 (expected: an object)"),
				invalid("loadBalancingPolicy", Collections.nCopies(50, "x"),
						("[" + "x, ".repeat(50)).substring(0, 80) + "... (expected: a string)"));
	}

	private static Arguments invalid(String field, Object value, String message) {
		return arguments(Map.of(field, value), field, message);
	}

	private static Arguments invalidMethod(String field, Object value, String message) {
		return arguments(Map.of("methodConfig", List.of(Map.of(field, value))), "methodConfig[0]." + field, message);
	}

	private static Map<String, ?> names(Object... names) {
		return Map.of("methodConfig", List.of(Map.of("name", List.of(names))));
	}

	private static Map<String, ?> entry(String timeout, Map<?, ?>... names) {
		return Map.of("name", List.of(names), "timeout", timeout);
	}

}
