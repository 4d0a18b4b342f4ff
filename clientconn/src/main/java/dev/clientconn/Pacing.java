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

/**
 * How fast the addresses of a ClientConn are tried and let go. Used in the serial
 * context; a change counts for attempts and drains that begin after it.
 */
final class Pacing {

	private ExponentialBackoff backoff;

	private Duration minConnectTimeout;

	private Duration drainTimeout;

	/**
	 * Creates it.
	 * @param backoff delays between attempts
	 * @param minConnectTimeout least time of an attempt
	 * @param drainTimeout longest time of a drain
	 */
	Pacing(ExponentialBackoff backoff, Duration minConnectTimeout, Duration drainTimeout) {
		this.backoff = backoff;
		this.minConnectTimeout = minConnectTimeout;
		this.drainTimeout = drainTimeout;
	}

	static Pacing of(DialOptions options) {
		return new Pacing(new ExponentialBackoff(options.backoff, options.random), options.minConnectTimeout,
				options.drainTimeout);
	}

	void change(DialOptions options) {
		this.backoff = new ExponentialBackoff(options.backoff, options.random);
		this.minConnectTimeout = options.minConnectTimeout;
		this.drainTimeout = options.drainTimeout;
	}

	ExponentialBackoff backoff() {
		return this.backoff;
	}

	Duration minConnectTimeout() {
		return this.minConnectTimeout;
	}

	Duration drainTimeout() {
		return this.drainTimeout;
	}

}
