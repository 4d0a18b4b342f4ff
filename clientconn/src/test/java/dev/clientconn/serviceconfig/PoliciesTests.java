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

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

/**
 * Tests for {@link RetryPolicy}, {@link HedgingPolicy} and {@link RetryThrottling}: the
 * rules of gRFC A6.
 */
class PoliciesTests {

	private static final Map<String, Object> RETRY = Map.of("maxAttempts", 4, "initialBackoff", "0.1s", "maxBackoff",
			"1s", "backoffMultiplier", 2, "retryableStatusCodes", List.of("UNAVAILABLE"));

	private static final Map<String, Object> HEDGING = Map.of("maxAttempts", 3);

	private static final Map<String, Object> THROTTLING = Map.of("maxTokens", 10, "tokenRatio", 0.1);

	@Test
	void retryPolicy() {
		assertThat(retry(RETRY)).isEqualTo(new RetryPolicy(4, Duration.ofMillis(100), Duration.ofSeconds(1), 2,
				Set.of(Status.Code.UNAVAILABLE), null));
		assertThat(retry(with(RETRY, "perAttemptRecvTimeout", "0.000000001s")).perAttemptRecvTimeout()).hasNanos(1);
	}

	@Test
	void hedgingPolicy() {
		assertThat(hedging(HEDGING)).isEqualTo(new HedgingPolicy(3, Duration.ZERO, Set.of()));
		assertThat(hedging(
				Map.of("maxAttempts", 2, "hedgingDelay", "0.5s", "nonFatalStatusCodes", List.of("INTERNAL", 14))))
			.isEqualTo(new HedgingPolicy(2, Duration.ofMillis(500),
					Set.of(Status.Code.INTERNAL, Status.Code.UNAVAILABLE)));
		assertThat(hedging(with(HEDGING, "hedgingDelay", "0s")).hedgingDelay()).isZero();
	}

	@Test
	void retryThrottling() {
		assertThat(throttling(THROTTLING)).isEqualTo(new RetryThrottling(10, 0.1));
		assertThat(throttling(Map.of("maxTokens", "1000", "tokenRatio", "0.5")))
			.isEqualTo(new RetryThrottling(1000, 0.5));
		assertThat(throttling(with(THROTTLING, "maxTokens", 0.001)).maxTokens()).isEqualTo(0.001);
	}

	@Test
	void decimalsBeyondTheThirdAreCutOff() {
		assertThat(throttling(with(THROTTLING, "tokenRatio", 0.1239)).tokenRatio()).isEqualTo(0.123);
		assertThat(throttling(with(THROTTLING, "tokenRatio", 1.9999)).tokenRatio()).isEqualTo(1.999);
		assertThat(throttling(with(THROTTLING, "tokenRatio", 0.001)).tokenRatio()).isEqualTo(0.001);
	}

	@Test
	void numbersInEveryFormOfJsonParsers() {
		for (Object four : List.of(4, 4L, 4.0, "4", "4.0", new BigDecimal("4.00"))) {
			assertThat(retry(with(RETRY, "maxAttempts", four)).maxAttempts()).isEqualTo(4);
		}
		for (Object half : List.of(0.5, 0.5f, "0.5", new BigDecimal("0.50"))) {
			assertThat(retry(with(RETRY, "backoffMultiplier", half)).backoffMultiplier()).isEqualTo(0.5);
		}
	}

	@Test
	void statusCodesByNumberAndByNameInAnyCase() {
		RetryPolicy policy = retry(with(RETRY, "retryableStatusCodes",
				List.of(1, 2.0, "3", "deadline_exceeded", "Not_Found", "UNAVAILABLE", 14, 16)));

		assertThat(policy.retryableStatusCodes()).containsExactlyInAnyOrder(Status.Code.CANCELLED, Status.Code.UNKNOWN,
				Status.Code.INVALID_ARGUMENT, Status.Code.DEADLINE_EXCEEDED, Status.Code.NOT_FOUND,
				Status.Code.UNAVAILABLE, Status.Code.UNAUTHENTICATED);
	}

	@Test
	void manyAttemptsAreReadAsTheyAre() {
		assertThat(retry(with(RETRY, "maxAttempts", 100)).maxAttempts()).isEqualTo(100);
	}

	@ParameterizedTest
	@MethodSource
	void wrongRetryPolicy(String field, @Nullable Object value, String message) {
		assertInvalidMethod("retryPolicy", with(RETRY, field, value), field, message);
	}

	static Stream<Arguments> wrongRetryPolicy() {
		String attempts = " (expected: a whole number of at least 2)";
		String duration = " (expected: a duration above \"0s\")";
		String form = " (expected: a duration such as \"1.5s\")";
		String number = " (expected: a number above 0)";
		String code = " (expected: a status code such as UNAVAILABLE, or its number from 0 to 16)";
		return Stream.of(arguments("maxAttempts", null, "missing" + attempts),
				arguments("maxAttempts", 1, "1" + attempts), arguments("maxAttempts", -1, "-1" + attempts),
				arguments("maxAttempts", "-1", "\"-1\"" + attempts), arguments("maxAttempts", 2.5, "2.5" + attempts),
				arguments("maxAttempts", true, "true" + attempts),
				arguments("maxAttempts", "many", "\"many\"" + attempts),
				arguments("initialBackoff", null, "missing" + duration),
				arguments("initialBackoff", "0s", "\"0s\"" + duration),
				arguments("initialBackoff", "-1s", "\"-1s\"" + duration),
				arguments("initialBackoff", "0.0000000001s", "\"0.0000000001s\"" + form),
				arguments("initialBackoff", 1, "1" + form), arguments("maxBackoff", null, "missing" + duration),
				arguments("maxBackoff", "0.000s", "\"0.000s\"" + duration),
				arguments("maxBackoff", "-1", "\"-1\"" + form),
				arguments("backoffMultiplier", null, "missing" + number),
				arguments("backoffMultiplier", 0, "0" + number), arguments("backoffMultiplier", -2, "-2" + number),
				arguments("backoffMultiplier", "x", "\"x\"" + number),
				arguments("backoffMultiplier", Double.NaN, "NaN" + number),
				arguments("backoffMultiplier", "Infinity", "\"Infinity\"" + number),
				arguments("retryableStatusCodes", null, "missing (expected: at least one status code)"),
				arguments("retryableStatusCodes", List.of(), "[] (expected: at least one status code)"),
				arguments("retryableStatusCodes", "UNAVAILABLE", "\"UNAVAILABLE\" (expected: a list)"),
				arguments("retryableStatusCodes[0]", List.of("OK"), "\"OK\" (expected: the code of a failure)"),
				arguments("retryableStatusCodes[1]", List.of(14, 0), "0 (expected: the code of a failure)"),
				arguments("retryableStatusCodes[0]", List.of(17), "17" + code),
				arguments("retryableStatusCodes[0]", List.of(-1), "-1" + code),
				arguments("retryableStatusCodes[0]", List.of(14.5), "14.5" + code),
				arguments("retryableStatusCodes[0]", List.of("UNAVAILABEL"), "\"UNAVAILABEL\"" + code),
				arguments("retryableStatusCodes[0]", List.of(""), "\"\"" + code),
				arguments("retryableStatusCodes[0]", List.of(Map.of()), "{}" + code),
				arguments("retryableStatusCodes[0]", Collections.singletonList(null), "missing (expected: a value)"),
				arguments("perAttemptRecvTimeout", "0s", "\"0s\"" + duration));
	}

	@ParameterizedTest
	@MethodSource
	void wrongHedgingPolicy(String field, @Nullable Object value, String message) {
		assertInvalidMethod("hedgingPolicy", with(HEDGING, field, value), field, message);
	}

	static Stream<Arguments> wrongHedgingPolicy() {
		return Stream.of(arguments("maxAttempts", null, "missing (expected: a whole number of at least 2)"),
				arguments("maxAttempts", "1", "\"1\" (expected: a whole number of at least 2)"),
				arguments("hedgingDelay", "-0.001s", "\"-0.001s\" (expected: a duration of at least \"0s\")"),
				arguments("hedgingDelay", "soon", "\"soon\" (expected: a duration such as \"1.5s\")"),
				arguments("nonFatalStatusCodes[0]", List.of("ok"), "\"ok\" (expected: the code of a failure)"));
	}

	@ParameterizedTest
	@MethodSource
	void wrongRetryThrottling(String field, @Nullable Object value, String message) {
		assertInvalid(Map.of("retryThrottling", with(THROTTLING, field, value)), "retryThrottling." + field, message);
	}

	static Stream<Arguments> wrongRetryThrottling() {
		String number = " (expected: a number above 0)";
		return Stream.of(arguments("maxTokens", null, "missing" + number), arguments("maxTokens", 0, "0" + number),
				arguments("maxTokens", -1.5, "-1.5" + number),
				arguments("maxTokens", 1000.001, "1000.001 (expected: a number above 0 and up to 1000)"),
				arguments("tokenRatio", null, "missing" + number), arguments("tokenRatio", "0", "\"0\"" + number),
				arguments("tokenRatio", 0.0009, "9.0E-4 (expected: a number of at least 0.001)"));
	}

	@Test
	void retriesAndHedgesExcludeEachOther() {
		assertInvalid(method(Map.of("retryPolicy", RETRY, "hedgingPolicy", HEDGING)), "methodConfig[0].hedgingPolicy",
				"{maxAttempts=3} (expected: either a retryPolicy or a hedgingPolicy)");
	}

	@Test
	void policiesMustBeObjects() {
		assertInvalid(method(Map.of("retryPolicy", "none")), "methodConfig[0].retryPolicy",
				"\"none\" (expected: an object)");
		assertInvalid(method(Map.of("hedgingPolicy", List.of())), "methodConfig[0].hedgingPolicy",
				"[] (expected: an object)");
		assertInvalid(Map.of("retryThrottling", 10), "retryThrottling", "10 (expected: an object)");
	}

	@Test
	void policiesWithoutANameAreCheckedToo() {
		assertInvalid(Map.of("methodConfig", List.of(Map.of("retryPolicy", Map.of()))),
				"methodConfig[0].retryPolicy.retryableStatusCodes", "missing (expected: at least one status code)");
	}

	@Test
	void healthAndConnections() {
		ServiceConfig config = ServiceConfig.fromMap(Map.of("healthCheckConfig", Map.of("serviceName", "shop"),
				"connectionScaling", Map.of("maxConnectionsPerSubchannel", "3")));

		assertThat(config.healthCheckServiceName()).isEqualTo("shop");
		assertThat(config.maxConnectionsPerAddress()).isEqualTo(3);
		assertThat(
				ServiceConfig.fromMap(Map.of("healthCheckConfig", Map.of("serviceName", ""))).healthCheckServiceName())
			.isEmpty();
		assertThat(ServiceConfig.fromMap(Map.of("healthCheckConfig", Map.of())).healthCheckServiceName()).isNull();
		assertThat(ServiceConfig.fromMap(Map.of("connectionScaling", Map.of())).maxConnectionsPerAddress()).isNull();
	}

	@Test
	void wrongHealthAndConnections() {
		assertInvalid(Map.of("healthCheckConfig", Map.of("serviceName", 1)), "healthCheckConfig.serviceName",
				"1 (expected: a string)");
		assertInvalid(Map.of("connectionScaling", Map.of("maxConnectionsPerSubchannel", 0)),
				"connectionScaling.maxConnectionsPerSubchannel", "0 (expected: a whole number of at least 1)");
	}

	@Test
	void differencesOfPoliciesAreDifferencesOfConfigs() {
		ServiceConfig config = ServiceConfig.fromMap(method(Map.of("retryPolicy", RETRY)));

		assertThat(config)
			.isEqualTo(ServiceConfig.fromMap(method(Map.of("retryPolicy", with(RETRY, "maxAttempts", "4")))))
			.isNotEqualTo(ServiceConfig.fromMap(method(Map.of("retryPolicy", with(RETRY, "maxAttempts", 5)))));
		assertThat(ServiceConfig.fromMap(Map.of("retryThrottling", THROTTLING))).isNotEqualTo(ServiceConfig.empty());
	}

	private static RetryPolicy retry(Map<String, Object> policy) {
		return Objects.requireNonNull(
				ServiceConfig.fromMap(method(Map.of("retryPolicy", policy))).forMethod("s/m").retryPolicy());
	}

	private static HedgingPolicy hedging(Map<String, Object> policy) {
		return Objects.requireNonNull(
				ServiceConfig.fromMap(method(Map.of("hedgingPolicy", policy))).forMethod("s/m").hedgingPolicy());
	}

	private static RetryThrottling throttling(Map<String, Object> throttling) {
		return Objects.requireNonNull(ServiceConfig.fromMap(Map.of("retryThrottling", throttling)).retryThrottling());
	}

	private static void assertInvalidMethod(String policy, Map<String, Object> fields, String field, String message) {
		assertInvalid(method(Map.of(policy, fields)), "methodConfig[0]." + policy + "." + field, message);
	}

	private static void assertInvalid(Map<String, ?> json, String path, String message) {
		assertThatExceptionOfType(ServiceConfigException.class).isThrownBy(() -> ServiceConfig.fromMap(json))
			.withMessage(path + ": " + message)
			.satisfies((ex) -> assertThat(ex.path()).isEqualTo(path));
	}

	private static Map<String, Object> method(Map<String, Object> settings) {
		return Map.of("methodConfig", List.of(with(settings, "name", List.of(Map.of()))));
	}

	/** Without an index, as the element of a list is what is wrong then. */
	private static Map<String, Object> with(Map<String, Object> fields, String field, @Nullable Object value) {
		Map<String, Object> changed = new HashMap<>(fields);
		changed.put(field.replaceAll("\\[.*", ""), value);
		return changed;
	}

}
