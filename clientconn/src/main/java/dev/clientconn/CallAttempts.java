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

import java.util.Objects;

import dev.clientconn.balancer.Pick;
import dev.clientconn.naming.Address;
import dev.clientconn.stats.DelayReason;
import dev.clientconn.transport.ClientStream;
import dev.clientconn.transport.ClientTransport;
import dev.clientconn.transport.Processing;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Where the attempts of one call go: picks an address, queues the call while there is
 * none, asks for credentials, and decides about another attempt. At any time one party
 * owns the next attempt: the starting thread, the queue of pending calls, or the event
 * loop on which the last attempt ended. What others read as well is volatile.
 */
final class CallAttempts {

	// set at creation, never change

	private final ClientConnCall<?, ?> call;

	// only in the owner of the attempt

	private Pick pick = Pick.queue();

	private @Nullable Connection connection;

	/** Took no stream of ours: not asked again while it is still published. */
	private @Nullable Connection rejectedBy;

	/** Whether a stream of the connection is reserved for the call. */
	private boolean reserved;

	private boolean refused;

	private boolean dropped;

	/** Why the last choice was to wait. */
	private DelayReason delay = DelayReason.CONNECTING;

	// written by the owner of the attempt, read by whoever ends the call

	/** Another one after an update; who reads it late still finds all that is shared. */
	private CallEnv env;

	private volatile @Nullable AddrConn addrConn;

	private volatile int count;

	/** What it has waited for; calls that find an address at once have none. */
	private volatile @Nullable Waits waits;

	/** Set before the first attempt; calls without credentials have none. */
	private volatile @Nullable AskedCredentials credentials;

	CallAttempts(CallEnv env, ClientConnCall<?, ?> call) {
		this.env = env;
		this.call = call;
	}

	/** What the call has waited for, {@code null} if it found an address at once. */
	@Nullable Waits waited() {
		return this.waits;
	}

	/** How many streams the call has had. */
	int count() {
		return this.count;
	}

	/** Whether the balancer has refused the call. */
	boolean isDropped() {
		return this.dropped;
	}

	/** Chooses an address and starts an attempt on it, or queues the call, or ends it. */
	void next() {
		boolean again = true;
		while (again) {
			again = chooseOrQueue();
		}
	}

	/**
	 * Returns whether picks have changed while the call was queued, and it tries again.
	 */
	private boolean chooseOrQueue() {
		if (this.call.hasEnded()) {
			return false;
		}
		Status closing = this.env.core.shutdownNow;
		if (closing != null) {
			this.call.fail(closing);
			return false;
		}
		int epoch = this.env.control.conns().epoch();
		Status failure = choose();
		while (failure == Reasons.SUPERSEDED) {
			failure = move();
			if (failure.isOk()) {
				epoch = this.env.control.conns().epoch();
				failure = choose();
			}
		}
		if (failure == null) {
			return false;
		}
		if (this.call.goesOnlyElsewhere()) {
			this.call.fail(Reasons.NO_OTHER_ADDRESS);
			return false;
		}
		boolean stale = failure == Reasons.STALE_PICK;
		if (!stale && !failure.isOk()) {
			this.call.fail(failure);
			return false;
		}
		this.env.exitIdle();
		Waits waiting = waits();
		waiting.waitsFor(stale ? DelayReason.STATE_MISMATCH : this.delay, this.env);
		if (!this.env.pending().add(waiting, this.env.options.queueLimits)) {
			this.call.fail(Diagnosis.queueFull(this.env));
			return false;
		}
		if (this.call.hasEnded()) {
			this.env.pending().remove(waiting);
		}
		else if (stale) {
			this.env.control.conns().picksChanged();
		}
		else if (this.env.control.conns().epoch() != epoch || this.env.core.shutdownNow != null) {
			// This one alone: if it woke all, while calls keep coming one of them
			// would see that as the next change.
			return this.env.pending().remove(waiting);
		}
		return false;
	}

	/**
	 * Tells of the end of an attempt.
	 * @param status how its stream ended
	 * @param processing what the server may have done with it
	 */
	void ended(Status status, Processing processing) {
		putPick(status);
		AddrConn at = this.addrConn;
		Connection on = this.connection;
		if (at != null && on != null && this.count > 0) {
			at.attemptEnded(status);
			if (processing == Processing.ANSWERED) {
				on.served();
			}
		}
	}

	/**
	 * Returns whether the call may be sent again: freely if nothing was written, once if
	 * the server says that it did not process it (design decision 5).
	 */
	boolean mayRepeat(Processing processing) {
		return switch (processing) {
			case NOT_SENT -> true;
			case REFUSED -> {
				boolean first = !this.refused;
				this.refused = true;
				yield this.call.mayRepeatRefused(first);
			}
			case POSSIBLE, ANSWERED -> false;
		};
	}

	/** Starts another attempt after one that ended so. */
	void repeat(Status status, Processing processing) {
		// After REFUSED_STREAM the connection is as good as before, and no event
		// will come to wake a call that waits for another one.
		this.rejectedBy = (processing == Processing.NOT_SENT) ? this.connection : null;
		waits().attemptEnded(status);
		next();
	}

	/** A stream has become free for the call, which was taken from the line. */
	void streamReserved(Connection free) {
		waits().picked(this.env.scheduler().nanoTime());
		this.connection = free;
		this.reserved = true;
		begin(free.transport(), true);
	}

	/** There are no streams to wait for any more; the call was taken from the line. */
	void evicted() {
		putPick(Reasons.DRAIN);
		next();
	}

	boolean isReserved() {
		return this.reserved;
	}

	/** The call has ended: it leaves the queues and gives back its pick. */
	void callEnded(Status status) {
		Waits waited = this.waits;
		if (waited != null) {
			// Here and not before: until it has ended the call may still queue itself.
			this.env.pending().remove(waited);
		}
		leaveSlots(status);
		AskedCredentials asked = this.credentials;
		if (asked != null) {
			asked.abandon(status);
		}
	}

	// for AskedCredentials: the pick is theirs until they go on, give up or are abandoned

	/** From now on the end of the call abandons them. */
	void asks(AskedCredentials asked) {
		this.credentials = asked;
	}

	/** Most answer while they are asked: only the others have taken time. */
	void credentialsTook(long nanos) {
		waits().add(DelayReason.CREDENTIALS, nanos);
	}

	/** Nanoseconds since the attempt that is about to begin had an address. */
	long sincePickNanos() {
		Waits waited = this.waits;
		return (waited != null) ? this.env.scheduler().nanoTime() - waited.pickedNanos() : this.call.elapsedNanos();
	}

	/** Says for a deadline that has passed where the time went; any thread. */
	Status whereItWaits(Status code) {
		Waits waited = this.waits;
		AddrConn at = this.addrConn;
		ClientStream stream = this.call.stream();
		long now = this.env.scheduler().nanoTime();
		TimeSpent spent = new TimeSpent().waited(waited, now);
		StreamSlots.Place inLine = (waited != null) ? waited.streamPlace() : null;
		AskedCredentials asked = this.credentials;
		if (at != null && inLine != null && inLine.isTaken()) {
			spent.add("it waits for a stream: " + at.address() + " has " + inLine.slots().describe());
		}
		else if (stream != null && at != null) {
			long sinceNanos = (waited != null) ? now - waited.openedNanos() : this.call.elapsedNanos();
			spent.attempt(at.address(), stream.progress(), sinceNanos, this.call.received());
		}
		else if (asked != null && asked.isWaiting()) {
			spent.add("its credentials have not answered within " + TimeSpent.seconds(sincePickNanos()));
		}
		else {
			Status status = Diagnosis.noReadyConnection(code, this.env, this.call.elapsedNanos());
			return status.withDescription(spent.add(String.valueOf(status.getDescription())).toString());
		}
		return code.withDescription(spent.toString());
	}

	/**
	 * Returns {@code null} if an attempt was started, OK to queue,
	 * {@link Reasons#STALE_PICK} to queue and be asked for again in any case, else why
	 * the call fails.
	 */
	private @Nullable Status choose() {
		Pick choice;
		try {
			choice = this.env.control.balancer().get(this.call);
		}
		catch (RuntimeException ex) {
			return Status.INTERNAL.withDescription("the balancer failed to pick an address: " + ex).withCause(ex);
		}
		if (!choice.failure().isOk()) {
			this.dropped = choice.failure() != Reasons.SUPERSEDED;
			return choice.failure();
		}
		boolean failing = this.env.isFailing();
		Address address = choice.address();
		if (address != null) {
			AddrConn to = this.env.control.conns().find(address);
			AddrConnState state = (to != null) ? to.state() : null;
			Connection usable = (state != null) ? state.connection() : null;
			StreamSlots shared = (state != null) ? state.slots() : null;
			if (to != null && usable != null && (usable != this.rejectedBy || shared != null)
					&& this.call.takes(address)) {
				this.pick = choice;
				this.addrConn = to;
				Waits waited = this.waits;
				if (waited != null) {
					waited.picked(this.env.scheduler().nanoTime());
				}
				if (shared != null) {
					reserve(shared);
				}
				else {
					this.connection = usable;
					begin(usable.transport(), this.env.control.serial().inContext());
				}
				return null;
			}
			Pick.Put put = choice.put();
			if (put != null) {
				put.put(Reasons.DRAIN);
			}
			if (!failing && state != null && state.isFailing()) {
				if (!this.env.control.serial().inContext()) {
					return Reasons.STALE_PICK;
				}
				failing = true;
			}
		}
		if (failing && !this.call.waitForReady()) {
			return Diagnosis.noReadyConnection(Status.UNAVAILABLE, this.env, this.call.elapsedNanos());
		}
		this.delay = failing ? DelayReason.FAILING : this.env.delay(address != null);
		return Status.OK;
	}

	private Waits waits() {
		Waits known = this.waits;
		if (known == null) {
			known = new Waits(this.call, this.env.scheduler().nanoTime());
			this.waits = known;
		}
		return known;
	}

	/** Goes where calls go since the last update; returns OK, or why it may not. */
	private Status move() {
		CallEnv next = this.env.control.owner().current();
		if (this.credentials != null && this.env.identity.secure() && !next.identity.secure()) {
			return Status.UNAVAILABLE.withDescription("the client connection was changed to plaintext, and the call"
					+ " carries credentials that were given for TLS");
		}
		this.env = next;
		return Status.OK;
	}

	/** Takes a stream of an address with several connections, or waits for one. */
	private void reserve(StreamSlots shared) {
		Connection free = shared.acquire();
		if (free != null) {
			this.connection = free;
			this.reserved = true;
			begin(free.transport(), this.env.control.serial().inContext());
			return;
		}
		Waits waiting = waits();
		waiting.waitsFor(DelayReason.STREAM_LIMIT, this.env);
		StreamSlots.Place inLine = shared.place();
		waiting.streamPlace(inLine);
		shared.await(inLine, this);
		if (this.call.hasEnded()) {
			leaveSlots(Status.CANCELLED);
		}
	}

	/** The call has a pick, but no stream that would give it back. */
	private void leaveSlots(Status status) {
		Waits waited = this.waits;
		if (waited != null && waited.leaveLine()) {
			putPick(status);
		}
	}

	/** Starts the attempt; {@code waited} on a thread that is not the caller's. */
	private void begin(ClientTransport chosen, boolean waited) {
		if (this.count == 0 && CredentialsApplier.hasWork(this.env, this.call.callOptions())) {
			new AskedCredentials(this, this.env, this.call, chosen).ask(waited);
		}
		else {
			open(chosen);
		}
	}

	void open(ClientTransport chosen) {
		Address to = Objects.requireNonNull(this.addrConn).address();
		int previous = this.count;
		this.count = previous + 1;
		Waits waited = this.waits;
		if (waited != null) {
			waited.opened(this.env.scheduler().nanoTime());
		}
		this.call.open(chosen, to, this.call.headersTo(to), previous);
	}

	void putPick(Status status) {
		Pick.Put put = this.pick.put();
		this.pick = Pick.queue();
		try {
			if (put != null) {
				put.put(status);
			}
		}
		finally {
			Connection on = this.connection;
			if (this.reserved && on != null) {
				this.reserved = false;
				on.release();
			}
		}
	}

}
