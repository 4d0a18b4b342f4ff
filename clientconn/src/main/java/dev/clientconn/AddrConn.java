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
import java.util.Objects;

import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.naming.Address;
import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.transport.ClientTransport;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * One backend address for its life: keeps it connected, with backoff (Go's
 * {@code addrConn}, without a thread). Events are past-tense methods; each cell of this
 * table is a case of {@code AddrConnTransitionTests} ("." = ignored as stale, "-" =
 * cannot happen):
 *
 * <pre>
 * event                 IDLE        CONNECTING         READY                     TRANSIENT_FAILURE  SHUTDOWN
 * wanted                CONNECTING  .                  .                         .                  .
 * connected             -           READY              -                         -                  closes it
 * connect failed        -           TRANSIENT_FAILURE  -                         -                  .
 * backoff elapsed/reset -           -                  -                         CONNECTING         .
 * transport closed      -           (connect failed)   CONNECTING or             .                  .
 *                                                      TRANSIENT_FAILURE
 * going away            -           (connect failed)   as closed, old one drains .                  .
 * renew                 .           once READY         READY, a second connects  CONNECTING         .
 * renewed               -           -                  READY, old one drains     -                  closes it
 * renewal failed        -           -                  READY, tried again        -                  .
 * idle                  .           IDLE               IDLE, old one drains      IDLE               .
 * removed, closed       SHUTDOWN    SHUTDOWN           SHUTDOWN                  SHUTDOWN           .
 * </pre>
 *
 * A renewal makes a second connection while the first serves (make-before-break); the
 * READY one changes without a word to the balancer. When the first is lost meanwhile, the
 * second becomes the attempt of CONNECTING.
 * <p>
 * A lost connection is replaced at once if it served a call or lived as long as the delay
 * of its attempt; otherwise the loss counts as a failed attempt, so that a server which
 * accepts and then closes is not hammered (seed-spec K9).
 */
final class AddrConn {

	// set at creation, never change

	private final SerialExecutor serial;

	private final AddrConnSettings settings;

	private final AddrConnOwner owner;

	private final TransportEvents transportEvents;

	private final AddressHistory history;

	private final LeavingTransports leaving;

	private final Renewal renewal;

	private final AttemptPace pace;

	// only in the serial context

	private @Nullable ClientTransport connecting;

	private long readySinceNanos;

	private long listVersion;

	/** The attempt may have begun with what is now out of date. */
	private boolean renewOnceReady;

	// written in the serial context, read by any thread

	private volatile Address address;

	private volatile AddrConnState state;

	/**
	 * Written by event loops: whether the current connection has ended a call properly.
	 */
	private volatile boolean served;

	AddrConn(Address address, SerialExecutor serial, AddrConnSettings settings, AddrConnOwner owner) {
		this.address = address;
		this.serial = serial;
		this.settings = settings;
		this.owner = owner;
		this.transportEvents = new TransportEvents(this, serial);
		this.history = new AddressHistory(this, settings.target(), settings.scheduler());
		this.leaving = new LeavingTransports(settings.scheduler(), settings.pacing()::drainTimeout);
		this.renewal = new Renewal(this, serial, settings, owner, this.history);
		this.pace = new AttemptPace(settings);
		this.state = AddrConnState.idle(settings.scheduler().currentTimeMillis());
	}

	Address address() {
		return this.address;
	}

	AddrConnState state() {
		return this.state;
	}

	/** What each attempt tells its events to. */
	TransportEvents transportEvents() {
		return this.transportEvents;
	}

	boolean isTerminated() {
		return this.state.state() == ConnectivityState.SHUTDOWN && this.leaving.isEmpty();
	}

	/** Remembers that the address is in a list, and takes over what may change in it. */
	void listed(Address address, long version) {
		this.serial.assertInContext();
		this.listVersion = version;
		if (!address.equals(this.address)) {
			String before = this.address.metadata().get(Address.INSTANCE_ID);
			String now = address.metadata().get(Address.INSTANCE_ID);
			this.address = address;
			if (before != null && now != null && !before.equals(now)) {
				// Another process: what the last one failed at says nothing of it. A
				// READY
				// connection stays, because it has its own proof.
				this.history.add("restarted: instance " + now + " after " + before);
				this.pace.restart();
				backoffElapsed();
			}
		}
	}

	long listVersion() {
		return this.listVersion;
	}

	/** A call's attempt on this address has ended. Any thread. */
	void attemptEnded(Status status, boolean byServer) {
		this.history.attemptEnded(status);
		if (byServer && !this.served) {
			this.served = true;
		}
	}

	void wanted() {
		this.serial.assertInContext();
		if (this.state.state() == ConnectivityState.IDLE) {
			connect(null);
		}
	}

	void backoffReset() {
		this.serial.assertInContext();
		this.pace.reset();
		if (this.state.state() == ConnectivityState.TRANSIENT_FAILURE) {
			this.history.add("backoff reset");
			backoffElapsed();
		}
	}

	/**
	 * Replaces the connection, make-before-break.
	 * @return whether an attempt has begun, whose end {@link AddrConnOwner#renewalEnded}
	 * tells
	 */
	boolean renew() {
		this.serial.assertInContext();
		ConnectivityState current = this.state.state();
		if (current == ConnectivityState.READY) {
			this.renewal.begin();
			return true;
		}
		if (current == ConnectivityState.CONNECTING) {
			this.renewOnceReady = true;
		}
		else if (current == ConnectivityState.TRANSIENT_FAILURE) {
			backoffReset();
		}
		return false;
	}

	void idle() {
		this.serial.assertInContext();
		AddrConnState before = this.state;
		if (before.state() != ConnectivityState.IDLE && before.state() != ConnectivityState.SHUTDOWN) {
			abandonAttempt(Reasons.IDLE);
			moveTo(AddrConnState.idle(now()));
			this.leaving.drain(before.transport(), this.address, Reasons.IDLE);
			this.owner.renewalEnded(this);
		}
	}

	/**
	 * Ends this address: with {@link Reasons#DRAIN} calls on it may finish, with any
	 * other reason they end now ({@code tearDown} in Go).
	 */
	void tornDown(Status reason) {
		this.serial.assertInContext();
		AddrConnState before = this.state;
		if (before.state() != ConnectivityState.SHUTDOWN) {
			abandonAttempt(reason);
			moveTo(AddrConnState.shutdown(reason, now()));
			this.leaving.drain(before.transport(), this.address, reason);
			this.leaving.boundAll(this.address);
			this.owner.renewalEnded(this);
		}
		if (reason != Reasons.DRAIN) {
			// Also what was already draining: seed-spec K21.
			this.leaving.closeAll(reason);
		}
		if (isTerminated()) {
			this.owner.terminated(this);
		}
	}

	void connected(ClientTransport transport) {
		if (this.renewal.isOf(transport)) {
			renewed(transport);
		}
		else if (transport == this.connecting) {
			ready(AddrConnState.ready(transport, this.state.failures(), now()));
			if (this.renewOnceReady) {
				this.owner.renewalDue(this);
			}
		}
	}

	private void renewed(ClientTransport transport) {
		ClientTransport old = this.state.transport();
		begun(Objects.requireNonNull(this.renewal.take()));
		ready(this.state.renewed(transport));
		if (old != null) {
			this.leaving.drainUnbounded(old, Reasons.RENEWED);
		}
		this.owner.renewalEnded(this);
	}

	private void ready(AddrConnState next) {
		this.connecting = null;
		this.served = false;
		this.owner.connectFinished(this, this.pace.elapsedNanos(), Status.OK);
		moveTo(next);
		this.readySinceNanos = this.settings.scheduler().nanoTime();
	}

	void goingAway(ClientTransport transport, Status reason) {
		if (transport == this.connecting) {
			this.leaving.drain(transport, this.address, reason);
			connectFailed(reason);
		}
		else if (this.renewal.isOf(transport)) {
			this.leaving.drain(transport, this.address, reason);
			this.renewal.failed(reason);
		}
		else if (transport == this.state.transport()) {
			this.owner.goAwayReceived(this, reason);
			this.history.add("going away: " + reason.getDescription());
			lost(reason);
			this.leaving.drain(transport, this.address, reason);
		}
	}

	void closed(ClientTransport transport, Status cause) {
		if (this.leaving.ended(transport)) {
			if (isTerminated()) {
				this.owner.terminated(this);
			}
		}
		else if (transport == this.connecting) {
			connectFailed(cause);
		}
		else if (this.renewal.isOf(transport)) {
			this.renewal.failed(cause);
		}
		else if (transport == this.state.transport()) {
			lost(cause);
		}
	}

	private void connectFailed(Status cause) {
		this.connecting = null;
		this.owner.connectFinished(this, this.pace.elapsedNanos(), cause);
		backOff(cause);
	}

	private void lost(Status cause) {
		Attempt successor = this.renewal.take();
		boolean good = this.served || this.pace.hasLived();
		if (good) {
			this.pace.reset();
		}
		if (successor != null) {
			if (!good) {
				this.pace.failed();
			}
			moveTo(AddrConnState.connecting(good ? 0 : this.state.failures() + 1, cause, now()));
			begun(successor);
			this.owner.renewalEnded(this);
			this.owner.addressesSuspect();
		}
		else if (good) {
			connect(cause);
			this.owner.addressesSuspect();
		}
		else {
			backOff(cause);
		}
	}

	private void backOff(Status cause) {
		this.pace.failed();
		Duration rest = this.pace.rest();
		moveTo(AddrConnState.transientFailure(cause, this.state.failures() + 1, now(), now() + rest.toMillis()));
		if (this.state.state() == ConnectivityState.TRANSIENT_FAILURE) {
			this.pace.waitFor(rest, () -> this.serial.execute(this::backoffElapsed));
		}
		this.owner.addressesSuspect();
	}

	private void backoffElapsed() {
		if (this.state.state() == ConnectivityState.TRANSIENT_FAILURE) {
			connect(this.state.reason());
		}
	}

	/** State change and start of the attempt are one step (seed-spec K48). */
	private void connect(@Nullable Status lastFailure) {
		this.pace.endWait();
		boolean sticky = this.state.isFailing();
		moveTo(AddrConnState.connecting(sticky ? this.state.failures() : 0, lastFailure, now()));
		begun(this.pace.attempt(this.address, this.transportEvents));
	}

	private void begun(Attempt attempt) {
		this.renewOnceReady = false;
		this.pace.begun(attempt);
		this.connecting = attempt.transport();
	}

	private void abandonAttempt(Status reason) {
		this.pace.endWait();
		Attempt second = this.renewal.take();
		// Only one of the two runs: a renewal in READY, the other in CONNECTING.
		ClientTransport attempt = (second != null) ? second.transport() : this.connecting;
		this.connecting = null;
		if (attempt != null) {
			this.leaving.close(attempt, this.address, reason);
		}
	}

	/** The only place that changes {@link #state}. */
	private void moveTo(AddrConnState next) {
		this.serial.assertInContext();
		AddrConnState before = this.state;
		this.state = before.requireSuccessor(next, this);
		this.history.moved(before, next);
		ClientTransport old = before.transport();
		if (old != null && old != next.transport()) {
			boolean lost = next.state() == ConnectivityState.CONNECTING
					|| next.state() == ConnectivityState.TRANSIENT_FAILURE;
			this.owner.connectionEnded(this, this.settings.scheduler().nanoTime() - this.readySinceNanos,
					lost ? old.disconnectReason() : DisconnectReason.SUBCHANNEL_SHUTDOWN);
		}
		this.owner.stateChanged(this, before, next);
	}

	private long now() {
		return this.settings.scheduler().currentTimeMillis();
	}

	AddressState snapshot() {
		return this.history.snapshot(this.leaving);
	}

	@Override
	public String toString() {
		return this.settings.target() + " [" + this.address + "]";
	}

}
