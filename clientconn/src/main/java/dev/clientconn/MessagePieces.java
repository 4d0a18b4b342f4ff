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

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * A message that arrives in several buffers. Large pieces are kept where they are; small
 * ones are copied together, as each would hold on to a buffer, and cost an object, for a
 * few bytes. Only on the event loop.
 */
final class MessagePieces {

	private static final int MIN_KEPT_BYTES = 1024;

	/** What small pieces are copied into. */
	private static final int COPY_BYTES = 4 * MIN_KEPT_BYTES;

	private final int length;

	private final boolean compressed;

	private int missing;

	private @Nullable Piece first;

	private @Nullable Piece last;

	/** Whether the last piece is a copy that may have room. */
	private boolean copying;

	MessagePieces(int length, boolean compressed) {
		this.length = length;
		this.compressed = compressed;
		this.missing = length;
	}

	/**
	 * Takes the next bytes of the message.
	 * @param data borrowed, read up to the end of the message
	 * @return whether the message is whole
	 */
	boolean add(ByteBuf data) {
		int count = Math.min(this.missing, data.readableBytes());
		if (count >= MIN_KEPT_BYTES) {
			int start = data.readerIndex();
			append(new Piece(data.retain(), start, start + count));
			this.copying = false;
			data.skipBytes(count);
			this.missing -= count;
		}
		else {
			copy(data, count);
		}
		return this.missing == 0;
	}

	/**
	 * Hands over what it has; to be called once, when the message is whole.
	 * @param owedBytes whose credit nobody has returned
	 */
	InboundMessage toMessage(int owedBytes) {
		Piece whole = this.first;
		if (whole == null) {
			throw new IllegalStateException("no pieces");
		}
		return new InboundMessage(whole, this.length, this.compressed, owedBytes);
	}

	void release() {
		for (Piece piece = this.first; piece != null; piece = piece.next) {
			piece.data.release();
		}
		this.first = null;
	}

	private void copy(ByteBuf data, int count) {
		for (int left = count; left > 0;) {
			Piece target = this.last;
			if (target == null || !this.copying || !target.data.isWritable()) {
				int bytes = Math.min(this.missing, COPY_BYTES);
				target = new Piece(data.alloc().directBuffer(bytes), 0, 0);
				append(target);
				this.copying = true;
			}
			int step = Math.min(left, target.data.writableBytes());
			target.data.writeBytes(data, step);
			target.end += step;
			left -= step;
			this.missing -= step;
		}
	}

	private void append(Piece piece) {
		if (this.last == null) {
			this.first = piece;
		}
		else {
			this.last.next = piece;
		}
		this.last = piece;
	}

	/**
	 * Bytes within a buffer, of which it owns one reference.
	 */
	static final class Piece {

		final ByteBuf data;

		final int index;

		int end;

		@Nullable Piece next;

		private Piece(ByteBuf data, int index, int end) {
			this.data = data;
			this.index = index;
			this.end = end;
		}

	}

}
