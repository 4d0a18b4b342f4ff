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

import java.util.concurrent.atomic.AtomicBoolean;

import dev.clientconn.stats.DelayReason;
import dev.clientconn.stats.RpcStats;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * What a call has waited for, and since when; its place in {@link PendingCalls}. Only
 * calls that could not be sent at once have one. Written by the owner of the attempt.
 */
@SuppressWarnings("EnumOrdinal") // plain arrays: only calls that wait have them
final class Waits {

	// set at creation, never change

	private final ClientConnCall<?, ?> call;

	// read by any thread; the reason is written last and read first

	/** {@code null} while the call does not wait. */
	private volatile @Nullable DelayReason reason;

	private volatile long sinceNanos;

	private volatile long listVersion;

	/** Place in the queue; 0 until the call has been in it. */
	private volatile long ticket;

	/** Where it waits, or has waited last, for a stream of an address. */
	private volatile StreamSlots.@Nullable Place streamPlace;

	/** When it waited for the first time. */
	private final long firstNanos;

	private volatile long pickedNanos;

	private final long[] nanos = new long[DelayReason.values().length];

	private final AtomicBoolean telling = new AtomicBoolean();

	/** Only by who has set {@link #telling}. */
	private final long[] told = new long[DelayReason.values().length];

	/** When the last attempt got its stream. */
	private volatile long openedNanos;

	/** How the attempt before ended, {@code null} before the second. */
	private volatile @Nullable Status lastEnd;

	Waits(ClientConnCall<?, ?> call, long nowNanos) {
		this.call = call;
		this.firstNanos = nowNanos;
		this.pickedNanos = nowNanos;
		this.openedNanos = nowNanos;
	}

	/** The call waits, perhaps as it did already. */
	void waitsFor(DelayReason what, CallEnv env) {
		long nowNanos = env.scheduler().nanoTime();
		this.listVersion = env.control.conns().facts().version();
		DelayReason before = this.reason;
		if (before != what) {
			settle(before, nowNanos);
			this.sinceNanos = nowNanos;
			this.reason = what;
		}
	}

	/** The call waits no more, as it has an address. */
	void picked(long nowNanos) {
		settle(this.reason, nowNanos);
		this.pickedNanos = nowNanos;
		this.reason = null;
	}

	/** Adds time that the call has waited for something else than an address. */
	void add(DelayReason what, long waitedNanos) {
		this.nanos[what.ordinal()] += waitedNanos;
	}

	void opened(long nowNanos) {
		this.openedNanos = nowNanos;
	}

	void attemptEnded(Status status) {
		this.lastEnd = status;
	}

	ClientConnCall<?, ?> call() {
		return this.call;
	}

	long ticket() {
		return this.ticket;
	}

	void ticket(long place) {
		this.ticket = place;
	}

	StreamSlots.@Nullable Place streamPlace() {
		return this.streamPlace;
	}

	void streamPlace(StreamSlots.Place place) {
		this.streamPlace = place;
	}

	/** Returns whether the call was waiting for a stream of an address. */
	boolean leaveLine() {
		StreamSlots.Place inLine = this.streamPlace;
		return inLine != null && inLine.leave();
	}

	@Nullable DelayReason reason() {
		return this.reason;
	}

	long sinceNanos() {
		return this.sinceNanos;
	}

	long firstNanos() {
		return this.firstNanos;
	}

	long listVersion() {
		return this.listVersion;
	}

	/** When it last had an address. */
	long pickedNanos() {
		return this.pickedNanos;
	}

	long openedNanos() {
		return this.openedNanos;
	}

	@Nullable Status lastEnd() {
		return this.lastEnd;
	}

	/** Nanoseconds that the call has waited for something so far. */
	long waitedNanos(DelayReason what, long nowNanos) {
		boolean now = this.reason == what;
		return this.nanos[what.ordinal()] + (now ? nowNanos - this.sinceNanos : 0);
	}

	/**
	 * Tells of what the call has waited for since it was told last. By the owner of an
	 * attempt, or by whoever ends a call that has had none: the two may meet.
	 */
	void tell(RpcStats stats, long nowNanos) {
		if (!this.telling.compareAndSet(false, true)) {
			return;
		}
		for (DelayReason what : DelayReason.values()) {
			long all = waitedNanos(what, nowNanos);
			long fresh = all - this.told[what.ordinal()];
			if (fresh > 0) {
				this.told[what.ordinal()] = all;
				stats.delayed(what, fresh);
			}
		}
		this.telling.set(false);
	}

	private void settle(@Nullable DelayReason before, long nowNanos) {
		if (before != null) {
			add(before, nowNanos - this.sinceNanos);
		}
	}

}
