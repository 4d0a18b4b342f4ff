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

import dev.clientconn.stats.DisconnectReason;
import io.grpc.Attributes;
import io.grpc.Status;

/**
 * One connection to one address, from the dial to the end. All methods may be called from
 * any thread and never block.
 */
public interface ClientTransport {

	/**
	 * Makes a stream for one attempt of a call. Nothing is sent before
	 * {@link ClientStream#flush}. On a transport that takes no streams any more the
	 * stream ends at once with {@link Processing#NOT_SENT}.
	 * @param head what the request starts with
	 * @param listener hears of the stream's events, on the event loop
	 * @return the stream
	 */
	ClientStream newStream(StreamHead head, StreamListener listener);

	/**
	 * Returns how many streams with a reservation may be open at once: the peer's
	 * SETTINGS_MAX_CONCURRENT_STREAMS less those that are open without one.
	 * @return the number, {@code Long.MAX_VALUE} if the peer set no limit, 0 on a
	 * transport that takes no new streams
	 */
	long reservableStreams();

	/**
	 * Tells whether streams are reserved. Then those above the peer's limit end at once
	 * with {@link Processing#NOT_SENT}; else, as at first, they wait in line until others
	 * have ended.
	 * @param reserved whether the caller reserves streams
	 */
	void streamsReserved(boolean reserved);

	/**
	 * Tells whether it takes streams: not once it goes away or ends, for whatever reason.
	 * @return whether it does, or will when it is ready
	 */
	boolean isAccepting();

	/**
	 * Takes no new streams, lets those that are open finish, then says GOAWAY(NO_ERROR)
	 * and closes ({@code GracefulClose} in Go). A connection still being made is given
	 * up. Idempotent.
	 * @param reason why, for the log; streams queued behind the peer's stream limit end
	 * with it as {@link Processing#NOT_SENT}
	 */
	void drain(Status reason);

	/**
	 * Ends every stream with a status, says GOAWAY(NO_ERROR) within a short bound and
	 * closes the socket (seed-spec K52). Idempotent.
	 * @param reason the status of the streams that are open
	 */
	void close(Status reason);

	/**
	 * Returns addresses and TLS session under the keys of {@link io.grpc.Grpc}.
	 * @return the attributes; empty before the transport is ready
	 */
	Attributes attributes();

	/**
	 * Returns why the connection goes away or has ended: the first reason seen.
	 * @return the reason, UNKNOWN as long as there is none
	 */
	DisconnectReason disconnectReason();

	/**
	 * Returns the state of the connection for operators. Reads volatile fields only.
	 * @return an immutable picture
	 */
	TransportSnapshot snapshot();

}
