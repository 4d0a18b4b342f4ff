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

import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;

/**
 * Hears of the events of one stream, on the event loop of its connection. Must not block
 * and must not throw.
 */
public interface StreamListener {

	/**
	 * Tells that the request headers have been written, and that
	 * {@link ClientStream#isReady} may have turned true. Called again each time it turns
	 * true.
	 */
	void onReady();

	/**
	 * Delivers the response headers; at most once, before any data. Not called for a
	 * trailers-only response.
	 * @param headers the headers, without pseudo-headers
	 */
	void onHeaders(Metadata headers);

	/**
	 * Delivers response bytes in order, cut wherever the frames were.
	 * @param data borrowed: the listener retains what it keeps after the call
	 */
	void onData(ByteBuf data);

	/**
	 * Tells that all events of one socket read have been delivered. Called for each
	 * stream that had one, so that a listener can hand over a batch with one task.
	 */
	void onReadComplete();

	/**
	 * Tells that the stream has ended. Called exactly once, last.
	 * @param status how, the server's or the transport's
	 * @param processing whether the server may have seen the request
	 * @param trailers the trailers, empty if there were none
	 */
	void onClosed(Status status, Processing processing, Metadata trailers);

}
