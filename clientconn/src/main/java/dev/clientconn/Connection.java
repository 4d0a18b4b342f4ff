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

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import dev.clientconn.time.Scheduler;
import dev.clientconn.transport.ClientTransport;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an address, READY unless its server does not serve. Streams are
 * reserved on it only while the address has {@link StreamSlots}.
 */
final class Connection {

	private static final AtomicIntegerFieldUpdater<Connection> RESERVED = AtomicIntegerFieldUpdater
		.newUpdater(Connection.class, "reserved");

	private final ClientTransport transport;

	private final long readyNanos;

	/** When the delay of the attempt is over. */
	private final long provenNanos;

	// only in the serial context

	/** To be replaced by another one. */
	private boolean due;

	private Scheduler.@Nullable Timer ageTimer;

	/** Why no calls go there; {@code null} if they do. */
	private @Nullable Status notServing;

	// written in the serial context, read by any thread

	private volatile @Nullable StreamSlots slots;

	// written by any thread

	private volatile int reserved;

	/** Written by event loops: whether the server has ended a call on it properly. */
	private volatile boolean served;

	/**
	 * Creates it.
	 * @param attempt what it was made by
	 * @param due whether it is to be replaced from the start
	 * @param nowNanos the time
	 */
	Connection(Attempt attempt, boolean due, long nowNanos) {
		this.transport = attempt.transport();
		this.due = due;
		this.readyNanos = nowNanos;
		this.provenNanos = attempt.startNanos() + attempt.delayNanos();
	}

	ClientTransport transport() {
		return this.transport;
	}

	/** The server has ended a call on it. Any thread. */
	void served() {
		if (!this.served) {
			this.served = true;
		}
	}

	/**
	 * Whether it was worth its attempt: it has served a call, or lasted as long as the
	 * delay of the attempt.
	 */
	boolean isProven(long nowNanos) {
		return this.served || nowNanos - this.provenNanos >= 0;
	}

	/** Any thread. */
	int reserved() {
		return this.reserved;
	}

	/** Returns whether there was room for one more stream. Any thread. */
	boolean reserve() {
		while (true) {
			int before = this.reserved;
			if (before >= this.transport.reservableStreams()) {
				return false;
			}
			if (RESERVED.compareAndSet(this, before, before + 1)) {
				return true;
			}
		}
	}

	/** Gives a stream back that was not used. Any thread. */
	void unreserve() {
		RESERVED.decrementAndGet(this);
	}

	/** A reserved stream has ended: another call may have its place. Any thread. */
	void release() {
		unreserve();
		StreamSlots others = this.slots;
		if (others != null) {
			others.serve();
		}
	}

	/** From now on streams are reserved here, or, with {@code null}, no longer. */
	void reservedAt(@Nullable StreamSlots slots) {
		this.slots = slots;
		this.transport.streamsReserved(slots != null);
	}

	/** Sets the timer of its age, in place of the one before. */
	void ageTimer(Scheduler.@Nullable Timer timer) {
		if (this.ageTimer != null) {
			this.ageTimer.cancel();
		}
		this.ageTimer = timer;
	}

	boolean isDue() {
		return this.due;
	}

	void setDue() {
		this.due = true;
	}

	@Nullable Status notServing() {
		return this.notServing;
	}

	void setNotServing(Status why) {
		this.notServing = why;
	}

	long readyNanos() {
		return this.readyNanos;
	}

	@Override
	public String toString() {
		return this.transport.toString();
	}

}
