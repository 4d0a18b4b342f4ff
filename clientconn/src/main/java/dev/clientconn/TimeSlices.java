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

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * What is known of the last seconds, in slices of equal length: the oldest slice is
 * forgotten as a whole when a new one begins. Without a lock and without a timer; any
 * thread.
 *
 * @param <T> what one slice holds; safe for use from any thread
 */
final class TimeSlices<T> {

	private final AtomicReferenceArray<@Nullable Slice<T>> ring;

	private final long sliceNanos;

	private final long originNanos;

	private final Supplier<T> empty;

	/**
	 * Creates it.
	 * @param window how long something is known at most; positive
	 * @param count how many slices that is; something is known for at least the window
	 * less one slice
	 * @param nowNanos {@link dev.clientconn.time.Scheduler#nanoTime}
	 * @param empty makes what a new slice holds
	 */
	TimeSlices(Duration window, int count, long nowNanos, Supplier<T> empty) {
		this.ring = new AtomicReferenceArray<>(count);
		this.sliceNanos = window.toNanos() / count;
		this.originNanos = nowNanos;
		this.empty = empty;
	}

	/** Returns the slice of this moment. */
	T at(long nowNanos) {
		long number = number(nowNanos);
		int index = index(number);
		while (true) {
			Slice<T> held = this.ring.get(index);
			// A thread that has slept for a whole window counts with a later slice.
			if (held != null && held.number >= number) {
				return held.content;
			}
			Slice<T> begun = new Slice<>(number, this.empty.get());
			if (this.ring.compareAndSet(index, held, begun)) {
				return begun.content;
			}
		}
	}

	/** Shows all slices of the window that ends now, in no order. */
	void each(long nowNanos, Consumer<T> reader) {
		long oldest = number(nowNanos) - this.ring.length() + 1;
		for (int i = 0; i < this.ring.length(); i++) {
			Slice<T> held = this.ring.get(i);
			if (held != null && held.number >= oldest) {
				reader.accept(held.content);
			}
		}
	}

	private long number(long nowNanos) {
		return (nowNanos - this.originNanos) / this.sliceNanos;
	}

	private int index(long number) {
		return Math.floorMod(number, this.ring.length());
	}

	private record Slice<T>(long number, T content) {
	}

}
