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

import java.util.random.RandomGenerator;

/**
 * Computes the delay between the starts of connection attempts (seed-spec section 6).
 */
final class ExponentialBackoff {

	private final BackoffConfig config;

	private final RandomGenerator random;

	ExponentialBackoff(BackoffConfig config, RandomGenerator random) {
		this.config = config;
		this.random = random;
	}

	/**
	 * Returns the delay after attempt {@code k} failed.
	 * @param k number of failed attempts before it in a row
	 * @return nanoseconds from the start of attempt k to the start of the next
	 */
	long delayNanos(int k) {
		double base = this.config.baseDelay().toNanos();
		double max = this.config.maxDelay().toNanos();
		double delay = Math.min(base * Math.pow(this.config.multiplier(), k), max);
		if (k > 0 || this.config.jitterFirst()) {
			double u = this.random.nextDouble() * 2 - 1;
			delay *= 1 + this.config.jitter() * u;
		}
		return Math.max(0, (long) delay);
	}

}
