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

import java.io.IOException;
import java.io.InputStream;

import io.grpc.Decompressor;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * One response message that waits for delivery: a node of {@link InboundQueue}, and the
 * stream that the marshaller reads. Owns one reference to its buffer until it is closed.
 */
final class InboundMessage extends InputStream implements KnownLength {

	private final boolean compressed;

	private ByteBuf data;

	/** Where to read on: the buffer's own index belongs to the event loop. */
	private int index;

	private int end;

	/** What follows in other buffers. */
	private MessagePieces.@Nullable Piece rest;

	/** Bytes of it. */
	private int restBytes;

	private final int wireBytes;

	/** Bytes whose flow-control credit is returned when the message is delivered. */
	private final int owedBytes;

	private boolean closed;

	/** Link of {@link InboundQueue}. */
	@Nullable InboundMessage next;

	/**
	 * Takes over one reference to a buffer, which may go on to be read and written
	 * elsewhere.
	 */
	InboundMessage(ByteBuf data, int index, int length, boolean compressed, int owedBytes) {
		this.data = data;
		this.index = index;
		this.end = index + length;
		this.compressed = compressed;
		this.wireBytes = MessageFramer.PREFIX_BYTES + length;
		this.owedBytes = owedBytes;
	}

	/** As above, of several buffers. */
	InboundMessage(MessagePieces.Piece first, int length, boolean compressed, int owedBytes) {
		this.data = first.data;
		this.index = first.index;
		this.end = first.end;
		this.rest = first.next;
		this.restBytes = length - (first.end - first.index);
		this.compressed = compressed;
		this.wireBytes = MessageFramer.PREFIX_BYTES + length;
		this.owedBytes = owedBytes;
	}

	boolean isCompressed() {
		return this.compressed;
	}

	int wireBytes() {
		return this.wireBytes;
	}

	int owedBytes() {
		return this.owedBytes;
	}

	/**
	 * Reads the message with the method's marshaller, decompressed if it has to be.
	 * @param maxBytes largest message after decompression
	 * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED if it is larger, INTERNAL
	 * if it is compressed but the response headers did not say how
	 */
	<T> T parse(MethodDescriptor<?, T> method, @Nullable Decompressor decompressor, int maxBytes,
			@Nullable CallTracers tracers) throws IOException {
		if (!this.compressed) {
			long plainBytes = available();
			T message = method.parseResponse(this);
			if (tracers != null) {
				tracers.messageRead(plainBytes);
			}
			return message;
		}
		if (decompressor == null) {
			throw Status.INTERNAL
				.withDescription("compressed message without a grpc-encoding header that names its compression")
				.asRuntimeException();
		}
		CountingInputStream counting = new CountingInputStream(decompressor.decompress(this), maxBytes);
		T message = method.parseResponse(counting);
		if (tracers != null) {
			tracers.messageRead(counting.count());
		}
		return message;
	}

	@Override
	public int read() {
		if (!hasPiece()) {
			return -1;
		}
		return this.data.getUnsignedByte(this.index++);
	}

	@Override
	public int read(byte[] target, int offset, int length) {
		if (length == 0) {
			return 0;
		}
		int read = 0;
		while (read < length && hasPiece()) {
			int count = Math.min(length - read, this.end - this.index);
			this.data.getBytes(this.index, target, offset + read, count);
			this.index += count;
			read += count;
		}
		return (read > 0) ? read : -1;
	}

	@Override
	public long skip(long count) {
		long skipped = 0;
		while (skipped < count && hasPiece()) {
			int step = (int) Math.min(count - skipped, this.end - this.index);
			this.index += step;
			skipped += step;
		}
		return skipped;
	}

	@Override
	public int available() {
		return this.end - this.index + this.restBytes;
	}

	@Override
	public void close() {
		if (!this.closed) {
			this.closed = true;
			this.data.release();
			for (MessagePieces.Piece piece = this.rest; piece != null; piece = piece.next) {
				piece.data.release();
			}
			this.rest = null;
		}
	}

	/** Goes on to the next buffer at the end of one; {@code false} at the last end. */
	private boolean hasPiece() {
		while (this.index == this.end) {
			MessagePieces.Piece next = this.rest;
			if (next == null) {
				return false;
			}
			this.data.release();
			this.data = next.data;
			this.index = next.index;
			this.end = next.end;
			this.rest = next.next;
			this.restBytes -= next.end - next.index;
		}
		return true;
	}

}
