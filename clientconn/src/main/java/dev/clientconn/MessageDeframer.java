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
 * Cuts response bytes into messages, on the event loop. They stay in the received
 * buffers, also where a message spans frames; only small pieces are copied together.
 */
final class MessageDeframer {

	private static final int COMPRESSED_FLAG = 1;

	private final int maxMessageBytes;

	private final Sink sink;

	/** Bytes of the prefix that have arrived, if it is not whole. */
	private int prefixBytes;

	/** The prefix, as far as it has arrived. */
	private long prefix;

	private @Nullable MessagePieces partial;

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
		while (data.isReadable()) {
			int from = data.readerIndex();
			InboundMessage message = this.failed ? null : next(data);
			if (this.failed) {
				data.skipBytes(data.readableBytes());
			}
			if (message != null) {
				this.sink.message(message);
			}
			else {
				this.sink.partial(data.readerIndex() - from);
			}
		}
	}

	/** Tells whether the bytes end inside a message. */
	boolean isPartial() {
		return this.partial != null || this.prefixBytes > 0;
	}

	/** Releases what is held; nothing more is taken. */
	void close() {
		this.failed = true;
		this.prefixBytes = 0;
		if (this.partial != null) {
			this.partial.release();
			this.partial = null;
		}
	}

	/**
	 * Reads up to the end of a message.
	 * @return {@code null} if it is not all there, or has failed the call
	 */
	private @Nullable InboundMessage next(ByteBuf data) {
		int from = data.readerIndex();
		if (this.partial == null) {
			if (!readPrefix(data)) {
				return null;
			}
			int length = length();
			if (length < 0) {
				return null;
			}
			if (data.readableBytes() >= length) {
				int start = data.readerIndex();
				data.skipBytes(length);
				return new InboundMessage(data.retain(), start, length, isCompressed(), start + length - from);
			}
			this.partial = new MessagePieces(length, isCompressed());
		}
		MessagePieces pieces = this.partial;
		if (!pieces.add(data)) {
			return null;
		}
		this.partial = null;
		return pieces.toMessage(data.readerIndex() - from);
	}

	/** Reads as much of the prefix as there is; returns whether it is whole. */
	private boolean readPrefix(ByteBuf data) {
		if (this.prefixBytes == 0) {
			if (data.readableBytes() >= MessageFramer.PREFIX_BYTES) {
				this.prefix = (long) data.readUnsignedByte() << Integer.SIZE | data.readUnsignedInt();
				return true;
			}
			this.prefix = 0;
		}
		while (this.prefixBytes < MessageFramer.PREFIX_BYTES && data.isReadable()) {
			this.prefix = this.prefix << Byte.SIZE | data.readUnsignedByte();
			this.prefixBytes++;
		}
		if (this.prefixBytes < MessageFramer.PREFIX_BYTES) {
			return false;
		}
		this.prefixBytes = 0;
		return true;
	}

	private boolean isCompressed() {
		return flag() == COMPRESSED_FLAG;
	}

	private int flag() {
		return (int) (this.prefix >>> Integer.SIZE);
	}

	/** Returns the length, or -1 after it has failed the call. */
	private int length() {
		if ((flag() & ~COMPRESSED_FLAG) != 0) {
			return fail(Status.INTERNAL
				.withDescription("malformed gRPC message: reserved bits set in flag byte " + flag()));
		}
		long length = this.prefix & 0xffff_ffffL;
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

		/**
		 * Bytes of a message that is not all there, or dropped: not owed for any message,
		 * as one that is larger than the window could not go on otherwise.
		 */
		void partial(int bytes);

		/** The response cannot be read further. */
		void failed(Status status);

	}

}
