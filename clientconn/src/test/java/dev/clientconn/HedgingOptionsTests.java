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

import java.time.Duration;
import java.util.List;

import io.grpc.MethodDescriptor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link HedgingOptions} and the patterns that name its methods.
 */
class HedgingOptionsTests {

	@Test
	void methodsAreNamedOneByOneOrByService() {
		MethodPatterns patterns = MethodPatterns.of("methods", List.of("shop.Orders/Get", "shop.Stock/*"));

		assertThat(patterns.contains(method("shop.Orders/Get"))).isTrue();
		assertThat(patterns.contains(method("shop.Orders/Put"))).isFalse();
		assertThat(patterns.contains(method("shop.Stock/Put"))).isTrue();
		assertThat(patterns.contains(method("shop.StockTaking/Put"))).isFalse();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "*", "Get", "/Get", "shop.Orders", "shop.Orders/", "shop.Orders/G*", "shop.*/Get",
			"shop.Orders/Get/Now", "shop.Orders/ Get", "/*", "shop.*/*" })
	void malformedPatternIsRefused(String pattern) {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> HedgingOptions.adaptive(0.02).methods("shop.Orders/Get", pattern))
			.withMessage("hedging methods[1]: \"" + pattern
					+ "\" (expected: package.Service/Method, or package.Service/* for all its methods)");
	}

	@ParameterizedTest
	@ValueSource(doubles = { 0, -1, 0.51, Double.NaN })
	void loadOutOfRangeIsRefused(double load) {
		assertThatIllegalArgumentException().isThrownBy(() -> HedgingOptions.adaptive(load))
			.withMessage("hedging maxExtraLoad: " + load + " (expected: above 0, and up to 0.5)");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 6 })
	void attemptsOutOfRangeAreRefused(int attempts) {
		assertThatIllegalArgumentException().isThrownBy(() -> HedgingOptions.off().maxAttempts(attempts))
			.withMessage("hedging maxAttempts: " + attempts + " (expected: 2 to 5)");
	}

	@Test
	void negativeDelayIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> HedgingOptions.fixed(Duration.ofMillis(-1)))
			.withMessage("hedging delay: PT-0.001S (expected: >= 0)");
	}

	@Test
	void optionsAreComparedByValue() {
		HedgingOptions options = HedgingOptions.adaptive(0.05).maxAttempts(3).methods("a.B/C", "a.D/*");

		assertThat(options).isEqualTo(HedgingOptions.adaptive(0.05).maxAttempts(3).methods("a.D/*", "a.B/C"))
			.hasSameHashCodeAs(HedgingOptions.adaptive(0.05).maxAttempts(3).methods("a.D/*", "a.B/C"))
			.hasToString("adaptive, up to 0.05 extra, 3 attempts, idempotent methods and [a.B/C, a.D/*]");
		assertThat(List.of(HedgingOptions.adaptive(0.05), HedgingOptions.adaptive(0.06).maxAttempts(3),
				options.maxAttempts(2), options.methods("a.B/C"), HedgingOptions.off()))
			.doesNotContain(options);
	}

	private static MethodDescriptor<String, String> method(String fullName) {
		return CallRecorder.UNARY.toBuilder().setFullMethodName(fullName).build();
	}

}
