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

import io.grpc.Status;

/**
 * Hears of the events of one connection, on its event loop. Must not block and must not
 * throw. Callers compare the transport by identity to drop stale events (seed-spec K47).
 */
public interface TransportListener {

	/**
	 * Tells that the server's SETTINGS have arrived (seed-spec K8). At most once.
	 * @param transport the connection
	 */
	void transportReady(ClientTransport transport);

	/**
	 * Tells that {@link ClientTransport#reservableStreams} has changed, but for
	 * {@link #transportGoingAway}. Only while streams are reserved.
	 * @param transport the connection
	 */
	default void transportLimitChanged(ClientTransport transport) {
	}

	/**
	 * Tells that the connection takes no new streams because the server sent GOAWAY or
	 * the stream ids are used up; open streams go on. At most once; it may come before
	 * {@link #transportReady}, which then never comes.
	 * @param transport the connection
	 * @param reason error code and debug data of the GOAWAY frame
	 */
	void transportGoingAway(ClientTransport transport, Status reason);

	/**
	 * Tells that the connection has ended, or could not be made. Exactly once, last; all
	 * its streams have ended.
	 * @param transport the connection
	 * @param cause why, as UNAVAILABLE with the address and the underlying exception
	 */
	void transportClosed(ClientTransport transport, Status cause);

}
