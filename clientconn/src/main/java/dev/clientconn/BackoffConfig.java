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
import java.util.Objects;

/**
 * How long an address waits between the starts of two connection attempts (seed-spec
 * section 6): {@code min(baseDelay * multiplier^k, maxDelay)}, spread by the jitter after
 * the cap, where {@code k} counts failed attempts in a row.
 *
 * @param baseDelay delay after the first failure; positive
 * @param multiplier growth per failure; at least 1
 * @param jitter relative spread, 0 to 1; 0.2 means plus or minus 20 percent
 * @param maxDelay cap of the delay before jitter; positive. It also caps the base delay
 * (seed-spec K60; grpc-go does not)
 * @param jitterFirst whether the first delay is spread too. grpc-go does not; true keeps
 * a fleet that lost one server at the same moment from returning in step
 */
public record BackoffConfig(Duration baseDelay, double multiplier, double jitter, Duration maxDelay,
		boolean jitterFirst) {

	/** Go's defaults: 1 s, times 1.6, plus or minus 20 percent, at most 120 s. */
	public static final BackoffConfig DEFAULT = new BackoffConfig(Duration.ofSeconds(1), 1.6, 0.2,
			Duration.ofSeconds(120), false);

	public BackoffConfig {
		requirePositive("backoff.baseDelay", baseDelay);
		requirePositive("backoff.maxDelay", maxDelay);
		if (!(multiplier >= 1) || Double.isInfinite(multiplier)) {
			throw new IllegalArgumentException("backoff.multiplier: " + multiplier + " (expected: >= 1)");
		}
		if (!(jitter >= 0 && jitter <= 1)) {
			throw new IllegalArgumentException("backoff.jitter: " + jitter + " (expected: 0 to 1)");
		}
	}

	/**
	 * Returns this configuration with another cap.
	 * @param maxDelay the cap; positive
	 * @return a copy
	 */
	public BackoffConfig withMaxDelay(Duration maxDelay) {
		return new BackoffConfig(this.baseDelay, this.multiplier, this.jitter, maxDelay, this.jitterFirst);
	}

	private static void requirePositive(String name, Duration value) {
		Objects.requireNonNull(value, name);
		if (value.isNegative() || value.isZero()) {
			throw new IllegalArgumentException(name + ": " + value + " (expected: positive)");
		}
	}

}
