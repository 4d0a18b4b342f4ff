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

package dev.clientconn.benchmarks.floor;

import java.util.HashMap;
import java.util.Map;

import io.grpc.MethodDescriptor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.handler.codec.http2.Http2ConnectionHandlerBuilder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * HTTP/2 by Netty's {@link Http2ConnectionHandler}, with its streams, its states, its
 * flow control and its HPACK encoder.
 */
final class H2Wire extends Wire {

	private final Map<MethodDescriptor<?, ?>, Http2Headers> headers = new HashMap<>();

	private final String authority;

	private final Http2ConnectionHandler handler = new Http2ConnectionHandlerBuilder().server(false)
		.initialSettings(Http2Settings.defaultSettings().initialWindowSize(WINDOW).pushEnabled(false))
		.frameListener(new Frames())
		.build();

	private ChannelHandlerContext context;

	H2Wire(String authority) {
		this.authority = authority;
	}

	@Override
	ChannelHandler handler() {
		return this.handler;
	}

	@Override
	void connected(Channel channel) {
		super.connected(channel);
		this.context = channel.pipeline().context(this.handler);
		try {
			this.handler.connection()
				.local()
				.flowController()
				.incrementWindowSize(this.handler.connection().connectionStream(),
						WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
		}
		catch (Http2Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	void send(FloorCall<?, ?> call, byte[] framed, boolean end) {
		if (call.stream == 0) {
			call.stream = this.handler.connection().local().incrementAndGetNextStreamId();
			this.calls.put(call.stream, call);
			Http2Headers headers = this.headers.computeIfAbsent(call.method,
					(method) -> RequestHeaders.of(method, this.authority));
			this.handler.encoder()
				.writeHeaders(this.context, call.stream, headers, 0, false, this.context.newPromise());
		}
		this.handler.encoder()
			.writeData(this.context, call.stream, Unpooled.wrappedBuffer(framed), 0, end, this.context.newPromise());
	}

	private final class Frames extends Http2FrameAdapter {

		@Override
		public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean end) {
			int bytes = data.readableBytes() + padding;
			data(stream, data);
			return bytes;
		}

		@Override
		public void onHeadersRead(ChannelHandlerContext context, int stream, Http2Headers headers, int dependency,
				short weight, boolean exclusive, int padding, boolean end) {
			headers(stream, headers, end);
		}

		@Override
		public void onHeadersRead(ChannelHandlerContext context, int stream, Http2Headers headers, int padding,
				boolean end) {
			headers(stream, headers, end);
		}

	}

}
