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

import dev.clientconn.transport.ClientTransport;
import dev.clientconn.transport.TransportListener;
import io.grpc.Status;

/**
 * Brings what event loops tell of an address's connections to the serial context.
 *
 * @param health hears there of a connection that is made, and tells it on
 * @param addrConn hears there of the rest
 * @param serial the serial context
 */
record TransportEvents(HealthChecks health, AddrConn addrConn, SerialExecutor serial) implements TransportListener {

	@Override
	public void transportReady(ClientTransport transport) {
		this.serial.execute(() -> this.health.ready(transport));
	}

	@Override
	public void transportLimitChanged(ClientTransport transport) {
		this.serial.execute(this.addrConn.upkeep()::limitChanged);
	}

	@Override
	public void transportGoingAway(ClientTransport transport, Status reason) {
		this.serial.execute(() -> {
			this.health.ended(transport);
			this.addrConn.goingAway(transport, reason);
		});
	}

	@Override
	public void transportClosed(ClientTransport transport, Status cause) {
		this.serial.execute(() -> {
			this.health.ended(transport);
			this.addrConn.closed(transport, cause);
		});
	}

}
