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

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import dev.clientconn.balancer.Balancer;
import dev.clientconn.balancer.BalancerConfig;
import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.balancer.Pick;
import dev.clientconn.balancer.PickOptions;
import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The balancer as the rest of a ClientConn sees it: the one in charge, and perhaps
 * another that is to follow it over the same connections, make before break. The follower
 * is told the current list and what is up, and takes over once it can pick, or at once
 * where the one in charge could not either. Everything but {@link #get} and
 * {@link #policy} runs in the serial context; {@link #start} may also run on the thread
 * of dial, before there is anything else to do.
 */
final class BalancerSwitch implements Balancer {

	/** Named after what the lines speak of. */
	private static final Logger logger = LoggerFactory.getLogger(ClientConn.class);

	private static final Balancer NOT_STARTED = new Constant(Pick.queue());

	/**
	 * The last known state of each address that has had one. A map that can be written to
	 * has to be made first where it holds less than two: most have one address.
	 */
	private Map<String, Known> known = Map.of();

	private @Nullable Start start;

	private @Nullable BalancerInUse next;

	private boolean closed;

	// written in the serial context, read by any thread

	private volatile BalancerInUse current;

	private volatile Balancer picking = NOT_STARTED;

	private volatile @Nullable Waiting waiting;

	BalancerSwitch(BalancerProvider provider) {
		this.current = new BalancerInUse(provider, true, this::takeOverIfAble);
	}

	/** Name of the policy in charge; any thread. */
	String policy() {
		return this.current.provider.policy();
	}

	/** The policy that waits to take over; any thread. */
	@Nullable Waiting waiting() {
		return this.waiting;
	}

	@Override
	public Pick get(PickOptions options) {
		return this.picking.get(options);
	}

	@Override
	public void start(String target, BalancerConfig config, AddressListener listener) {
		Start started = new Start(target, config, new SharedResolution(config.resolution()), listener);
		this.start = started;
		this.picking = this.current.balancer;
		started.start(this.current);
	}

	/**
	 * Changes the policy; does nothing if it is the one in charge.
	 * @throws RuntimeException if the balancer could not be made or started; nothing has
	 * changed then
	 */
	void use(BalancerProvider provider) {
		if (this.closed) {
			return;
		}
		BalancerInUse waits = this.next;
		if (provider.equals((waits != null) ? waits.provider : this.current.provider)) {
			return;
		}
		if (provider.equals(this.current.provider)) {
			dropNext();
			return;
		}
		Start started = this.start;
		BalancerInUse follower = new BalancerInUse(provider, started == null, this::takeOverIfAble);
		if (started == null) {
			this.current.replaced();
			this.current = follower;
			return;
		}
		try {
			started.start(follower);
		}
		catch (RuntimeException ex) {
			follower.replaced();
			throw ex;
		}
		dropNext();
		this.next = follower;
		this.waiting = new Waiting(provider.policy(), started.config.scheduler().currentTimeMillis());
		// After the list, which the relay of the follower has put into the queue.
		started.config.serial().execute(() -> introduce(follower));
	}

	/** Calls that come here from now on are told to look where others go. */
	void retire() {
		this.picking = new Constant(Pick.fail(Reasons.SUPERSEDED));
		close();
	}

	@Override
	public Down up(Address address) {
		this.current.up(address);
		BalancerInUse follower = listening();
		if (follower != null) {
			follower.up(address);
			laterTakeOverIfAble();
		}
		return (reason, temporary) -> down(address, reason, temporary);
	}

	@Override
	public void stateChanged(Address address, ConnectivityState state, Status cause) {
		if (state != ConnectivityState.SHUTDOWN) {
			know(address.addr(), new Known(address, state, cause));
		}
		else if (this.known.containsKey(address.addr())) {
			forget(address.addr());
		}
		this.current.stateChanged(address, state, cause);
		BalancerInUse follower = listening();
		if (follower != null) {
			follower.stateChanged(address, state, cause);
			laterTakeOverIfAble();
		}
	}

	@Override
	public boolean connectsAll() {
		return this.current.balancer.connectsAll();
	}

	@Override
	public boolean checksHealth() {
		return this.current.balancer.checksHealth();
	}

	@Override
	public void refresh() {
		this.current.balancer.refresh();
	}

	@Override
	public void close() {
		this.closed = true;
		dropNext();
		this.current.close();
	}

	private void know(String addr, Known state) {
		if (this.known.isEmpty() || (this.known.size() == 1 && this.known.containsKey(addr))) {
			this.known = Map.of(addr, state);
			return;
		}
		if (this.known.size() == 1) {
			this.known = new LinkedHashMap<>(this.known);
		}
		this.known.put(addr, state);
	}

	private void forget(String addr) {
		if (this.known.size() == 1) {
			this.known = Map.of();
		}
		else {
			this.known.remove(addr);
		}
	}

	private void down(Address address, Status reason, boolean temporary) {
		this.current.down(address, reason, temporary);
		BalancerInUse follower = listening();
		if (follower != null) {
			follower.down(address, reason, temporary);
			laterTakeOverIfAble();
		}
	}

	/** A follower that has been introduced, and hears of every change since. */
	private @Nullable BalancerInUse listening() {
		BalancerInUse follower = this.next;
		return (follower != null && follower.isIntroduced()) ? follower : null;
	}

	private void introduce(BalancerInUse follower) {
		if (follower != this.next) {
			return;
		}
		follower.introduced();
		// In the order of the list, and what is READY last: a policy that wants one
		// connection sees the failing ones before it lets go of all others.
		Map<String, Known> ordered = new LinkedHashMap<>();
		for (Address address : follower.list()) {
			Known state = this.known.get(address.addr());
			if (state != null) {
				ordered.put(address.addr(), state);
			}
		}
		this.known.forEach(ordered::putIfAbsent);
		ordered.values().forEach((each) -> {
			if (!each.isReady()) {
				follower.stateChanged(each.address, each.state, each.cause);
			}
		});
		ordered.values().forEach((each) -> {
			if (each.isReady()) {
				follower.stateChanged(each.address, each.state, each.cause);
				follower.up(each.address);
			}
		});
		laterTakeOverIfAble();
	}

	/** After what the follower has queued to digest an event. */
	private void laterTakeOverIfAble() {
		Objects.requireNonNull(this.start, "start").config.serial().execute(this::takeOverIfAble);
	}

	private void takeOverIfAble() {
		BalancerInUse follower = listening();
		if (follower != null && (this.known.values().stream().noneMatch(Known::isReady) || canPick(follower))) {
			takeOver(follower);
		}
	}

	private boolean canPick(BalancerInUse follower) {
		Address address = follower.probe();
		Known state = (address != null) ? this.known.get(address.addr()) : null;
		return state != null && state.isReady();
	}

	private void takeOver(BalancerInUse follower) {
		Start started = Objects.requireNonNull(this.start, "start");
		BalancerInUse old = this.current;
		logger.info("{} - balancer {} (was {})", started.target, follower.provider.policy(), old.provider.policy());
		this.next = null;
		this.waiting = null;
		this.current = follower;
		this.picking = follower.balancer;
		old.replaced();
		follower.takeCharge();
		// Calls that met the old one when it had let go.
		started.config.control().picksChanged();
	}

	private void dropNext() {
		BalancerInUse follower = this.next;
		this.next = null;
		this.waiting = null;
		if (follower != null) {
			follower.replaced();
		}
	}

	/**
	 * A policy that has not taken over.
	 *
	 * @param policy its name
	 * @param sinceMillis wall clock
	 */
	record Waiting(String policy, long sinceMillis) {
	}

	private record Known(Address address, ConnectivityState state, Status cause) {

		boolean isReady() {
			return this.state == ConnectivityState.READY;
		}

	}

	/**
	 * What {@link BalancerSwitch#start} was called with, for every balancer that follows.
	 */
	private record Start(String target, BalancerConfig config, SharedResolution resolution,
			AddressListener clientConn) {

		void start(BalancerInUse balancer) {
			balancer.start(this.target, this.config, this.resolution, this.clientConn);
		}

	}

	/**
	 * Picks the same always; before the start, and after the end.
	 */
	private record Constant(Pick pick) implements Balancer {

		@Override
		public void start(String target, BalancerConfig config, AddressListener listener) {
		}

		@Override
		public @Nullable Down up(Address address) {
			return null;
		}

		@Override
		public Pick get(PickOptions options) {
			return this.pick;
		}

		@Override
		public void close() {
		}

	}

}
