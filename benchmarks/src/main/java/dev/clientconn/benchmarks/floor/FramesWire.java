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
import java.util.List;
import java.util.Map;

import io.grpc.MethodDescriptor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameAdapter;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Settings;

/**
 * HTTP/2 by hand: Netty's frame reader and HPACK decoder in, bytes that were prepared
 * once per method out. No stream states, no errors, no GOAWAY: what any HTTP/2 client
 * must at least do for a call.
 */
final class FramesWire extends Wire {

	private static final int HEADER = Http2CodecUtil.FRAME_HEADER_LENGTH;

	/** Header blocks of requests by method; they use no dynamic table. */
	private final Map<MethodDescriptor<?, ?>, byte[]> blocks = new HashMap<>();

	private final String authority;

	private final Decoder decoder = new Decoder();

	private ChannelHandlerContext context;

	private int nextStream = 1;

	private int owed;

	FramesWire(String authority) {
		this.authority = authority;
	}

	@Override
	ChannelHandler handler() {
		return this.decoder;
	}

	@Override
	void send(FloorCall<?, ?> call, byte[] framed, boolean end) {
		byte[] block = (call.stream == 0) ? this.blocks.computeIfAbsent(call.method, this::block) : null;
		ByteBuf out = this.context.alloc()
			.buffer(((block != null) ? HEADER + block.length : 0) + HEADER + framed.length);
		if (block != null) {
			call.stream = this.nextStream;
			this.nextStream += 2;
			this.calls.put(call.stream, call);
			Http2CodecUtil.writeFrameHeader(out, block.length, Http2FrameTypes.HEADERS,
					new Http2Flags().endOfHeaders(true), call.stream);
			out.writeBytes(block);
		}
		Http2CodecUtil.writeFrameHeader(out, framed.length, Http2FrameTypes.DATA, new Http2Flags().endOfStream(end),
				call.stream);
		out.writeBytes(framed);
		this.context.write(out, this.context.voidPromise());
	}

	private byte[] block(MethodDescriptor<?, ?> method) {
		try {
			DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder(Http2HeadersEncoder.NEVER_SENSITIVE);
			encoder.maxHeaderTableSize(0);
			ByteBuf block = Unpooled.buffer();
			encoder.encodeHeaders(1, RequestHeaders.of(method, this.authority), block);
			// Begins with the table's new size, 0, which each block may repeat (RFC 7541,
			// 4.2).
			byte[] bytes = new byte[block.readableBytes()];
			block.readBytes(bytes);
			return bytes;
		}
		catch (Http2Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/** Gives credit when half of a window is used. */
	private void credit(int stream, int bytes) {
		this.owed += bytes;
		if (this.owed >= WINDOW / 2) {
			windowUpdate(0, this.owed);
			this.owed = 0;
		}
		FloorCall<?, ?> call = call(stream);
		call.owed += bytes;
		if (call.owed >= WINDOW / 2) {
			windowUpdate(stream, call.owed);
			call.owed = 0;
		}
	}

	private void windowUpdate(int stream, int bytes) {
		ByteBuf out = this.context.alloc().buffer(HEADER + 4);
		Http2CodecUtil.writeFrameHeader(out, 4, Http2FrameTypes.WINDOW_UPDATE, new Http2Flags(), stream);
		out.writeInt(bytes);
		execute(() -> this.context.write(out, this.context.voidPromise()));
	}

	private void opening() {
		ByteBuf out = this.context.alloc().buffer().writeBytes(Http2CodecUtil.connectionPrefaceBuf());
		Http2CodecUtil.writeFrameHeader(out, 6, Http2FrameTypes.SETTINGS, new Http2Flags(), 0);
		out.writeShort(Http2CodecUtil.SETTINGS_INITIAL_WINDOW_SIZE).writeInt(WINDOW);
		Http2CodecUtil.writeFrameHeader(out, 4, Http2FrameTypes.WINDOW_UPDATE, new Http2Flags(), 0);
		out.writeInt(WINDOW - Http2CodecUtil.DEFAULT_WINDOW_SIZE);
		this.context.writeAndFlush(out);
	}

	private void acknowledge(byte type, long content) {
		boolean ping = type == Http2FrameTypes.PING;
		ByteBuf out = this.context.alloc().buffer(HEADER + Long.BYTES);
		Http2CodecUtil.writeFrameHeader(out, ping ? Long.BYTES : 0, type, new Http2Flags().ack(true), 0);
		this.context.writeAndFlush(ping ? out.writeLong(content) : out);
	}

	private final class Decoder extends ByteToMessageDecoder {

		private final Http2FrameReader reader = new DefaultHttp2FrameReader(new DefaultHttp2HeadersDecoder(false));

		private final Frames frames = new Frames();

		@Override
		public void handlerAdded(ChannelHandlerContext context) {
			FramesWire.this.context = context;
		}

		@Override
		public void channelActive(ChannelHandlerContext context) {
			opening();
			context.fireChannelActive();
		}

		@Override
		protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Http2Exception {
			this.reader.readFrame(context, in, this.frames);
		}

		@Override
		protected void handlerRemoved0(ChannelHandlerContext context) {
			this.reader.close();
			lost(null);
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			lost(cause);
			context.close();
		}

	}

	private final class Frames extends Http2FrameAdapter {

		@Override
		public int onDataRead(ChannelHandlerContext context, int stream, ByteBuf data, int padding, boolean end) {
			int bytes = data.readableBytes() + padding;
			credit(stream, bytes);
			data(stream, data);
			return bytes;
		}

		@Override
		public void onHeadersRead(ChannelHandlerContext context, int stream, Http2Headers headers, int padding,
				boolean end) {
			headers(stream, headers, end);
		}

		@Override
		public void onHeadersRead(ChannelHandlerContext context, int stream, Http2Headers headers, int dependency,
				short weight, boolean exclusive, int padding, boolean end) {
			headers(stream, headers, end);
		}

		@Override
		public void onSettingsRead(ChannelHandlerContext context, Http2Settings settings) {
			acknowledge(Http2FrameTypes.SETTINGS, 0);
		}

		@Override
		public void onPingRead(ChannelHandlerContext context, long content) {
			acknowledge(Http2FrameTypes.PING, content);
		}

	}

}
