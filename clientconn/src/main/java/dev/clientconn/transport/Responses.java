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

import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2Exception.StreamException;

/**
 * What the server answers on a stream: headers, data, trailers or RST_STREAM, in the
 * order that gRPC over HTTP/2 demands. Only on the event loop.
 */
final class Responses {

	private final Streams streams;

	private final StreamWork work;

	private final FrameWriter writer;

	private final int maxInboundMetadataSize;

	Responses(Streams streams, StreamWork work, FrameWriter writer, int maxInboundMetadataSize) {
		this.streams = streams;
		this.work = work;
		this.writer = writer;
		this.maxInboundMetadataSize = maxInboundMetadataSize;
	}

	void headers(Http2Stream stream, ResponseHeaders headers, boolean endOfStream) {
		ForeignResponse foreign = stream.foreign;
		if (foreign != null) {
			finish(stream, foreign.status(), new Metadata(), endOfStream);
		}
		else if (endOfStream) {
			trailers(stream, headers);
		}
		else if (stream.responded) {
			reset(stream, Http2Error.PROTOCOL_ERROR, "the server sent headers in the middle of the response");
		}
		else if (GrpcStatus.httpCode(headers) / 100 != 1) {
			// Informational headers are not the response yet (RFC 9110 section 15.2).
			response(stream, headers);
		}
	}

	void data(Http2Stream stream, ByteBuf data, int padding, boolean endOfStream) {
		int bytes = data.readableBytes() + padding;
		stream.receiveWindow -= bytes;
		if (stream.receiveWindow < 0) {
			reset(stream, Http2Error.FLOW_CONTROL_ERROR,
					"the server sent " + -stream.receiveWindow + " bytes beyond the window of the stream");
			return;
		}
		ForeignResponse foreign = stream.foreign;
		if (foreign != null) {
			if (foreign.add(data) || endOfStream) {
				finish(stream, foreign.status(), new Metadata(), endOfStream);
			}
			return;
		}
		if (!stream.responded) {
			reset(stream, Http2Error.PROTOCOL_ERROR, "the server sent data before headers");
			return;
		}
		if (padding > 0) {
			// Nobody else will give it back (RFC 9113 section 6.9.1, seed-spec K26).
			stream.consumed(padding);
		}
		if (data.isReadable()) {
			this.work.touch(stream);
			StreamEvents.data(stream, data);
		}
		if (endOfStream) {
			finish(stream, Status.INTERNAL.withDescription("the server closed the stream without sending trailers"),
					new Metadata(), true);
		}
	}

	void resetByServer(Http2Stream stream, long errorCode) {
		Status status = GrpcStatus.ofReset(errorCode);
		Deadline deadline = stream.head.deadline();
		if (status.getCode() == Status.Code.CANCELLED && deadline != null && deadline.isExpired()) {
			// The server's timer was a little faster than ours.
			status = Status.DEADLINE_EXCEEDED.withDescription(status.getDescription());
		}
		Processing processing = (errorCode == Http2Error.REFUSED_STREAM.code()) ? Processing.REFUSED
				: Processing.POSSIBLE;
		this.streams.end(stream, status, processing, new Metadata());
	}

	/** Ends one stream because a frame of it was malformed; the connection goes on. */
	void malformed(StreamException ex) {
		Http2Stream stream = this.streams.get(ex.streamId());
		if (stream == null) {
			return;
		}
		if (ex instanceof HeaderListSizeException) {
			String text = "the server's response headers or trailers are larger than " + this.maxInboundMetadataSize
					+ " bytes (maxInboundMetadataSize)";
			end(stream, ex.error(), Status.RESOURCE_EXHAUSTED.withDescription(text));
		}
		else {
			reset(stream, ex.error(), "malformed frame from the server: " + ex.getMessage());
		}
	}

	/** Ends a stream that the server has broken the rules of. */
	void reset(Http2Stream stream, Http2Error error, String reason) {
		end(stream, error, Status.INTERNAL.withDescription(reason));
	}

	private void response(Http2Stream stream, ResponseHeaders headers) {
		if (!GrpcStatus.isGrpc(headers)) {
			stream.foreign = new ForeignResponse(headers);
			return;
		}
		Metadata metadata;
		try {
			metadata = headers.toMetadata();
		}
		catch (IllegalArgumentException ex) {
			reset(stream, Http2Error.PROTOCOL_ERROR, "malformed response headers: " + ex.getMessage());
			return;
		}
		stream.responded = true;
		this.work.touch(stream);
		StreamEvents.headers(stream, metadata);
	}

	private void trailers(Http2Stream stream, ResponseHeaders trailers) {
		Metadata metadata;
		try {
			metadata = trailers.toMetadata();
		}
		catch (IllegalArgumentException ex) {
			reset(stream, Http2Error.PROTOCOL_ERROR, "malformed trailers: " + ex.getMessage());
			return;
		}
		finish(stream, GrpcStatus.ofTrailers(trailers, !stream.responded), metadata, true);
	}

	/** Ends a stream that the server has answered. */
	private void finish(Http2Stream stream, Status status, Metadata trailers, boolean endOfStream) {
		if (!endOfStream || !stream.endStreamSent) {
			// Half open otherwise: neither side may count it any more.
			this.writer.reset(stream.id, Http2Error.CANCEL.code());
		}
		this.streams.end(stream, status, Processing.ANSWERED, trailers);
	}

	private void end(Http2Stream stream, Http2Error error, Status status) {
		this.writer.reset(stream.id, error.code());
		this.streams.end(stream, status, Processing.POSSIBLE, new Metadata());
	}

}
