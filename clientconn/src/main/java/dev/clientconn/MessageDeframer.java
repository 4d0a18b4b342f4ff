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

package dev.clientconn;

import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Cuts response bytes into messages, on the event loop. A message that lies in one piece
 * stays in the received buffer; only one that spans frames is copied together.
 */
final class MessageDeframer {

	private static final int COMPRESSED_FLAG = 1;

	/** Grows in steps, as the announced length is the server's word only. */
	private static final int MAX_INITIAL_BYTES = 64 * 1024;

	private final int maxMessageBytes;

	private final Sink sink;

	private @Nullable ByteBuf partial;

	private boolean failed;

	MessageDeframer(int maxMessageBytes, Sink sink) {
		this.maxMessageBytes = maxMessageBytes;
		this.sink = sink;
	}

	/**
	 * Takes response bytes; what is kept of them is retained.
	 * @param data borrowed, read to its end
	 */
	void deframe(ByteBuf data) {
		while (data.isReadable() && !this.failed) {
			if (this.partial != null) {
				fill(this.partial, data);
			}
			else if (isWhole(data)) {
				boolean compressed = isCompressed(data, data.readerIndex());
				int length = data.getInt(data.readerIndex() + 1);
				int start = data.readerIndex() + MessageFramer.PREFIX_BYTES;
				data.readerIndex(start + length);
				this.sink.message(new InboundMessage(data.retain(), start, length, compressed,
						MessageFramer.PREFIX_BYTES + length));
			}
			else if (!this.failed) {
				this.partial = data.alloc().buffer(initialBytes(data));
			}
		}
		if (this.failed) {
			this.sink.partial(data.readableBytes());
			data.skipBytes(data.readableBytes());
		}
	}

	/** Tells whether the bytes end inside a message. */
	boolean isPartial() {
		return this.partial != null;
	}

	/** Releases what is held; nothing more is taken. */
	void close() {
		this.failed = true;
		if (this.partial != null) {
			this.partial.release();
			this.partial = null;
		}
	}

	private int initialBytes(ByteBuf data) {
		if (data.readableBytes() < MessageFramer.PREFIX_BYTES) {
			return MAX_INITIAL_BYTES / 16;
		}
		return MessageFramer.PREFIX_BYTES + Math.min(data.getInt(data.readerIndex() + 1), MAX_INITIAL_BYTES);
	}

	private boolean isWhole(ByteBuf data) {
		if (data.readableBytes() < MessageFramer.PREFIX_BYTES) {
			return false;
		}
		int length = length(data, data.readerIndex());
		return length >= 0 && data.readableBytes() - MessageFramer.PREFIX_BYTES >= length;
	}

	private void fill(ByteBuf target, ByteBuf data) {
		int missing = MessageFramer.PREFIX_BYTES - target.readableBytes();
		if (missing > 0) {
			int count = Math.min(missing, data.readableBytes());
			target.writeBytes(data, count);
			this.sink.partial(count);
			if (count < missing || length(target, 0) < 0) {
				return;
			}
		}
		int whole = MessageFramer.PREFIX_BYTES + length(target, 0);
		int count = Math.min(whole - target.readableBytes(), data.readableBytes());
		target.writeBytes(data, count);
		this.sink.partial(count);
		if (target.readableBytes() == whole) {
			this.partial = null;
			boolean compressed = isCompressed(target, 0);
			this.sink.message(new InboundMessage(target, MessageFramer.PREFIX_BYTES, whole - MessageFramer.PREFIX_BYTES,
					compressed, 0));
		}
	}

	private boolean isCompressed(ByteBuf data, int index) {
		return data.getByte(index) == COMPRESSED_FLAG;
	}

	/** Returns the length, or -1 after it has failed the call. */
	private int length(ByteBuf data, int index) {
		int flag = data.getByte(index);
		if ((flag & ~COMPRESSED_FLAG) != 0) {
			return fail(Status.INTERNAL
				.withDescription("malformed gRPC message: reserved bits set in flag byte " + (flag & 0xff)));
		}
		long length = data.getUnsignedInt(index + 1);
		if (length > this.maxMessageBytes) {
			return fail(Status.RESOURCE_EXHAUSTED.withDescription("gRPC message exceeds maximum size "
					+ this.maxMessageBytes + ": " + length + " (DialOptions.maxInboundMessageSize)"));
		}
		return (int) length;
	}

	private int fail(Status status) {
		close();
		this.sink.failed(status);
		return -1;
	}

	/**
	 * Takes what the bytes contain.
	 */
	interface Sink {

		/** A whole message, in order; the sink owns it. */
		void message(InboundMessage message);

		/** Bytes that were copied or dropped, and so are not owed for any message. */
		void partial(int bytes);

		/** The response cannot be read further. */
		void failed(Status status);

	}

}
