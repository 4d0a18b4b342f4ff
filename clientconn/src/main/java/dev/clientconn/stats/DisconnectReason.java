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

package dev.clientconn.stats;

/**
 * Why a READY connection has ended, in the words of gRFC A94 for
 * {@code grpc.disconnect_error}: a small, closed set that can be a label. The first
 * reason seen counts; what follows from it does not.
 *
 * @param text the label
 */
public record DisconnectReason(String text) {

	/**
	 * We ended it: the address left the list, went idle or was replaced, or the
	 * ClientConn was closed.
	 */
	public static final DisconnectReason SUBCHANNEL_SHUTDOWN = new DisconnectReason("subchannel shutdown");

	/** The peer's system reset it (ECONNRESET). */
	public static final DisconnectReason CONNECTION_RESET = new DisconnectReason("connection reset");

	/** No answer in time (ETIMEDOUT). */
	public static final DisconnectReason CONNECTION_TIMED_OUT = new DisconnectReason("connection timed out");

	/** Our system gave it up (ECONNABORTED). */
	public static final DisconnectReason CONNECTION_ABORTED = new DisconnectReason("connection aborted");

	/** Any other error of the socket. */
	public static final DisconnectReason SOCKET_ERROR = new DisconnectReason("socket error");

	/** Anything else, such as a server that closes without GOAWAY, or breaks HTTP/2. */
	public static final DisconnectReason UNKNOWN = new DisconnectReason("unknown");

	/**
	 * Returns the reason for a GOAWAY frame of the server.
	 * @param errorCode name of its error code in RFC 9113 section 7, such as
	 * {@code ENHANCE_YOUR_CALM}
	 * @return the reason
	 */
	public static DisconnectReason goAway(String errorCode) {
		return new DisconnectReason("GOAWAY " + errorCode);
	}

	@Override
	public String toString() {
		return this.text;
	}

}
