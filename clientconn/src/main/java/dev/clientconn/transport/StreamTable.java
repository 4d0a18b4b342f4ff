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

import org.jspecify.annotations.Nullable;

/**
 * Open streams by id: open addressing with linear probing, so that neither adding nor
 * removing a stream allocates. Only on the event loop.
 */
final class StreamTable {

	private static final int INITIAL_CAPACITY = 4;

	private @Nullable Http2Stream[] slots = new @Nullable Http2Stream[INITIAL_CAPACITY];

	private int size;

	int size() {
		return this.size;
	}

	boolean isEmpty() {
		return this.size == 0;
	}

	void put(Http2Stream stream) {
		if ((this.size + 1) * 2 > this.slots.length) {
			resize();
		}
		insert(stream);
		this.size++;
	}

	@Nullable Http2Stream get(int id) {
		int mask = this.slots.length - 1;
		for (int i = index(id, mask);; i = (i + 1) & mask) {
			Http2Stream stream = this.slots[i];
			if (stream == null || stream.id == id) {
				return stream;
			}
		}
	}

	@Nullable Http2Stream remove(int id) {
		int mask = this.slots.length - 1;
		int hole = index(id, mask);
		Http2Stream removed;
		while (true) {
			removed = this.slots[hole];
			if (removed == null) {
				return null;
			}
			if (removed.id == id) {
				break;
			}
			hole = (hole + 1) & mask;
		}
		// Close the gap, so that no tombstones pile up: move back every stream that
		// probing from its home would no longer find.
		for (int i = (hole + 1) & mask;; i = (i + 1) & mask) {
			Http2Stream stream = this.slots[i];
			if (stream == null) {
				break;
			}
			int distanceToHome = (i - index(stream.id, mask)) & mask;
			int distanceToHole = (i - hole) & mask;
			if (distanceToHome >= distanceToHole) {
				this.slots[hole] = stream;
				hole = i;
			}
		}
		this.slots[hole] = null;
		this.size--;
		return removed;
	}

	/** Returns the streams by rising id; the array does not follow later changes. */
	Http2Stream[] toArray() {
		Http2Stream[] streams = new Http2Stream[this.size];
		int n = 0;
		for (Http2Stream stream : this.slots) {
			if (stream != null) {
				streams[n++] = stream;
			}
		}
		Arrays.sort(streams, (a, b) -> Integer.compare(a.id, b.id));
		return streams;
	}

	private void insert(Http2Stream stream) {
		int mask = this.slots.length - 1;
		int i = index(stream.id, mask);
		while (this.slots[i] != null) {
			i = (i + 1) & mask;
		}
		this.slots[i] = stream;
	}

	private void resize() {
		@Nullable Http2Stream[] old = this.slots;
		this.slots = new @Nullable Http2Stream[old.length * 2];
		for (Http2Stream stream : old) {
			if (stream != null) {
				insert(stream);
			}
		}
	}

	/**
	 * Ids of a client are consecutive. Next to each other in the table they would be one
	 * row, whose rest each removal had to go through: the golden ratio keeps them apart.
	 */
	private static int index(int id, int mask) {
		return ((id >>> 1) * 0x9E3779B9) >>> Integer.numberOfLeadingZeros(mask);
	}

}
