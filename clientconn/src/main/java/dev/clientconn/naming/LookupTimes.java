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

package dev.clientconn.naming;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long a resolution waits between look-ups.
 *
 * @param random from 0 to 1; every wait is taken from 80 to 120 per cent of its nominal
 * length, so that the clients of a service do not ask at the same moment
 */
record LookupTimes(DoubleSupplier random) {

	/**
	 * Time between looks at a healthy name: a scale-up is noticed although nothing broke.
	 */
	static final Duration REFRESH_INTERVAL = Duration.ofSeconds(30);

	/**
	 * Least time from the start of a look-up to the start of the next: a server that
	 * drops connections must not become a storm of look-ups.
	 */
	static final Duration MIN_INTERVAL = Duration.ofSeconds(1);

	/** Wait after the first failure: the seed's connection backoff. */
	static final Duration BACKOFF_BASE = Duration.ofSeconds(1);

	/** Longest wait after failures, before jitter: the seed's connection backoff. */
	static final Duration BACKOFF_MAX = Duration.ofMinutes(2);

	private static final double BACKOFF_FACTOR = 1.6;

	private static final double JITTER = 0.2;

	Duration afterSuccess() {
		return jittered(REFRESH_INTERVAL.toNanos());
	}

	Duration afterFailures(int failures) {
		double nanos = BACKOFF_BASE.toNanos() * Math.pow(BACKOFF_FACTOR, failures - 1);
		return jittered(Math.min((long) nanos, BACKOFF_MAX.toNanos()));
	}

	private Duration jittered(long nanos) {
		return Duration.ofNanos((long) (nanos * (1 - JITTER + 2 * JITTER * this.random.getAsDouble())));
	}

}
