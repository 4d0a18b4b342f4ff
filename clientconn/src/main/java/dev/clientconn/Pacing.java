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

import dev.clientconn.serviceconfig.ServiceConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How fast the addresses of a ClientConn are tried and let go, and how many connections
 * each may have. Used in the serial context; a change counts for attempts and drains that
 * begin after it.
 */
final class Pacing {

	/** How far ages are spread, so that what began together does not end together. */
	private static final double AGE_JITTER = 0.1;

	private static final Logger logger = LoggerFactory.getLogger(Pacing.class);

	private ExponentialBackoff backoff;

	private DialOptions options;

	private int maxConnections;

	private Pacing(DialOptions options) {
		this.options = options;
		this.backoff = new ExponentialBackoff(options.backoff, options.random);
		this.maxConnections = maxConnections(options.serviceConfig);
	}

	static Pacing of(DialOptions options) {
		return new Pacing(options);
	}

	/** Takes over what has been set, with the service config in force. */
	void change(DialOptions options, ServiceConfig config) {
		this.options = options;
		this.backoff = new ExponentialBackoff(options.backoff, options.random);
		this.maxConnections = maxConnections(config);
	}

	ExponentialBackoff backoff() {
		return this.backoff;
	}

	Duration minConnectTimeout() {
		return this.options.minConnectTimeout;
	}

	Duration drainTimeout() {
		return this.options.drainTimeout;
	}

	ConnectionsConfig connections() {
		return this.options.connections;
	}

	/** Most connections to one address. */
	int maxConnections() {
		return this.maxConnections;
	}

	/** An age to live to, another one each time; {@code null} for any. */
	@Nullable Duration maxAge() {
		Duration mean = this.options.connections.maxAge();
		if (mean == null) {
			return null;
		}
		double factor = 1 + AGE_JITTER * (2 * this.options.random.nextDouble() - 1);
		return Duration.ofNanos((long) (mean.toNanos() * factor));
	}

	private int maxConnections(ServiceConfig config) {
		Integer ours = this.options.connections.maxPerAddress();
		if (ours != null) {
			return ours;
		}
		Integer wish = config.maxConnectionsPerAddress();
		if (wish == null) {
			return 1;
		}
		if (wish > ConnectionsConfig.MAX_BY_SERVICE_CONFIG
				&& this.maxConnections != ConnectionsConfig.MAX_BY_SERVICE_CONFIG) {
			logger.info("the service config wants {} connections per address and gets {}", wish,
					ConnectionsConfig.MAX_BY_SERVICE_CONFIG);
		}
		return Math.min(wish, ConnectionsConfig.MAX_BY_SERVICE_CONFIG);
	}

}
