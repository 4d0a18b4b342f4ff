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
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import dev.clientconn.balancer.Balancer;
import dev.clientconn.balancer.BalancerConfig;
import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.serviceconfig.ServiceConfig;
import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.transport.ClientTransport;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of one ClientConn: applies lists from the notify stream, tells the
 * balancer what is up, and keeps the aggregated state (Go's {@code lbWatcher} and the
 * {@code conns} map). Everything but the lookups runs in the serial context.
 */
final class AddrConns implements AddressListener, BalancerConfig.Control, AddrConnOwner {

	private static final AtomicIntegerFieldUpdater<AddrConns> EPOCH = AtomicIntegerFieldUpdater
		.newUpdater(AddrConns.class, "epoch");

	// set at dial, never change

	private final SerialExecutor serial;

	private final AddrConnSettings settings;

	private final StatsHandler stats;

	private final Balancer balancer;

	private final SharedControl shared;

	// handed from any thread to the serial context: the latest wins

	private final AtomicReference<@Nullable List<Address>> mailbox = new AtomicReference<>();

	// only in the serial context

	private final StateCounts counts = new StateCounts();

	/** There once something has been renewed. */
	private @Nullable Renewals renewals;

	private final IdleMode idleMode = new IdleMode();

	/** Removed addresses that have calls to finish. */
	private final RareSet<AddrConn> departing = new RareSet<>();

	private @Nullable Status shutdownReason;

	private boolean publishQueued;

	// written in the serial context, read by any thread

	private final Map<String, AddrConn> byAddr = new ConcurrentHashMap<>(1);

	private volatile List<Address> list = List.of();

	private volatile ListFacts facts = ListFacts.NONE;

	/** Counts the events after which a pick may differ. */
	private volatile int epoch;

	AddrConns(SerialExecutor serial, AddrConnSettings settings, StatsHandler stats, Balancer balancer,
			SharedControl shared) {
		this.serial = serial;
		this.settings = settings;
		this.stats = stats;
		this.balancer = balancer;
		this.shared = shared;
	}

	/** Any thread. */
	@Nullable AddrConn find(Address address) {
		return find(address.addr());
	}

	/** Any thread. */
	@Nullable AddrConn find(String addr) {
		return this.byAddr.get(addr);
	}

	/** What an operator has taken out of use. */
	DrainedAddresses drained() {
		return this.shared.drained();
	}

	/** What counts for calls: a failure is sticky. Any thread. */
	ConnectivityState connectivity(Address address) {
		AddrConn addrConn = find(address);
		return (addrConn != null) ? addrConn.state().effective() : ConnectivityState.IDLE;
	}

	/** Any thread. */
	int epoch() {
		return this.epoch;
	}

	/** Takes over what may change in place. */
	void change(DialOptions options, ServiceConfig config) {
		this.settings.pacing().change(options, config);
		if (!this.byAddr.isEmpty()) {
			this.byAddr.values().forEach(AddrConn::pacingChanged);
		}
	}

	/** What connections are asked the health of; {@code null} for nothing. */
	void healthCheck(@Nullable String service) {
		if (this.settings.health().use(service)) {
			this.byAddr.values().forEach((addrConn) -> addrConn.transportEvents().health().changed());
		}
	}

	/** The last applied list; any thread. */
	List<Address> list() {
		return this.list;
	}

	/** Any thread. */
	ListFacts facts() {
		return this.facts;
	}

	/**
	 * The first list is on its way: CONNECTING, also where that takes its time. Any
	 * thread.
	 */
	void resolving() {
		this.serial.execute(() -> {
			this.idleMode.resolving();
			publish();
		});
	}

	/** Knows the resolution, too. */
	IdleMode idleMode() {
		return this.idleMode;
	}

	@Override
	public void onAddresses(List<Address> addresses) {
		if (this.mailbox.getAndSet(List.copyOf(addresses)) == null) {
			this.serial.execute(this::applyLatestList);
		}
	}

	@Override
	public void onError(Status error) {
		this.serial.execute(() -> {
			this.facts = this.facts.failed(error);
			this.idleMode.answered();
			changed();
		});
	}

	@Override
	public void connect(Address address) {
		withAddrConn(address, this.idleMode::connect);
	}

	@Override
	public void idle(Address address) {
		withAddrConn(address, AddrConn::idle);
	}

	@Override
	public void picksChanged() {
		if (this.serial.inContext()) {
			this.shared.pending().startOver();
		}
		this.serial.execute(this::publish);
	}

	/** Has IDLE addresses connect, as the balancer's policy wants it. */
	void exitIdle() {
		this.serial.assertInContext();
		if (this.shutdownReason != null || !(this.idleMode.isIdle() || this.counts.isAllIdle())) {
			return;
		}
		List<AddrConn> wishes = this.idleMode.leave();
		this.list.stream()
			.map(this::find)
			.filter(Objects::nonNull)
			.limit(this.balancer.connectsAll() ? Long.MAX_VALUE : 1)
			.forEach(AddrConn::wanted);
		wishes.forEach(AddrConn::wanted);
		changed();
	}

	/** Has nothing connect until {@link #exitIdle}, also what later lists add. */
	void enterIdle() {
		this.serial.assertInContext();
		this.idleMode.enter();
		this.byAddr.values().forEach(AddrConn::idle);
		changed();
	}

	void resetBackoff() {
		this.serial.assertInContext();
		this.byAddr.values().forEach(AddrConn::backoffReset);
	}

	void renewAll() {
		this.byAddr.values().forEach(this::renew);
	}

	void renew(AddrConn addrConn) {
		renewals().request(addrConn);
	}

	private Renewals renewals() {
		if (this.renewals == null) {
			this.renewals = new Renewals(this.serial, this.byAddr::size);
		}
		return this.renewals;
	}

	/**
	 * Ends all; {@link SharedControl.Listener#connectionsEnded} follows when the last is
	 * gone.
	 */
	void shutdown(Status reason) {
		this.serial.assertInContext();
		this.shutdownReason = reason;
		this.byAddr.values().forEach(this.departing::add);
		this.byAddr.clear();
		// A copy: an address without connections departs inside the loop.
		this.departing.copy().forEach((addrConn) -> addrConn.tornDown(reason));
		checkTerminated();
	}

	@Override
	public long listVersion() {
		return this.facts.version();
	}

	@Override
	public void stateChanged(AddrConn addrConn, AddrConnState from, AddrConnState to) {
		if (from.state() == to.state()) {
			// Nothing that the balancer could see, but a call may wait because the
			// connection before took no stream.
			this.serial.execute(this::publish);
			return;
		}
		this.counts.changed(from, to);
		this.shared.pending().startOver();
		Status cause = (to.reason() != null) ? to.reason() : Status.OK;
		Address address = addrConn.address();
		this.stats.stateChanged(this.settings.target(), address, from.state(), to.state(), cause);
		if (from.state() == ConnectivityState.READY) {
			Balancer.Down down = addrConn.down();
			addrConn.down(null);
			if (down != null) {
				down.down(cause.isOk() ? Reasons.IDLE : cause, to.state() != ConnectivityState.SHUTDOWN);
			}
		}
		this.balancer.stateChanged(address, to.state(), cause);
		if (to.state() == ConnectivityState.READY) {
			addrConn.down(this.balancer.up(address));
		}
		if (from.state() == ConnectivityState.READY || to.state() == ConnectivityState.READY) {
			// Not coalesced: it must run after the rebuild that up or down has queued,
			// or a call that met the old picks would wait for an event that never comes.
			this.serial.execute(this::publish);
		}
		else {
			changed();
		}
	}

	@Override
	public void connectFinished(AddrConn addrConn, long durationNanos, Status outcome) {
		this.stats.connectFinished(this.settings.target(), addrConn.address(), durationNanos, outcome);
		if (!outcome.isOk()) {
			this.shared.listener().connectFailed(outcome);
		}
	}

	@Override
	public void connectionReady(AddrConn addrConn, ClientTransport transport) {
		if (this.stats != StatsHandler.NOOP) {
			this.stats.connectionReady(this.settings.target(), addrConn.address(),
					transport.snapshot().securityLevel());
		}
	}

	@Override
	public void connectionEnded(AddrConn addrConn, long lifetimeNanos, DisconnectReason reason) {
		this.stats.connectionEnded(this.settings.target(), addrConn.address(), lifetimeNanos, reason);
	}

	@Override
	public void goAwayReceived(AddrConn addrConn, Status reason) {
		this.stats.goAwayReceived(this.settings.target(), addrConn.address(), reason);
	}

	@Override
	public void addressesSuspect() {
		if (this.shutdownReason == null) {
			this.balancer.refresh();
		}
	}

	@Override
	public void renewalDue(AddrConn addrConn) {
		renewals().due(addrConn);
	}

	@Override
	public void renewalEnded(AddrConn addrConn) {
		if (this.renewals != null) {
			this.renewals.ended(addrConn);
		}
	}

	@Override
	public void terminated(AddrConn addrConn) {
		if (this.departing.remove(addrConn)) {
			checkTerminated();
		}
	}

	private void applyLatestList() {
		List<Address> latest = this.mailbox.getAndSet(null);
		if (latest == null || this.shutdownReason != null) {
			return;
		}
		ListFacts applied = this.facts.applied(this.settings.scheduler().currentTimeMillis());
		this.facts = applied;
		AddressDiff diff = AddressDiff.apply(this.list, latest, this.byAddr, this::create);
		this.list = latest;
		this.stats.listApplied(this.settings.target(), applied.version(), latest);
		this.idleMode.answered();
		if (this.balancer.connectsAll() && !this.idleMode.isIdle()) {
			diff.added().forEach(AddrConn::wanted);
		}
		// After the new ones are in place: calls never see a gap that is not real.
		for (AddrConn removed : diff.removed()) {
			this.departing.add(removed);
			removed.tornDown(Reasons.DRAIN);
		}
		changed();
	}

	private AddrConn create(Address address) {
		AddrConn addrConn = new AddrConn(address, this.serial, this.settings, this);
		this.counts.added(addrConn.state());
		return addrConn;
	}

	private void changed() {
		if (!this.publishQueued) {
			this.publishQueued = true;
			this.serial.execute(() -> {
				this.publishQueued = false;
				publish();
			});
		}
	}

	private void publish() {
		this.shared.listener().stateIs(aggregate());
		// Before the queue is read: a call that queues after this sees that it changed.
		EPOCH.incrementAndGet(this);
		this.shared.pending().retryAll();
	}

	private ConnectivityState aggregate() {
		return (this.shutdownReason != null) ? ConnectivityState.SHUTDOWN
				: this.idleMode.seen(this.facts, this.counts.aggregate());
	}

	private void checkTerminated() {
		if (this.shutdownReason != null && this.departing.isEmpty()) {
			this.shared.listener().connectionsEnded();
		}
	}

	private void withAddrConn(Address address, Consumer<AddrConn> action) {
		this.serial.execute(() -> {
			AddrConn addrConn = find(address);
			if (addrConn != null && this.shutdownReason == null) {
				action.accept(addrConn);
			}
		});
	}

}
