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

import java.util.Arrays;
import java.util.Iterator;
import java.util.Map.Entry;
import java.util.NoSuchElementException;

import io.netty.handler.codec.EmptyHeaders;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * A header list in two arrays, reused from block to block; it is its own iterator and its
 * own entry, as the HPACK encoder looks at one entry at a time. Offers only what Netty's
 * HPACK codec and frame logger need.
 */
@SuppressWarnings("IterableAndIterator")
class LeanHeaders extends EmptyHeaders<CharSequence, CharSequence, Http2Headers>
		implements Http2Headers, Iterator<Entry<CharSequence, CharSequence>>, Entry<CharSequence, CharSequence> {

	private static final int INITIAL_CAPACITY = 16;

	private @Nullable AsciiString[] fields;

	private int size;

	private int next;

	LeanHeaders() {
		this.fields = new @Nullable AsciiString[2 * INITIAL_CAPACITY];
	}

	/** A list that says the same, with no room for more. */
	LeanHeaders(LeanHeaders source) {
		this.fields = Arrays.copyOf(source.fields, 2 * source.size);
		this.size = source.size;
	}

	final void reset() {
		for (int i = 0; i < 2 * this.size; i++) {
			this.fields[i] = null;
		}
		this.size = 0;
	}

	final void append(AsciiString name, AsciiString value) {
		int end = 2 * this.size;
		if (end == this.fields.length) {
			this.fields = Arrays.copyOf(this.fields, 2 * end);
		}
		this.fields[end] = name;
		this.fields[end + 1] = value;
		this.size++;
	}

	final AsciiString name(int index) {
		return field(2 * index);
	}

	final AsciiString value(int index) {
		return field(2 * index + 1);
	}

	@Override
	public final int size() {
		return this.size;
	}

	@Override
	public final boolean isEmpty() {
		return this.size == 0;
	}

	@Override
	public final Iterator<Entry<CharSequence, CharSequence>> iterator() {
		this.next = 0;
		return this;
	}

	@Override
	public final boolean hasNext() {
		return this.next < this.size;
	}

	@Override
	public final Entry<CharSequence, CharSequence> next() {
		if (!hasNext()) {
			throw new NoSuchElementException();
		}
		this.next++;
		return this;
	}

	@Override
	public final CharSequence getKey() {
		return name(this.next - 1);
	}

	@Override
	public final CharSequence getValue() {
		return value(this.next - 1);
	}

	@Override
	public final CharSequence setValue(CharSequence value) {
		throw new IllegalStateException("read-only");
	}

	@Override
	public final @Nullable CharSequence get(CharSequence name) {
		for (int i = 0; i < this.size; i++) {
			if (name(i).contentEquals(name)) {
				return value(i);
			}
		}
		return null;
	}

	@Override
	public final Http2Headers method(CharSequence value) {
		return add(PseudoHeaderName.METHOD.value(), value);
	}

	@Override
	public final Http2Headers scheme(CharSequence value) {
		return add(PseudoHeaderName.SCHEME.value(), value);
	}

	@Override
	public final Http2Headers authority(CharSequence value) {
		return add(PseudoHeaderName.AUTHORITY.value(), value);
	}

	@Override
	public final Http2Headers path(CharSequence value) {
		return add(PseudoHeaderName.PATH.value(), value);
	}

	@Override
	public final Http2Headers status(CharSequence value) {
		return add(PseudoHeaderName.STATUS.value(), value);
	}

	@Override
	public final @Nullable CharSequence method() {
		return get(PseudoHeaderName.METHOD.value());
	}

	@Override
	public final @Nullable CharSequence scheme() {
		return get(PseudoHeaderName.SCHEME.value());
	}

	@Override
	public final @Nullable CharSequence authority() {
		return get(PseudoHeaderName.AUTHORITY.value());
	}

	@Override
	public final @Nullable CharSequence path() {
		return get(PseudoHeaderName.PATH.value());
	}

	@Override
	public @Nullable CharSequence status() {
		return get(PseudoHeaderName.STATUS.value());
	}

	@Override
	public final boolean contains(CharSequence name, CharSequence value, boolean caseInsensitive) {
		CharSequence found = get(name);
		return found != null && (caseInsensitive ? AsciiString.contentEqualsIgnoreCase(found, value)
				: AsciiString.contentEquals(found, value));
	}

	@Override
	public final boolean equals(@Nullable Object other) {
		return this == other;
	}

	@Override
	public final int hashCode() {
		return System.identityHashCode(this);
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder("[");
		for (int i = 0; i < this.size; i++) {
			text.append((i > 0) ? ", " : "").append(name(i)).append(": ").append(value(i));
		}
		return text.append(']').toString();
	}

	private AsciiString field(int index) {
		AsciiString field = this.fields[index];
		if (field == null) {
			throw new IndexOutOfBoundsException(index);
		}
		return field;
	}

}
