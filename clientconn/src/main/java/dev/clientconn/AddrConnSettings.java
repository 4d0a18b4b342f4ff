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

import dev.clientconn.naming.Address;
import dev.clientconn.time.Scheduler;
import dev.clientconn.transport.TransportFactory;
import dev.clientconn.transport.TransportListener;

/**
 * What is the same for all addresses of a ClientConn.
 *
 * @param target the dial target
 * @param transports makes connections
 * @param scheduler time and timers
 * @param pacing delays and bounds, which may change
 * @param health what connections are asked the health of, which may change
 */
record AddrConnSettings(String target, TransportFactory transports, Scheduler scheduler, Pacing pacing,
		HealthService health) {

	Attempt attempt(Address address, int backoffIndex, TransportListener listener) {
		long start = this.scheduler.nanoTime();
		long delay = this.pacing.backoff().delayNanos(backoffIndex);
		Duration timeout = Duration.ofNanos(Math.max(this.pacing.minConnectTimeout().toNanos(), delay));
		return new Attempt(this.transports.connect(address, timeout, listener), start, delay);
	}

}
