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

/**
 * The life of a connection, in order.
 */
enum ConnectionState {

	/** TCP, proxy, TLS. */
	CONNECTING,

	/** Our preface is sent, the server's SETTINGS are awaited. */
	PREFACE,

	/** Streams run, and new ones too unless the connection drains. */
	READY,

	/** All streams have ended; the last bytes are being written. */
	CLOSING,

	/** The socket is gone. */
	CLOSED;

	/** Says what it means if the channel closes in this state, unasked. */
	String unexpectedEnd(boolean byError) {
		return switch (this) {
			case CONNECTING -> "TLS handshake failed: the server closed the connection";
			case PREFACE -> "the server closed the connection before it sent SETTINGS";
			default -> byError ? "connection lost" : "the server closed the connection";
		};
	}

}
