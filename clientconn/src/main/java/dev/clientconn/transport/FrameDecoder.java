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
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2FrameLogger;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2InboundFrameLogger;
import org.jspecify.annotations.Nullable;

/**
 * The last handler of the pipeline: cuts what arrives into frames. Only on the event
 * loop.
 */
final class FrameDecoder extends ChannelInboundHandlerAdapter {

	/**
	 * A header block cannot be skipped, as that would break the peer's compression state.
	 * So one that is too large only ends its stream if it is still small enough to be
	 * read.
	 */
	private static final int MIN_READABLE_BLOCK = 1024 * 1024;

	private final Http2Connection connection;

	private final ResponseHeaders.Decoder headersDecoder;

	private Http2FrameReader reader;

	private @Nullable FrameReceiver receiver;

	private @Nullable ChannelHandlerContext ctx;

	private @Nullable ByteBuf pending;

	private boolean prefaceSeen;

	private boolean decoding;

	private boolean closed;

	FrameDecoder(Http2Connection connection, int maxHeaderListSize) {
		this.connection = connection;
		this.headersDecoder = new ResponseHeaders.Decoder(maxHeaderListSize);
		this.reader = new DefaultHttp2FrameReader(this.headersDecoder);
	}

	/** Starts to pass frames on; what has arrived before is kept until then. */
	void start(FrameReceiver frameReceiver, @Nullable Http2FrameLogger frameLogger) {
		if (frameLogger != null) {
			this.reader = new Http2InboundFrameLogger(this.reader, frameLogger);
		}
		this.receiver = frameReceiver;
		try {
			long max = this.headersDecoder.maxHeaderListSize();
			this.headersDecoder.maxHeaderListSize(max, Math.max(2 * max, MIN_READABLE_BLOCK));
		}
		catch (Http2Exception ex) {
			this.connection.connectionError(ex);
		}
		decode();
	}

	/** Frees what is held. */
	void close() {
		this.closed = true;
		if (!this.decoding) {
			release();
		}
	}

	ChannelHandlerContext ctx() {
		if (this.ctx == null) {
			throw new IllegalStateException("not in a pipeline");
		}
		return this.ctx;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.ctx = context;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object msg) {
		ByteBuf in = (ByteBuf) msg;
		if (this.closed) {
			in.release();
			return;
		}
		this.connection.bytesRead();
		this.pending = (this.pending != null)
				? ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(context.alloc(), this.pending, in) : in;
		decode();
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) {
		ByteBuf rest = this.pending;
		if (rest != null && rest.refCnt() == 1) {
			rest.discardSomeReadBytes();
		}
		this.connection.beginTurn();
		this.connection.endTurn();
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		if (context.channel().isWritable()) {
			this.connection.writable();
		}
	}

	@Override
	public void channelActive(ChannelHandlerContext context) {
		// The connector knows.
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		// The connection listens to the channel's close future, which cannot be missed.
	}

	@Override
	public void userEventTriggered(ChannelHandlerContext context, Object event) {
		// TLS events: the connector listens to the handshake itself.
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		this.connection.exceptionCaught(cause);
	}

	private void decode() {
		ByteBuf in = this.pending;
		FrameReceiver frameReceiver = this.receiver;
		if (in == null || frameReceiver == null) {
			return;
		}
		this.decoding = true;
		try {
			if (this.prefaceSeen || checkPreface(in)) {
				readFrames(in, frameReceiver);
			}
		}
		finally {
			this.decoding = false;
		}
		if (this.closed || !in.isReadable()) {
			release();
		}
	}

	private boolean checkPreface(ByteBuf in) {
		String error = ServerPreface.error(in);
		if (error != null) {
			this.connection.lost(error, null);
			return false;
		}
		this.prefaceSeen = ServerPreface.isComplete(in);
		return this.prefaceSeen;
	}

	private void readFrames(ByteBuf in, FrameReceiver frameReceiver) {
		while (in.isReadable() && !this.connection.isClosing()) {
			try {
				this.reader.readFrame(ctx(), in, frameReceiver);
				// Comes back only when it needs more bytes.
				return;
			}
			catch (StreamException ex) {
				frameReceiver.streamError(ex);
			}
			catch (Http2Exception ex) {
				this.connection.connectionError(ex);
			}
			catch (RuntimeException ex) {
				this.connection.lost("internal error", ex);
			}
		}
		in.skipBytes(in.readableBytes());
	}

	private void release() {
		if (this.pending != null) {
			this.pending.release();
			this.pending = null;
		}
		if (this.closed) {
			this.reader.close();
		}
	}

}
