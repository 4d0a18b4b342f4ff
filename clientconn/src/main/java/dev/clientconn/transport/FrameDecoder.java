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
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Exception.StreamException;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameLogger;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Headers;
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

	private static final int NOT_PLAIN = Http2Flags.PADDED | Http2Flags.PRIORITY;

	/** What our SETTINGS allow (RFC 9113 section 4.2). */
	private static final int MAX_FRAME_BYTES = 16_384;

	private final Http2Connection connection;

	private final ResponseHeadersDecoder headersDecoder;

	private Http2FrameReader reader;

	private @Nullable FrameReceiver receiver;

	private @Nullable ChannelHandlerContext ctx;

	private @Nullable ByteBuf pending;

	private boolean logging;

	private boolean prefaceSeen;

	/** Between HEADERS and the CONTINUATION that ends its block. */
	private boolean inHeaderBlock;

	/** Bytes of a DATA frame that have not arrived. */
	private int dataLeft;

	private int dataStreamId;

	private boolean dataEndsStream;

	private boolean decoding;

	private boolean closed;

	FrameDecoder(Http2Connection connection, int maxHeaderListSize) {
		this.connection = connection;
		this.headersDecoder = new ResponseHeadersDecoder(maxHeaderListSize);
		this.reader = new DefaultHttp2FrameReader(this.headersDecoder);
	}

	/** Starts to pass frames on; what has arrived before is kept until then. */
	void start(FrameReceiver frameReceiver, @Nullable Http2FrameLogger frameLogger) {
		if (frameLogger != null) {
			this.reader = new Http2InboundFrameLogger(this.reader, frameLogger);
			this.logging = true;
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
		this.connection.endRead();
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
				if (!readFrame(in, frameReceiver)) {
					return;
				}
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

	/**
	 * Reads one frame. DATA and HEADERS are read here, as Netty's reader makes objects
	 * for them; what is not plain is left to Netty.
	 * @return {@code false} if it is not all there
	 */
	private boolean readFrame(ByteBuf in, FrameReceiver frameReceiver) throws Http2Exception {
		if (this.dataLeft > 0) {
			readData(in, frameReceiver);
			return true;
		}
		if (in.readableBytes() < Http2CodecUtil.FRAME_HEADER_LENGTH) {
			return false;
		}
		int at = in.readerIndex();
		int length = in.getUnsignedMedium(at);
		byte type = in.getByte(at + 3);
		int flags = in.getByte(at + 4);
		if (length > MAX_FRAME_BYTES) {
			// Refused for its size, before it is all there.
			this.reader.readFrame(ctx(), in, frameReceiver);
			return false;
		}
		int streamId = in.getInt(at + 5) & Integer.MAX_VALUE;
		boolean plain = (flags & NOT_PLAIN) == 0 && streamId != 0 && !this.inHeaderBlock && !this.logging;
		if (type == Http2FrameTypes.DATA && plain) {
			in.skipBytes(Http2CodecUtil.FRAME_HEADER_LENGTH);
			this.dataLeft = length;
			this.dataStreamId = streamId;
			this.dataEndsStream = (flags & Http2Flags.END_STREAM) != 0;
			readData(in, frameReceiver);
			return true;
		}
		int frame = Http2CodecUtil.FRAME_HEADER_LENGTH + length;
		if (in.readableBytes() < frame) {
			return false;
		}
		if (type == Http2FrameTypes.HEADERS && plain && (flags & Http2Flags.END_HEADERS) != 0) {
			in.skipBytes(Http2CodecUtil.FRAME_HEADER_LENGTH);
			readHeaders(in, length, streamId, (flags & Http2Flags.END_STREAM) != 0, frameReceiver);
			return true;
		}
		if (type == Http2FrameTypes.HEADERS || type == Http2FrameTypes.CONTINUATION) {
			this.inHeaderBlock = (flags & Http2Flags.END_HEADERS) == 0;
		}
		delegate(in.readSlice(frame), frameReceiver);
		return true;
	}

	/**
	 * Passes on what has arrived of a DATA frame, as a part of the whole buffer. Nothing
	 * waits for the rest of the frame: to put it together would copy all that a large
	 * message consists of.
	 */
	private void readData(ByteBuf in, FrameReceiver frameReceiver) throws Http2Exception {
		int received = in.writerIndex();
		int piece = Math.min(this.dataLeft, in.readableBytes());
		int end = in.readerIndex() + piece;
		this.dataLeft -= piece;
		in.writerIndex(end);
		try {
			frameReceiver.data(this.dataStreamId, in, 0, this.dataEndsStream && this.dataLeft == 0);
		}
		finally {
			in.setIndex(end, received);
		}
	}

	/** Reads a header block that is all in one frame. */
	private void readHeaders(ByteBuf in, int length, int streamId, boolean endOfStream, FrameReceiver frameReceiver)
			throws Http2Exception {
		int received = in.writerIndex();
		int end = in.readerIndex() + length;
		in.writerIndex(end);
		try {
			Http2Headers headers = this.headersDecoder.decodeHeaders(streamId, in);
			frameReceiver.onHeadersRead(ctx(), streamId, headers, 0, endOfStream);
		}
		catch (StreamException ex) {
			frameReceiver.streamError(ex);
		}
		finally {
			in.setIndex(end, received);
		}
	}

	private void delegate(ByteBuf frame, FrameReceiver frameReceiver) throws Http2Exception {
		while (frame.isReadable() && !this.connection.isClosing()) {
			try {
				this.reader.readFrame(ctx(), frame, frameReceiver);
			}
			catch (StreamException ex) {
				frameReceiver.streamError(ex);
			}
		}
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
