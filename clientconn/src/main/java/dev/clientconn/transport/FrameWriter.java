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
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameLogger;
import io.netty.handler.codec.http2.Http2FrameLogger.Direction;
import io.netty.handler.codec.http2.Http2FrameTypes;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/**
 * Writes frames into one buffer per turn of the event loop, so that a turn costs one pass
 * through the pipeline and one system call. Only on the event loop.
 */
final class FrameWriter {

	/**
	 * A buffer of this size goes to the channel within the turn, so that memory is
	 * bounded.
	 */
	private static final int BUFFER_LIMIT = 64 * 1024;

	/**
	 * A gRPC connection has some twenty header fields in its table; Netty's 64 are for
	 * the web.
	 */
	private static final int HASH_BUCKETS = 16;

	private static final int FRAME_HEADER = Http2CodecUtil.FRAME_HEADER_LENGTH;

	private static final long MAX_UNSENT_BYTES = 16 * 1024 * 1024;

	private static final byte NO_FLAGS = 0;

	private static final byte END_STREAM = Http2Flags.END_STREAM;

	private static final byte END_HEADERS = Http2Flags.END_HEADERS;

	private static final byte ACK = Http2Flags.ACK;

	private final ChannelHandlerContext ctx;

	private final DefaultHttp2HeadersEncoder encoder = new DefaultHttp2HeadersEncoder(RequestHeaders.LITERALS, true,
			HASH_BUCKETS);

	private final RequestPrefixes prefixes = new RequestPrefixes();

	private final @Nullable Http2FrameLogger frameLogger;

	private @Nullable ByteBuf out;

	/** Size of the last turn's buffer, as a guess at the next one's. */
	private int sizeGuess = 256;

	private int maxFrameSize = Http2CodecUtil.DEFAULT_MAX_FRAME_SIZE;

	private boolean unflushed;

	private boolean closed;

	FrameWriter(ChannelHandlerContext ctx, @Nullable Http2FrameLogger frameLogger) {
		this.ctx = ctx;
		this.frameLogger = frameLogger;
	}

	/** Takes over what the peer's SETTINGS say about frames (RFC 9113 section 6.5.2). */
	void apply(Http2Settings settings) throws Http2Exception {
		Integer frameSize = settings.maxFrameSize();
		if (frameSize != null) {
			this.maxFrameSize = frameSize;
		}
		Long tableSize = settings.headerTableSize();
		if (tableSize != null) {
			// A table larger than the default only costs memory on both sides.
			this.encoder.maxHeaderTableSize(Math.min(tableSize, Http2CodecUtil.DEFAULT_HEADER_TABLE_SIZE));
			// The next block has to begin with the new size (RFC 7541 section 4.2).
			this.prefixes.clear();
		}
	}

	/** Returns whether more data may be added without piling up in this process. */
	boolean isWritable() {
		return this.ctx.channel().isWritable();
	}

	/**
	 * Fails if the server makes us answer PING and SETTINGS but does not read: it could
	 * otherwise fill our memory.
	 */
	void requireReader() throws Http2Exception {
		ChannelOutboundBuffer unsent = this.ctx.channel().unsafe().outboundBuffer();
		if (unsent != null && unsent.totalPendingWriteBytes() > MAX_UNSENT_BYTES) {
			throw Http2Exception.connectionError(Http2Error.ENHANCE_YOUR_CALM,
					"the server does not read what it asks for");
		}
	}

	void preface(Http2Settings settings) {
		buffer().writeBytes(Http2CodecUtil.connectionPrefaceBuf());
		settings(settings);
	}

	void settings(Http2Settings settings) {
		if (this.frameLogger != null) {
			this.frameLogger.logSettings(Direction.OUTBOUND, this.ctx, settings);
		}
		ByteBuf buffer = frame(Http2CodecUtil.SETTING_ENTRY_LENGTH * settings.size(), Http2FrameTypes.SETTINGS,
				NO_FLAGS, 0);
		for (var entry : settings.entries()) {
			buffer.writeChar(entry.key());
			buffer.writeInt(entry.value().intValue());
		}
	}

	void settingsAck() {
		if (this.frameLogger != null) {
			this.frameLogger.logSettingsAck(Direction.OUTBOUND, this.ctx);
		}
		frame(0, Http2FrameTypes.SETTINGS, ACK, 0);
	}

	void ping(long data, boolean ack) {
		if (this.frameLogger != null) {
			if (ack) {
				this.frameLogger.logPingAck(Direction.OUTBOUND, this.ctx, data);
			}
			else {
				this.frameLogger.logPing(Direction.OUTBOUND, this.ctx, data);
			}
		}
		frame(Long.BYTES, Http2FrameTypes.PING, ack ? ACK : NO_FLAGS, 0).writeLong(data);
	}

	void windowUpdate(int streamId, int increment) {
		if (this.frameLogger != null) {
			this.frameLogger.logWindowsUpdate(Direction.OUTBOUND, this.ctx, streamId, increment);
		}
		frame(Integer.BYTES, Http2FrameTypes.WINDOW_UPDATE, NO_FLAGS, streamId).writeInt(increment);
	}

	void reset(int streamId, long errorCode) {
		if (this.frameLogger != null) {
			this.frameLogger.logRstStream(Direction.OUTBOUND, this.ctx, streamId, errorCode);
		}
		frame(Integer.BYTES, Http2FrameTypes.RST_STREAM, NO_FLAGS, streamId).writeInt((int) errorCode);
	}

	/** Says the last word, and closes the channel once it is written. */
	void goAwayAndClose(long errorCode, byte[] debugData) {
		if (this.frameLogger != null) {
			this.frameLogger.logGoAway(Direction.OUTBOUND, this.ctx, 0, errorCode, Unpooled.wrappedBuffer(debugData));
		}
		// No stream of the server has been processed: it can open none.
		ByteBuf buffer = frame(2 * Integer.BYTES + debugData.length, Http2FrameTypes.GO_AWAY, NO_FLAGS, 0);
		buffer.writeInt(0).writeInt((int) errorCode).writeBytes(debugData);
		this.out = null;
		this.ctx.writeAndFlush(buffer).addListener(ChannelFutureListener.CLOSE);
	}

	/** Returns what the block of such a stream begins with, if that is known. */
	RequestPrefixes.@Nullable Prefix prefix(StreamHead head) {
		// Who logs frames wants to see all fields.
		return (this.frameLogger == null) ? this.prefixes.find(head) : null;
	}

	/**
	 * Writes HEADERS.
	 * @param headers filled for this stream, with the prefix for it
	 */
	void headers(int streamId, StreamHead head, RequestHeaders headers, boolean endStream) throws Http2Exception {
		if (this.frameLogger != null) {
			this.frameLogger.logHeaders(Direction.OUTBOUND, this.ctx, streamId, headers, 0, endStream);
		}
		byte flags = endStream ? END_STREAM : NO_FLAGS;
		ByteBuf buffer = frame(0, Http2FrameTypes.HEADERS, (byte) (flags | END_HEADERS), streamId);
		int start = buffer.writerIndex();
		RequestPrefixes.Prefix prefix = headers.prefix();
		if (prefix != null) {
			buffer.writeBytes(prefix.bytes);
		}
		if (!headers.isEmpty()) {
			int encoded = buffer.writerIndex();
			this.encoder.encodeHeaders(streamId, headers, buffer);
			if (this.frameLogger == null) {
				this.prefixes.encoded(head, headers, buffer, encoded);
			}
		}
		int length = buffer.writerIndex() - start;
		if (length <= this.maxFrameSize) {
			buffer.setMedium(start - FRAME_HEADER, length);
			return;
		}
		// Rare: cut the block into CONTINUATION frames (RFC 9113 section 6.10).
		ByteBuf block = buffer.copy(start, length);
		try {
			buffer.writerIndex(start - FRAME_HEADER);
			frame(this.maxFrameSize, Http2FrameTypes.HEADERS, flags, streamId).writeBytes(block, this.maxFrameSize);
			while (block.isReadable()) {
				int piece = Math.min(block.readableBytes(), this.maxFrameSize);
				frame(piece, Http2FrameTypes.CONTINUATION, (piece == block.readableBytes()) ? END_HEADERS : NO_FLAGS,
						streamId)
					.writeBytes(block, piece);
			}
		}
		finally {
			block.release();
		}
	}

	/**
	 * Writes one DATA frame with what the stream has, at most {@code max} bytes.
	 * @param halfClosed whether the stream was half-closed before its bytes were looked
	 * at
	 * @return bytes that count against the windows
	 */
	int data(Http2Stream stream, int max, boolean halfClosed) {
		ByteBuf buffer = frame(0, Http2FrameTypes.DATA, NO_FLAGS, stream.id);
		int start = buffer.writerIndex();
		int length = stream.take(buffer, Math.min(max, this.maxFrameSize));
		boolean endStream = halfClosed && !stream.hasBytes();
		buffer.setMedium(start - FRAME_HEADER, length);
		if (endStream) {
			buffer.setByte(start - FRAME_HEADER + 4, END_STREAM);
			stream.endStreamSent = true;
		}
		if (this.frameLogger != null) {
			this.frameLogger.logData(Direction.OUTBOUND, this.ctx, stream.id, buffer.slice(start, length), 0,
					endStream);
		}
		if (buffer.readableBytes() >= BUFFER_LIMIT) {
			this.out = null;
			this.unflushed = true;
			this.ctx.write(buffer, this.ctx.voidPromise());
		}
		return length;
	}

	/** Hands over what this turn has written, with one flush. */
	void flush() {
		ByteBuf buffer = this.out;
		this.out = null;
		if (this.closed) {
			ReferenceCountUtil.release(buffer);
		}
		else if (buffer != null) {
			this.sizeGuess = Math.max(256, Math.min(BUFFER_LIMIT, buffer.readableBytes()));
			this.ctx.writeAndFlush(buffer, this.ctx.voidPromise());
		}
		else if (this.unflushed) {
			this.ctx.flush();
		}
		this.unflushed = false;
	}

	/** Drops what was not handed over; later frames are dropped as well. */
	void close() {
		this.closed = true;
		this.encoder.close();
		if (this.out != null) {
			this.out.release();
			this.out = null;
		}
	}

	private ByteBuf frame(int length, byte type, byte flags, int streamId) {
		ByteBuf buffer = buffer();
		buffer.ensureWritable(FRAME_HEADER + length);
		buffer.writeMedium(length).writeByte(type).writeByte(flags).writeInt(streamId);
		return buffer;
	}

	private ByteBuf buffer() {
		ByteBuf buffer = this.out;
		if (buffer == null) {
			buffer = this.ctx.alloc().directBuffer(this.sizeGuess);
			this.out = buffer;
		}
		return buffer;
	}

}
