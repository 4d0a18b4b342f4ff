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
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.HeaderListSizeException;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameListener;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import org.jspecify.annotations.Nullable;

/**
 * Acts on the frames of the server. Frames for streams that have ended here are expected
 * (RFC 9113 section 5.1, "closed") and ignored, but for their part in the connection's
 * window and header compression. Only on the event loop.
 */
final class FrameReceiver implements Http2FrameListener {

	private final Http2Connection connection;

	private final Streams streams;

	private final InboundFlow inbound;

	private final OutboundFlow outbound;

	private final FrameWriter writer;

	FrameReceiver(Http2Connection connection, Streams streams, InboundFlow inbound, OutboundFlow outbound,
			FrameWriter writer) {
		this.connection = connection;
		this.streams = streams;
		this.inbound = inbound;
		this.outbound = outbound;
		this.writer = writer;
	}

	@Override
	public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
			throws Http2Exception {
		int bytes = data.readableBytes() + padding;
		if (!this.inbound.received(bytes, this.writer)) {
			throw Http2Exception.connectionError(Http2Error.FLOW_CONTROL_ERROR,
					"the server sent data beyond the window of the connection");
		}
		Http2Stream stream = find(streamId, "DATA");
		if (stream == null) {
			return bytes;
		}
		stream.receiveWindow -= bytes;
		if (stream.receiveWindow < 0) {
			reset(stream, Http2Error.FLOW_CONTROL_ERROR,
					"the server sent " + -stream.receiveWindow + " bytes beyond the window of the stream");
			return bytes;
		}
		ForeignResponse foreign = stream.foreign;
		if (foreign != null) {
			if (foreign.add(data) || endOfStream) {
				finish(stream, foreign.status(), new Metadata(), endOfStream);
			}
			return bytes;
		}
		if (!stream.responded) {
			reset(stream, Http2Error.PROTOCOL_ERROR, "the server sent data before headers");
			return bytes;
		}
		if (padding > 0) {
			stream.consumed(padding);
		}
		if (data.isReadable()) {
			this.connection.touch(stream);
			StreamEvents.data(stream, data);
		}
		if (endOfStream) {
			finish(stream, Status.INTERNAL.withDescription("the server closed the stream without sending trailers"),
					new Metadata(), true);
		}
		return bytes;
	}

	@Override
	public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding,
			boolean endOfStream) throws Http2Exception {
		Http2Stream stream = find(streamId, "HEADERS");
		if (stream == null) {
			return;
		}
		ResponseHeaders response = (ResponseHeaders) headers;
		ForeignResponse foreign = stream.foreign;
		if (foreign != null) {
			finish(stream, foreign.status(), new Metadata(), endOfStream);
		}
		else if (endOfStream) {
			trailers(stream, response);
		}
		else if (stream.responded) {
			reset(stream, Http2Error.PROTOCOL_ERROR, "the server sent headers in the middle of the response");
		}
		else if (GrpcStatus.httpCode(response) / 100 != 1) {
			// Informational headers are not the response yet (RFC 9110 section 15.2).
			response(stream, response);
		}
	}

	@Override
	public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int streamDependency,
			short weight, boolean exclusive, int padding, boolean endOfStream) throws Http2Exception {
		onHeadersRead(ctx, streamId, headers, padding, endOfStream);
	}

	@Override
	public void onPriorityRead(ChannelHandlerContext ctx, int streamId, int streamDependency, short weight,
			boolean exclusive) {
		// Deprecated by RFC 9113 section 5.3.2.
	}

	@Override
	public void onRstStreamRead(ChannelHandlerContext ctx, int streamId, long errorCode) throws Http2Exception {
		Http2Stream stream = find(streamId, "RST_STREAM");
		if (stream == null) {
			return;
		}
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

	@Override
	public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
		this.connection.settings(settings);
	}

	@Override
	public void onSettingsAckRead(ChannelHandlerContext ctx) {
		// Larger windows are granted before the peer knows of them: nothing waits for
		// this.
	}

	@Override
	public void onPingRead(ChannelHandlerContext ctx, long data) {
		this.writer.ping(data, true);
	}

	@Override
	public void onPingAckRead(ChannelHandlerContext ctx, long data) {
		if (data == InboundFlow.PING_DATA) {
			this.connection.windowSampled();
		}
	}

	@Override
	public void onPushPromiseRead(ChannelHandlerContext ctx, int streamId, int promisedStreamId, Http2Headers headers,
			int padding) throws Http2Exception {
		throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR,
				"the server sent PUSH_PROMISE, which our SETTINGS forbid");
	}

	@Override
	public void onGoAwayRead(ChannelHandlerContext ctx, int lastStreamId, long errorCode, ByteBuf debugData)
			throws Http2Exception {
		this.connection.goAway(GoAway.read(lastStreamId, errorCode, debugData));
	}

	@Override
	public void onWindowUpdateRead(ChannelHandlerContext ctx, int streamId, int increment) throws Http2Exception {
		if (streamId == 0) {
			if (!this.outbound.connectionUpdate(increment)) {
				throw Http2Exception.connectionError(Http2Error.FLOW_CONTROL_ERROR,
						"the server opened the window of the connection beyond 2^31-1");
			}
			return;
		}
		Http2Stream stream = find(streamId, "WINDOW_UPDATE");
		if (stream != null && !this.outbound.streamUpdate(stream, increment)) {
			reset(stream, Http2Error.FLOW_CONTROL_ERROR, "the server opened the window of the stream beyond 2^31-1");
		}
	}

	@Override
	public void onUnknownFrame(ChannelHandlerContext ctx, byte frameType, int streamId, Http2Flags flags,
			ByteBuf payload) {
		// RFC 9113 section 5.5: ignored.
	}

	/** Ends one stream because a frame of it was malformed; the connection goes on. */
	void streamError(StreamException ex) {
		Http2Stream stream = this.streams.get(ex.streamId());
		if (stream == null) {
			return;
		}
		if (ex instanceof HeaderListSizeException) {
			this.writer.reset(stream.id, ex.error().code());
			this.streams.end(stream,
					Status.RESOURCE_EXHAUSTED
						.withDescription("the server's response headers or trailers are larger than "
								+ this.connection.maxInboundMetadataSize() + " bytes (maxInboundMetadataSize)"),
					Processing.POSSIBLE, new Metadata());
			return;
		}
		reset(stream, ex.error(), "malformed frame from the server: " + ex.getMessage());
	}

	private @Nullable Http2Stream find(int streamId, String frame) throws Http2Exception {
		if (this.connection.isClosing()) {
			return null;
		}
		Http2Stream stream = this.streams.get(streamId);
		if (stream == null && this.streams.isIdle(streamId)) {
			throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR,
					"the server sent %s for the unknown stream %d", frame, streamId);
		}
		return stream;
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
		this.connection.touch(stream);
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
		this.streams.end(stream, status, Processing.POSSIBLE, trailers);
	}

	private void reset(Http2Stream stream, Http2Error error, String reason) {
		this.writer.reset(stream.id, error.code());
		this.streams.end(stream, Status.INTERNAL.withDescription(reason), Processing.POSSIBLE, new Metadata());
	}

}
