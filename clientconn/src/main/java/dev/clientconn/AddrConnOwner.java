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

import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.transport.ClientTransport;
import io.grpc.Status;

/**
 * Hears of an address's events, in the serial context.
 */
interface AddrConnOwner {

	/** Of the address list in use; only in the serial context. */
	long listVersion();

	void stateChanged(AddrConn addrConn, AddrConnState from, AddrConnState to);

	void connectFinished(AddrConn addrConn, long durationNanos, Status outcome);

	void connectionReady(AddrConn addrConn, ClientTransport transport);

	void connectionEnded(AddrConn addrConn, long lifetimeNanos, DisconnectReason reason);

	void goAwayReceived(AddrConn addrConn, Status reason);

	/** A connection was lost or refused: the address list may be out of date. */
	void addressesSuspect();

	/** A connection is due to be renewed, as soon as the owner sees fit. */
	void renewalDue(AddrConn addrConn);

	/** If an attempt of a renewal ran, it has ended. */
	void renewalEnded(AddrConn addrConn);

	void terminated(AddrConn addrConn);

}
