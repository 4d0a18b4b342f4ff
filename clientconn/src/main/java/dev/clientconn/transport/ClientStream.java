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

import io.grpc.Attributes;
import io.grpc.Status;
import io.netty.util.concurrent.EventExecutor;

/**
 * One attempt of a call on one connection: request bytes out, events to the
 * {@link StreamListener} in. {@link #write}, {@link #halfClose} and {@link #flush} are
 * called by one thread at a time; the rest may be called by any thread. Nothing blocks.
 */
public interface ClientStream {

	/**
	 * Adds request bytes; they leave after the next {@link #flush}. Ignored once the
	 * stream has ended.
	 * @param bytes whole frames of gRPC messages; the stream owns the array from here on
	 * and does not change it
	 */
	void write(byte[] bytes);

	/**
	 * Marks the end of the request; leaves after the next {@link #flush}.
	 */
	void halfClose();

	/**
	 * Sends what has been added, the request headers first. The event loop is woken at
	 * most once for all streams that flush meanwhile.
	 */
	void flush();

	/**
	 * Ends the stream: RST_STREAM(CANCEL) if its headers were sent (seed-spec K27), and
	 * {@link StreamListener#onClosed} with the given status unless it has ended already.
	 * @param reason the status to end with
	 */
	void cancel(Status reason);

	/**
	 * Gives the peer credit for bytes of {@link StreamListener#onData} that the call has
	 * used (RFC 9113 section 6.9).
	 * @param bytes a number of bytes, positive
	 */
	void consumed(int bytes);

	/**
	 * Tells whether more bytes may be written without piling up: the headers are sent and
	 * fewer than the call's on-ready threshold of bytes wait.
	 * @return {@code true} to go on writing
	 */
	boolean isReady();

	/**
	 * Returns how far the stream has come, for messages.
	 * @return a picture of the moment
	 */
	StreamProgress progress();

	/**
	 * Returns the attributes of the connection.
	 * @return see {@link ClientTransport#attributes()}
	 */
	Attributes attributes();

	/**
	 * Returns the event loop that the {@link StreamListener} is called on.
	 * @return the loop of the connection
	 */
	EventExecutor eventLoop();

}
