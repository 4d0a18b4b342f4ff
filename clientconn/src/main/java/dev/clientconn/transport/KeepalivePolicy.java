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

package dev.clientconn.transport;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What all connections of a {@link TransportFactory} have learnt about keepalive: how
 * often servers let us ask. Safe for use from any thread.
 */
final class KeepalivePolicy {

	private static final Logger logger = LoggerFactory.getLogger(KeepalivePolicy.class);

	private final KeepaliveParams configured;

	/** The time in nanoseconds; only grows. */
	private final AtomicLong time;

	private final AtomicBoolean warned = new AtomicBoolean();

	KeepalivePolicy(KeepaliveParams configured) {
		this.configured = configured;
		this.time = new AtomicLong(configured.time().toNanos());
	}

	/** Returns what a new connection starts with. */
	KeepaliveParams current() {
		return this.configured.withTime(Duration.ofNanos(this.time.get()));
	}

	/**
	 * Doubles the time of all later connections. Several that were made with the same
	 * time and are refused together double it once.
	 * @param who the connection that the server refused, for the log
	 * @param used its time
	 */
	void tooManyPings(Object who, Duration used) {
		long doubled = Math.min(2 * used.toNanos(), KeepaliveParams.MAX_TIME.toNanos());
		Duration now = Duration.ofNanos(this.time.accumulateAndGet(doubled, Math::max));
		if (this.warned.compareAndSet(false, true)) {
			logger.warn("{} - the server closed the connection with too_many_pings: a keepalive time of {} s is "
					+ "less than it permits. New connections use {} s; set a longer time " + "(this is logged once)",
					who, used.toSeconds(), now.toSeconds());
		}
		else {
			logger.debug("{} - too_many_pings with {} s; new connections use {} s", who, used.toSeconds(),
					now.toSeconds());
		}
	}

}
