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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls stream listeners so that one that throws ends its own stream, not the connection.
 */
final class StreamEvents {

	private static final Logger logger = LoggerFactory.getLogger(StreamEvents.class);

	private StreamEvents() {
	}

	static void ready(Http2Stream stream) {
		try {
			stream.listener.onReady();
		}
		catch (RuntimeException | Error ex) {
			failed(stream, ex);
		}
	}

	static void headers(Http2Stream stream, Metadata headers) {
		try {
			stream.listener.onHeaders(headers);
		}
		catch (RuntimeException | Error ex) {
			failed(stream, ex);
		}
	}

	static void data(Http2Stream stream, ByteBuf data) {
		try {
			stream.listener.onData(data);
		}
		catch (RuntimeException | Error ex) {
			failed(stream, ex);
		}
	}

	static void readComplete(Http2Stream stream) {
		try {
			stream.listener.onReadComplete();
		}
		catch (RuntimeException | Error ex) {
			failed(stream, ex);
		}
	}

	static void closed(Http2Stream stream, Status status, Processing processing, Metadata trailers) {
		try {
			stream.listener.onClosed(status, processing, trailers);
		}
		catch (RuntimeException | Error ex) {
			logger.warn("{} - the stream's listener threw", stream, ex);
		}
	}

	private static void failed(Http2Stream stream, Throwable ex) {
		logger.warn("{} - the stream's listener threw", stream, ex);
		stream.cancel(Status.CANCELLED.withDescription("the stream's listener threw").withCause(ex));
	}

}
