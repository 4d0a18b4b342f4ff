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

import java.util.Objects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import org.jspecify.annotations.Nullable;

/**
 * What the header blocks of a connection's requests begin with: the fields that all calls
 * of a method have in common, as the HPACK encoder wrote them. These bytes hold as long
 * as the encoder leaves its dynamic table alone (RFC 7541 section 2.3.2). Only on the
 * event loop.
 */
final class RequestPrefixes {

	/** Of a connection with more methods than that, one in so many starts anew. */
	private static final int MAX_KEPT = 16;

	private static final int NAME_INDEX = 0x0f;

	private static final int STRING_LENGTH = 0x7f;

	private @Nullable Prefix newest;

	private int kept;

	/** Returns the bytes to copy, or {@code null} if the fields have to be encoded. */
	@Nullable Prefix find(StreamHead head) {
		for (Prefix prefix = this.newest; prefix != null; prefix = prefix.next) {
			if (prefix.fits(head)) {
				return prefix;
			}
		}
		return null;
	}

	/**
	 * Looks at what the encoder has just appended: the whole block, or the call's own
	 * fields after a prefix.
	 * @param start where it begins
	 */
	void encoded(StreamHead head, RequestHeaders headers, ByteBuf block, int start) {
		int at = start;
		int prefixEnd = start;
		int common = headers.commonCount();
		for (int field = 1; at < block.writerIndex(); field++) {
			at = fieldEnd(block, at);
			if (at < 0) {
				clear();
				return;
			}
			if (field == common) {
				prefixEnd = at;
			}
		}
		if (prefixEnd > start) {
			if (this.kept == MAX_KEPT) {
				clear();
			}
			byte[] bytes = ByteBufUtil.getBytes(block, start, prefixEnd - start);
			this.newest = new Prefix(head, bytes, headers.commonSize(), this.newest);
			this.kept++;
		}
	}

	/** Forgets all: the encoder's table has changed, or will. */
	void clear() {
		this.newest = null;
		this.kept = 0;
	}

	/**
	 * Returns where a field ends (RFC 7541 section 6), or -1 if it changes the table.
	 */
	private static int fieldEnd(ByteBuf block, int start) {
		byte first = block.getByte(start);
		if (first < 0) {
			return indexEnd(block, start, 0x7f);
		}
		if ((first & 0x60) != 0) {
			return -1;
		}
		int value = indexEnd(block, start, NAME_INDEX);
		return stringEnd(block, ((first & NAME_INDEX) == 0) ? stringEnd(block, value) : value);
	}

	private static int indexEnd(ByteBuf block, int start, int prefix) {
		int end = start + 1;
		if ((block.getByte(start) & prefix) == prefix) {
			while (block.getByte(end++) < 0) {
				// RFC 7541 section 5.1: the top bit says that more follows.
			}
		}
		return end;
	}

	private static int stringEnd(ByteBuf block, int start) {
		int length = block.getByte(start) & STRING_LENGTH;
		int end = start + 1;
		if (length == STRING_LENGTH) {
			int shift = 0;
			byte more;
			do {
				more = block.getByte(end++);
				length += (more & 0x7f) << shift;
				shift += 7;
			}
			while (more < 0);
		}
		return end + length;
	}

	/**
	 * The common fields of the calls that differ in nothing else.
	 */
	static final class Prefix {

		final byte[] bytes;

		/** What they are in the sense of RFC 9113 section 6.5.2. */
		final long listSize;

		private final String method;

		private final @Nullable String authority;

		private final MessageFormat format;

		private final @Nullable Prefix next;

		private Prefix(StreamHead head, byte[] bytes, long listSize, @Nullable Prefix next) {
			this.bytes = bytes;
			this.listSize = listSize;
			this.method = head.method().getFullMethodName();
			this.authority = head.authority();
			this.format = head.format();
			this.next = next;
		}

		private boolean fits(StreamHead head) {
			return this.method.equals(head.method().getFullMethodName()) && this.format.equals(head.format())
					&& Objects.equals(this.authority, head.authority());
		}

	}

}
