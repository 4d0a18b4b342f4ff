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

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
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

	private final Responses responses;

	private final InboundFlow inbound;

	private final OutboundFlow outbound;

	private final FrameWriter writer;

	FrameReceiver(Http2Connection connection, Streams streams, Responses responses, InboundFlow inbound,
			OutboundFlow outbound, FrameWriter writer) {
		this.connection = connection;
		this.streams = streams;
		this.responses = responses;
		this.inbound = inbound;
		this.outbound = outbound;
		this.writer = writer;
	}

	@Override
	public int onDataRead(ChannelHandlerContext ctx, int streamId, ByteBuf data, int padding, boolean endOfStream)
			throws Http2Exception {
		return data(streamId, data, padding, endOfStream);
	}

	/** As above, of a frame that is no object of Netty's. */
	int data(int streamId, ByteBuf data, int padding, boolean endOfStream) throws Http2Exception {
		int bytes = data.readableBytes() + padding;
		if (!this.inbound.received(bytes, this.writer)) {
			throw Http2Exception.connectionError(Http2Error.FLOW_CONTROL_ERROR,
					"the server sent data beyond the window of the connection");
		}
		Http2Stream stream = find(streamId, "DATA");
		if (stream != null) {
			this.responses.data(stream, data, padding, endOfStream);
		}
		return bytes;
	}

	@Override
	public void onHeadersRead(ChannelHandlerContext ctx, int streamId, Http2Headers headers, int padding,
			boolean endOfStream) throws Http2Exception {
		Http2Stream stream = find(streamId, "HEADERS");
		if (stream != null) {
			this.responses.headers(stream, (ResponseHeaders) headers, endOfStream);
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
		if (stream != null) {
			this.responses.resetByServer(stream, errorCode);
		}
	}

	@Override
	public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) throws Http2Exception {
		if (this.connection.isClosing()) {
			return;
		}
		if (Boolean.TRUE.equals(settings.pushEnabled())) {
			// RFC 9113 section 6.5.2.
			throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR, "the server sent ENABLE_PUSH");
		}
		this.writer.apply(settings);
		this.streams.limits(settings.maxConcurrentStreams(), settings.maxHeaderListSize());
		Integer window = settings.initialWindowSize();
		if (window != null && !this.outbound.initialWindow(window, this.streams.toArray())) {
			throw Http2Exception.connectionError(Http2Error.FLOW_CONTROL_ERROR,
					"SETTINGS_INITIAL_WINDOW_SIZE %d opens a stream's window beyond 2^31-1", window);
		}
		this.writer.settingsAck();
		this.connection.settingsArrived();
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
		int growth = (data == InboundFlow.PING_DATA && !this.connection.isClosing()) ? this.inbound.sampled() : 0;
		if (growth > 0) {
			for (Http2Stream stream : this.streams.toArray()) {
				stream.receiveWindow += growth;
			}
			this.writer.settings(new Http2Settings().initialWindowSize(this.inbound.window()));
			this.inbound.openConnection(this.writer);
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
			this.responses.reset(stream, Http2Error.FLOW_CONTROL_ERROR,
					"the server opened the window of the stream beyond 2^31-1");
		}
	}

	@Override
	public void onUnknownFrame(ChannelHandlerContext ctx, byte frameType, int streamId, Http2Flags flags,
			ByteBuf payload) {
		// RFC 9113 section 5.5: ignored.
	}

	/** Acts on a malformed frame that concerns one stream only. */
	void streamError(StreamException ex) {
		if (!this.connection.isClosing()) {
			this.responses.malformed(ex);
		}
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

}
