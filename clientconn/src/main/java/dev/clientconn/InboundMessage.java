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

	private final ByteBuf data;

	private final boolean compressed;

	private final int end;

	/** Where to read on: the buffer's own index belongs to the event loop. */
	private int index;

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
		return (this.index < this.end) ? this.data.getUnsignedByte(this.index++) : -1;
	}

	@Override
	public int read(byte[] target, int offset, int length) {
		int available = available();
		if (available == 0) {
			return (length == 0) ? 0 : -1;
		}
		int count = Math.min(length, available);
		this.data.getBytes(this.index, target, offset, count);
		this.index += count;
		return count;
	}

	@Override
	public long skip(long count) {
		int skipped = (int) Math.min(Math.max(0, count), available());
		this.index += skipped;
		return skipped;
	}

	@Override
	public int available() {
		return this.end - this.index;
	}

	@Override
	public void close() {
		if (!this.closed) {
			this.closed = true;
			this.data.release();
		}
	}

}
