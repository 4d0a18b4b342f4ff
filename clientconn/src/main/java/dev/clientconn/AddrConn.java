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

import java.util.List;

import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.balancer.Balancer;
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
 * backoff elapsed/reset -           -                  goes on with upkeep       CONNECTING         .
 * last one closed       -           (connect failed)   CONNECTING or             .                  .
 *                                                      TRANSIENT_FAILURE
 * going away            -           (connect failed)   as closed, it drains      .                  .
 * one of several closed -           -                  READY on the others       -                  -
 * renew                 .           once READY         READY, another connects   CONNECTING         .
 * streams run out       -           -                  READY, another connects   -                  -
 * another connected     -           -                  READY on it too, or it    -                  closes it
 *                                                      renews: the old one drains
 * another one failed    -           -                  READY, tried again        -                  .
 * in surplus            -           -                  READY, newest one drains  -                  -
 * not serving           -           TRANSIENT_FAILURE  so, or READY on others    (another reason)   closes it
 * serving again         -           -                  READY on it too           READY              closes it
 * idle                  .           IDLE               IDLE, all drain           IDLE               .
 * removed, closed       SHUTDOWN    SHUTDOWN           SHUTDOWN                  SHUTDOWN           .
 * </pre>
 *
 * At most one attempt runs. In READY it is {@link Upkeep}, of which the balancer hears
 * nothing; if the last connection is lost meanwhile, it becomes the attempt of
 * CONNECTING.
 * <p>
 * A lost connection is replaced at once if it served a call or lived as long as the delay
 * of its attempt, unless an attempt beside it has failed and waits; otherwise the loss
 * counts as a failed attempt, so that a server which accepts and then closes is not
 * hammered (seed-spec K9).
 */
final class AddrConn {

	// set at creation, never change

	private final SerialExecutor serial;

	private final AddrConnSettings settings;

	private final AddrConnOwner owner;

	private final TransportEvents transportEvents;

	private final AddressHistory history;

	private final LeavingTransports leaving;

	private final Attempts attempts;

	private final ConnectionPool pool;

	private final Upkeep upkeep;

	// only in the serial context

	/** Tells the balancer when this is READY no more; {@code null} while it is not. */
	private Balancer.@Nullable Down down;

	// written in the serial context, read by any thread

	private volatile Address address;

	private volatile AddrConnState state;

	AddrConn(Address address, SerialExecutor serial, AddrConnSettings settings, AddrConnOwner owner) {
		this.address = address;
		this.serial = serial;
		this.settings = settings;
		this.owner = owner;
		this.transportEvents = new TransportEvents(new HealthChecks(this, settings, serial), this, serial);
		this.history = new AddressHistory(this, settings.target(), settings.scheduler());
		this.leaving = new LeavingTransports(settings, this.transportEvents.health());
		this.attempts = new Attempts(this, serial, settings);
		this.pool = new ConnectionPool(this, serial, settings);
		this.upkeep = new Upkeep(this, owner, this.attempts, this.pool, this.history);
		this.state = AddrConnState.idle(settings.scheduler().currentTimeMillis());
	}

	Address address() {
		return this.address;
	}

	AddrConnState state() {
		return this.state;
	}

	TransportEvents transportEvents() {
		return this.transportEvents;
	}

	Upkeep upkeep() {
		return this.upkeep;
	}

	Balancer.@Nullable Down down() {
		return this.down;
	}

	void down(Balancer.@Nullable Down told) {
		this.down = told;
	}

	boolean isTerminated() {
		return is(ConnectivityState.SHUTDOWN) && this.leaving.isEmpty();
	}

	/** Remembers that the address is in a list, and takes over what may change in it. */
	void listed(Address address) {
		this.serial.assertInContext();
		Address before = this.address;
		this.address = address;
		if (this.history.restarted(before, address)) {
			// READY connections stay, they have their own proof.
			this.attempts.restart();
			backoffElapsed();
		}
	}

	/** Of the address list in use. */
	long listVersion() {
		return this.owner.listVersion();
	}

	/** What is connected, whether calls go there or not. */
	List<ClientTransport> transports() {
		return this.pool.all().stream().map(Connection::transport).toList();
	}

	/** A call's attempt on this address has ended. Any thread. */
	void attemptEnded(Status status) {
		this.history.attemptEnded(status);
	}

	void wanted() {
		this.serial.assertInContext();
		if (is(ConnectivityState.IDLE)) {
			connect(null);
		}
	}

	void backoffReset() {
		this.serial.assertInContext();
		this.attempts.reset();
		if (this.attempts.isWaiting()) {
			this.history.add("backoff reset");
			backoffElapsed();
		}
	}

	/** What is connected or connects now is to be replaced by {@link #renew}. */
	void outOfDate() {
		this.serial.assertInContext();
		this.pool.setDue();
		this.attempts.setOutOfDate();
	}

	/**
	 * Replaces the oldest connection that is due, make-before-break.
	 * @return whether an attempt has begun, whose end {@link AddrConnOwner#renewalEnded}
	 * tells
	 */
	boolean renew() {
		this.serial.assertInContext();
		if (is(ConnectivityState.TRANSIENT_FAILURE)) {
			backoffReset();
		}
		return this.upkeep.renew();
	}

	void idle() {
		this.serial.assertInContext();
		if (!is(ConnectivityState.IDLE) && !is(ConnectivityState.SHUTDOWN)) {
			leave(AddrConnState.idle(now()), Reasons.IDLE);
		}
	}

	/**
	 * Ends this address: with {@link Reasons#DRAIN} calls on it may finish, with any
	 * other reason they end now ({@code tearDown} in Go).
	 */
	void tornDown(Status reason) {
		this.serial.assertInContext();
		if (reason != Reasons.DRAIN) {
			// What is draining: seed-spec K21.
			this.leaving.closeAll(reason);
		}
		if (!is(ConnectivityState.SHUTDOWN)) {
			leave(AddrConnState.shutdown(reason, now()), reason);
			if (reason == Reasons.DRAIN) {
				this.leaving.boundAll(this.address);
			}
		}
		if (isTerminated()) {
			this.owner.terminated(this);
		}
	}

	/** Gives up the attempt and lets go of all connections, because we want to. */
	private void leave(AddrConnState next, Status reason) {
		this.attempts.endWait();
		ClientTransport abandoned = this.attempts.abandon();
		if (abandoned != null) {
			this.leaving.close(abandoned, reason);
		}
		List<Connection> left = this.pool.removeAll();
		left.forEach((connection) -> ended(connection, DisconnectReason.SUBCHANNEL_SHUTDOWN));
		moveTo(next);
		left.forEach((connection) -> this.leaving.end(connection.transport(), this.address, reason));
		this.owner.renewalEnded(this);
	}

	void connected(ClientTransport transport) {
		Connection connection = this.upkeep.made(transport);
		if (connection == null || this.pool.isReady(connection)) {
			return;
		}
		Connection replaced = this.upkeep.replaced();
		this.pool.add(connection);
		if (replaced != null) {
			retire(replaced, Reasons.RENEWED);
		}
		else {
			publish();
		}
		this.upkeep.connected(replaced);
	}

	/** The server does not serve, or nobody knows: no new calls go there. */
	void notServing(ClientTransport transport, Status why) {
		Connection connection = this.upkeep.made(transport);
		if (connection != null) {
			this.pool.setAside(connection, why);
			publish();
			this.owner.renewalEnded(this);
		}
	}

	void goingAway(ClientTransport transport, Status reason) {
		Connection connection = this.pool.find(transport);
		if (this.attempts.isOf(transport)) {
			this.leaving.drain(transport, this.address, reason);
			connectFailed(reason);
		}
		else if (connection != null) {
			this.owner.goAwayReceived(this, reason);
			this.history.add("going away: " + reason.getDescription());
			lost(connection, reason);
			this.leaving.drain(transport, this.address, reason);
		}
	}

	void closed(ClientTransport transport, Status cause) {
		Connection connection = this.pool.find(transport);
		if (this.leaving.ended(transport)) {
			if (isTerminated()) {
				this.owner.terminated(this);
			}
		}
		else if (this.attempts.isOf(transport)) {
			connectFailed(cause);
		}
		else if (connection != null) {
			lost(connection, cause);
		}
	}

	private void connectFailed(Status cause) {
		this.attempts.abandon();
		this.owner.connectFinished(this, this.attempts.elapsedNanos(), cause);
		this.attempts.failed();
		if (!this.pool.isEmpty()) {
			this.upkeep.failed(cause);
		}
		else {
			backOff(cause);
			this.owner.addressesSuspect();
		}
	}

	private void lost(Connection connection, Status cause) {
		boolean proven = this.attempts.lost(connection);
		this.pool.remove(connection);
		ended(connection, connection.transport().disconnectReason());
		if (!this.pool.isEmpty()) {
			publish();
			this.upkeep.lost(proven, cause);
		}
		else if (this.attempts.isRunning()) {
			moveTo(AddrConnState.connecting(proven ? 0 : this.state.failures() + 1, cause, now()));
			this.owner.renewalEnded(this);
		}
		else if (proven && (!this.attempts.isWaiting() || connection.isDue())) {
			connect(cause);
		}
		else {
			backOff(cause);
		}
		this.owner.addressesSuspect();
	}

	private void backOff(Status cause) {
		this.attempts.endWait();
		long rest = this.attempts.rest().toMillis();
		moveTo(AddrConnState.transientFailure(cause, this.state.failures() + 1, now(), now() + rest));
		if (is(ConnectivityState.TRANSIENT_FAILURE)) {
			this.attempts.await();
		}
	}

	void backoffElapsed() {
		boolean waited = this.attempts.endWait();
		if (waited && this.pool.isEmpty()) {
			connect(this.state.reason());
		}
		else if (waited) {
			this.upkeep.goOn();
		}
	}

	/** There may be more or fewer connections, or younger ones. */
	void pacingChanged() {
		this.pool.rearm();
		if (is(ConnectivityState.READY)) {
			publish();
			this.upkeep.goOn();
		}
	}

	/** Lets a connection go whose calls others take. */
	void retire(Connection connection, Status reason) {
		this.pool.remove(connection);
		ended(connection, DisconnectReason.SUBCHANNEL_SHUTDOWN);
		publish();
		this.leaving.drainUnbounded(connection.transport(), reason);
	}

	/** State change and start of the attempt are one step (seed-spec K48). */
	private void connect(@Nullable Status lastFailure) {
		boolean sticky = this.state.isFailing();
		moveTo(AddrConnState.connecting(sticky ? this.state.failures() : 0, lastFailure, now()));
		this.attempts.begin();
	}

	private void ended(Connection connection, DisconnectReason reason) {
		long lifetime = this.settings.scheduler().nanoTime() - connection.readyNanos();
		this.owner.connectionEnded(this, lifetime, reason);
	}

	private void publish() {
		this.pool.changed();
		moveTo(this.state.on(this.pool, now()));
	}

	/** The only place that changes {@link #state}. */
	private void moveTo(AddrConnState next) {
		this.serial.assertInContext();
		AddrConnState before = this.state;
		this.state = before.requireSuccessor(next, this);
		this.history.moved(before, next);
		this.owner.stateChanged(this, before, next);
		if (next.connection() == null) {
			this.pool.changed();
		}
	}

	private boolean is(ConnectivityState expected) {
		return this.state.state() == expected;
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
