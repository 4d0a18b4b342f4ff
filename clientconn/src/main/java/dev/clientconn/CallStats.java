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

import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import dev.clientconn.naming.Address;
import dev.clientconn.stats.AttemptStats;
import dev.clientconn.stats.Repeats;
import dev.clientconn.stats.RpcStats;
import dev.clientconn.time.Scheduler;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Tells a call's events to the {@link RpcStats} of its ClientConn, directly and without
 * an allocation. Calls that nobody follows have no such object.
 */
final class CallStats {

	private static final AtomicLongFieldUpdater<CallStats> SENT = AtomicLongFieldUpdater.newUpdater(CallStats.class,
			"sentBytes");

	// set at the start of the call, never change

	private final RpcStats stats;

	private final Scheduler scheduler;

	private final long startNanos;

	/** {@code null} where the call stands alone. */
	private final @Nullable RetriableAttempt<?, ?> of;

	// written by the owner of the attempt before its stream exists, then by its loop

	private @Nullable AttemptStats attempt;

	private long attemptStartNanos;

	private long receivedBytes;

	/** Attempts that repeat one which no server has processed. */
	private int repeats;

	/**
	 * Written by the sending thread. All attempts are sent all messages of the call, so
	 * this is what an attempt was given by the time that it ends.
	 */
	private volatile long sentBytes;

	private CallStats(RpcStats stats, Scheduler scheduler, long startNanos, @Nullable RetriableAttempt<?, ?> of) {
		this.of = of;
		this.stats = stats;
		this.scheduler = scheduler;
		this.startNanos = startNanos;
		this.attemptStartNanos = startNanos;
	}

	/**
	 * Returns what tells the events of a call.
	 * @param stats {@code null} for no interest
	 * @param of what it is of a {@link RetriableCall}, which tells itself what concerns
	 * the whole; {@code null} if it stands alone
	 */
	static @Nullable CallStats of(@Nullable RpcStats stats, Scheduler scheduler, long startNanos,
			@Nullable RetriableAttempt<?, ?> of) {
		return (stats != null) ? new CallStats(stats, scheduler, startNanos, of) : null;
	}

	/** The call has waited, and does not any more. */
	void delayed(Waits waits) {
		waits.tell(this.stats, this.scheduler.nanoTime());
	}

	/** To be called before the stream exists, whose end may be told by another thread. */
	void attemptStarted(Address address, int previousAttempts) {
		this.receivedBytes = 0;
		long waitedNanos = this.scheduler.nanoTime() - this.attemptStartNanos;
		boolean transparent = previousAttempts > 0;
		this.repeats = previousAttempts;
		int before = (this.of != null) ? this.of.countStream(transparent) : previousAttempts;
		this.attempt = this.stats.attemptStarted(address, before, transparent, waitedNanos);
	}

	void messageSent(int wireBytes) {
		SENT.lazySet(this, this.sentBytes + wireBytes - MessageFramer.PREFIX_BYTES);
		if (this.of == null) {
			this.stats.messageSent(wireBytes);
		}
	}

	void headersReceived() {
		this.stats.headersReceived();
	}

	void messageReceived(int wireBytes) {
		this.receivedBytes += wireBytes - MessageFramer.PREFIX_BYTES;
		this.stats.messageReceived(wireBytes);
	}

	void attemptEnded(Status status) {
		long now = this.scheduler.nanoTime();
		AttemptStats ended = this.attempt;
		if (ended != null) {
			this.attempt = null;
			ended.ended(status, now - this.attemptStartNanos, this.sentBytes, this.receivedBytes);
		}
		this.attemptStartNanos = now;
	}

	void callEnded(Status status) {
		if (this.repeats > 0) {
			this.stats.repeated(new Repeats(0, this.repeats, 0, 0));
		}
		this.stats.ended(status, this.scheduler.nanoTime() - this.startNanos);
	}

}
