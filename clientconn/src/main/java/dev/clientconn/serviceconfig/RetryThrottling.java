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
import java.math.RoundingMode;

import org.jspecify.annotations.Nullable;

/**
 * Stops retries and hedges while too many attempts fail (gRFC A6): tokens are taken by
 * failures and given back by successes, and more than half of them must be there.
 *
 * @param maxTokens tokens at the start and at most; above 0 up to 1000
 * @param tokenRatio tokens that a success gives back; positive, in thousandths
 */
public record RetryThrottling(double maxTokens, double tokenRatio) {

	private static final int MAX_TOKENS = 1000;

	private static final int DECIMALS = 3;

	static @Nullable RetryThrottling read(JsonValue throttling) {
		if (throttling.isAbsent()) {
			return null;
		}
		JsonValue max = throttling.field("maxTokens");
		double maxTokens = max.positiveNumber();
		if (maxTokens > MAX_TOKENS) {
			throw max.expected("a number above 0 and up to " + MAX_TOKENS);
		}
		JsonValue ratio = throttling.field("tokenRatio");
		// Like the other implementations: digits beyond the third are cut off.
		double tokenRatio = BigDecimal.valueOf(ratio.positiveNumber())
			.setScale(DECIMALS, RoundingMode.DOWN)
			.doubleValue();
		if (tokenRatio == 0) {
			throw ratio.expected("a number of at least 0.001");
		}
		return new RetryThrottling(maxTokens, tokenRatio);
	}

}
