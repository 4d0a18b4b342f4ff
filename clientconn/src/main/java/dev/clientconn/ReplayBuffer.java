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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * The request messages of one call as long as another attempt may need them (gRFC A6).
 * Attempts read them by number, each at its own pace. Once the call is committed to one
 * attempt, what that one has taken is dropped. Any thread.
 */
final class ReplayBuffer {

	private final RetryOptions limits;

	/** Bytes that all calls of the ClientConn keep. */
	private final AtomicLong ofChannel;

	// guarded by this

	private final List<@Nullable RequestFrame> frames = new ArrayList<>(1);

	/** The number of the first of {@link #frames}. */
	private int first;

	/** Bytes counted for this call. */
	private long counted;

	private boolean halfClosed;

	private boolean full;

	private boolean committed;

	ReplayBuffer(RetryOptions limits, AtomicLong ofChannel) {
		this.limits = limits;
		this.ofChannel = ofChannel;
	}

	/**
	 * Adds a message; also one above the limits, for it must reach at least one attempt.
	 */
	synchronized void add(RequestFrame frame) {
		if (this.halfClosed) {
			return;
		}
		this.frames.add(frame);
		if (!this.committed) {
			int bytes = frame.bytes().length;
			this.counted += bytes;
			long all = this.ofChannel.addAndGet(bytes);
			this.full |= this.counted > this.limits.bufferPerCall() || all > this.limits.bufferPerChannel();
		}
	}

	synchronized void halfClose() {
		this.halfClosed = true;
	}

	/** Tells whether the call has to be committed, as it keeps more than it may. */
	synchronized boolean isFull() {
		return this.full;
	}

	/**
	 * Returns a message.
	 * @param number counts from 0
	 * @param last whether no other attempt will need it
	 * @return {@code null} if there is none (yet), or if the attempt has lost
	 */
	synchronized @Nullable RequestFrame take(int number, boolean last) {
		int index = number - this.first;
		if (index < 0 || index >= this.frames.size()) {
			return null;
		}
		RequestFrame frame = this.frames.get(index);
		if (last) {
			dropThrough(index);
		}
		return frame;
	}

	/** Tells whether the request is complete with so many messages. */
	synchronized boolean isWhole(int taken) {
		return this.halfClosed && taken == this.first + this.frames.size();
	}

	/**
	 * No attempt but one needs messages from now on.
	 * @param taken how many that one has taken
	 */
	synchronized void commit(int taken) {
		this.committed = true;
		dropThrough(taken - 1 - this.first);
		uncount();
	}

	/** The call has ended. */
	synchronized void release() {
		this.committed = true;
		this.halfClosed = true;
		dropThrough(this.frames.size() - 1);
		uncount();
	}

	private void uncount() {
		this.ofChannel.addAndGet(-this.counted);
		this.counted = 0;
		this.full = false;
	}

	private void dropThrough(int index) {
		if (index == this.frames.size() - 1) {
			this.first += this.frames.size();
			this.frames.clear();
			return;
		}
		for (int i = index; i >= 0 && this.frames.get(i) != null; i--) {
			this.frames.set(i, null);
		}
	}

}
