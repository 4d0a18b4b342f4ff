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

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for a usable address, first come first served. Any thread adds and
 * removes; whoever removes a call owns its next attempt. Counts the bytes of requests
 * that calls without a stream keep, too.
 */
final class PendingCalls {

	/**
	 * Calls that try again in one turn of the serial context, before others have theirs.
	 */
	static final int BATCH = 256;

	private static final AtomicLongFieldUpdater<PendingCalls> TICKETS = AtomicLongFieldUpdater
		.newUpdater(PendingCalls.class, "tickets");

	private static final AtomicIntegerFieldUpdater<PendingCalls> SIZE = AtomicIntegerFieldUpdater
		.newUpdater(PendingCalls.class, "size");

	private static final AtomicLongFieldUpdater<PendingCalls> BYTES = AtomicLongFieldUpdater
		.newUpdater(PendingCalls.class, "bytes");

	private static final AtomicLongFieldUpdater<PendingCalls> REJECTED = AtomicLongFieldUpdater
		.newUpdater(PendingCalls.class, "rejected");

	private final SerialExecutor serial;

	/** By ticket; there once a call has waited. */
	private volatile @Nullable ConcurrentSkipListMap<Long, Waits> calls;

	// written by any thread

	@SuppressWarnings("UnusedVariable") // read through TICKETS
	private volatile long tickets;

	private volatile int size;

	private volatile long bytes;

	private volatile long rejected;

	// only in the serial context

	/** Calls up to this ticket have tried since the last change. */
	private long tried;

	private boolean retrying;

	PendingCalls(SerialExecutor serial) {
		this.serial = serial;
	}

	/**
	 * Lets a call wait. It keeps its place when it has to wait again.
	 * @return whether there was room; for a call that has its place there is
	 */
	boolean add(Waits waits, QueueLimits limits) {
		int now = SIZE.incrementAndGet(this);
		if (waits.ticket() == 0) {
			if (now > limits.maxCalls() || this.bytes > limits.maxBytes()) {
				SIZE.decrementAndGet(this);
				REJECTED.incrementAndGet(this);
				return false;
			}
			waits.ticket(TICKETS.incrementAndGet(this));
		}
		ConcurrentSkipListMap<Long, Waits> known = this.calls;
		((known != null) ? known : newCalls()).put(waits.ticket(), waits);
		return true;
	}

	/** Returns whether the call was waiting. */
	boolean remove(Waits waits) {
		ConcurrentSkipListMap<Long, Waits> known = this.calls;
		boolean removed = known != null && known.remove(waits.ticket(), waits);
		if (removed) {
			SIZE.decrementAndGet(this);
		}
		return removed;
	}

	/**
	 * Has every waiting call try once, the first ones at once and the others in later
	 * turns; those that must wait on add themselves again. In the serial context.
	 */
	void retryAll() {
		startOver();
		ConcurrentSkipListMap<Long, Waits> known = this.calls;
		if (!this.retrying && known != null && !known.isEmpty()) {
			this.retrying = true;
			retrySome(known);
		}
	}

	/**
	 * Picks are about to change, and {@link #retryAll} will follow: from now on the first
	 * calls are tried first, or a round that is under way would let others overtake them.
	 * In the serial context.
	 */
	void startOver() {
		this.serial.assertInContext();
		this.tried = 0;
	}

	/** Counts bytes that are kept, or no longer if negative, and returns all. */
	long keep(int more) {
		return BYTES.addAndGet(this, more);
	}

	/** A call was refused because it keeps too many bytes. */
	void rejected() {
		REJECTED.incrementAndGet(this);
	}

	int size() {
		return this.size;
	}

	long bytes() {
		return this.bytes;
	}

	long rejectedCount() {
		return this.rejected;
	}

	/** Those that wait, the first first; a view that changes under the reader. */
	Collection<Waits> waiting() {
		ConcurrentSkipListMap<Long, Waits> known = this.calls;
		return (known != null) ? known.values() : List.of();
	}

	private synchronized ConcurrentSkipListMap<Long, Waits> newCalls() {
		ConcurrentSkipListMap<Long, Waits> known = this.calls;
		if (known == null) {
			known = new ConcurrentSkipListMap<>();
			this.calls = known;
		}
		return known;
	}

	private void retrySome(ConcurrentSkipListMap<Long, Waits> known) {
		int left = BATCH;
		boolean more = true;
		try {
			for (Map.Entry<Long, Waits> entry : known.tailMap(this.tried, false).entrySet()) {
				if (left == 0) {
					return;
				}
				left--;
				this.tried = entry.getKey();
				if (remove(entry.getValue())) {
					entry.getValue().call().attempt();
				}
			}
			more = false;
		}
		finally {
			this.retrying = more;
			if (more) {
				this.serial.execute(() -> retrySome(known));
			}
		}
	}

}
