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

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.clientconn.balancer.Balancer;
import dev.clientconn.balancer.BalancerConfig;
import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.balancer.Pick;
import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * One of the balancers of a {@link BalancerSwitch}. Until it is in charge, what it asks
 * of the ClientConn is kept for later: it would take connections from the balancer that
 * still picks.
 */
final class BalancerInUse implements AddressListener, BalancerConfig.Control {

	private static final Status REPLACED = Status.UNAVAILABLE.withDescription("another balancer took over");

	// set at creation, never change

	final BalancerProvider provider;

	final Balancer balancer;

	private final Runnable onPicksChanged;

	// set by start

	private @Nullable BalancerConfig config;

	private @Nullable AddressListener clientConn;

	// only in the serial context

	/** Never written to while it is empty. */
	private Map<String, Balancer.Down> downs = Map.of();

	private List<Runnable> kept = List.of();

	/** Whether it has been told what is up; from then on it hears of changes. */
	private boolean introduced;

	// written by the thread of start, or in the serial context

	/** Closed with it, also where it failed to start and knows nothing of them. */
	private final SmallList<Resolution> subscriptions = new SmallList<>();

	// read by any thread

	private volatile @Nullable List<Address> latest;

	private volatile boolean inCharge;

	private volatile boolean closed;

	/**
	 * Makes a balancer that is not started.
	 * @param provider makes it
	 * @param inCharge whether it is the first one
	 * @param onPicksChanged runs in the serial context when a balancer that waits says
	 * that its picks have changed
	 */
	BalancerInUse(BalancerProvider provider, boolean inCharge, Runnable onPicksChanged) {
		this.provider = provider;
		this.balancer = provider.newBalancer();
		this.inCharge = inCharge;
		this.introduced = inCharge;
		this.onPicksChanged = onPicksChanged;
	}

	void start(String target, BalancerConfig config, SharedResolution resolution, AddressListener clientConn) {
		this.config = config;
		this.clientConn = clientConn;
		this.balancer.start(target, new BalancerConfig((subscriber) -> {
			Resolution subscription = resolution.subscribe(subscriber);
			this.subscriptions.add(subscription);
			return subscription;
		}, config.serial(), config.scheduler(), config.random(), this), this);
	}

	boolean isIntroduced() {
		return this.introduced;
	}

	void introduced() {
		this.introduced = true;
	}

	/** The list that it wants the ClientConn to have; empty before the first. */
	List<Address> list() {
		List<Address> list = this.latest;
		return (list != null) ? list : List.of();
	}

	void up(Address address) {
		Balancer.Down down = this.balancer.up(address);
		if (down != null) {
			if (this.downs.isEmpty()) {
				this.downs = new HashMap<>(2);
			}
			this.downs.put(address.addr(), down);
		}
	}

	void down(Address address, Status reason, boolean temporary) {
		Balancer.Down down = this.downs.isEmpty() ? null : this.downs.remove(address.addr());
		if (down != null) {
			down.down(reason, temporary);
		}
	}

	void stateChanged(Address address, ConnectivityState state, Status cause) {
		this.balancer.stateChanged(address, state, cause);
	}

	/** Asks for an address as a call would, and gives it back. */
	@Nullable Address probe() {
		Pick pick;
		try {
			pick = this.balancer.get(ProbeCall.INSTANCE);
		}
		catch (RuntimeException ex) {
			return null;
		}
		Pick.Put put = pick.put();
		if (put != null) {
			put.put(Status.CANCELLED);
		}
		return pick.failure().isOk() ? pick.address() : null;
	}

	/** Lets it speak: its list first, then what it has asked for meanwhile. */
	void takeCharge() {
		this.inCharge = true;
		List<Address> list = this.latest;
		if (list != null && this.clientConn != null) {
			this.clientConn.onAddresses(list);
		}
		if (this.balancer.connectsAll()) {
			list().forEach(this::connect);
		}
		List<Runnable> requests = this.kept;
		this.kept = List.of();
		requests.forEach(Runnable::run);
	}

	/** Ends it, as another one takes over: nothing is up for it any more. */
	void replaced() {
		this.inCharge = false;
		List<Balancer.Down> last = List.copyOf(this.downs.values());
		this.downs = Map.of();
		last.forEach((down) -> down.down(REPLACED, true));
		close();
	}

	/** Ends it; whatever it says from now on is not heard. */
	void close() {
		this.closed = true;
		this.inCharge = false;
		this.kept = List.of();
		this.balancer.close();
		this.subscriptions.forEach(Resolution::close);
	}

	@Override
	public void onAddresses(List<Address> addresses) {
		this.latest = addresses;
		// Else it is told when it takes charge.
		if (this.inCharge && this.clientConn != null) {
			this.clientConn.onAddresses(list());
		}
	}

	@Override
	public void onError(Status error) {
		if (this.inCharge && this.clientConn != null) {
			this.clientConn.onError(error);
		}
	}

	@Override
	public void connect(Address address) {
		keepUnlessInCharge((control) -> control.connect(address));
	}

	@Override
	public void idle(Address address) {
		keepUnlessInCharge((control) -> control.idle(address));
	}

	@Override
	public void picksChanged() {
		BalancerConfig started = this.config;
		if (started == null) {
			return;
		}
		if (this.inCharge) {
			started.control().picksChanged();
		}
		else {
			started.serial().execute(this.onPicksChanged);
		}
	}

	private void keepUnlessInCharge(Consumer<BalancerConfig.Control> request) {
		BalancerConfig started = this.config;
		if (started == null) {
			return;
		}
		if (this.inCharge) {
			request.accept(started.control());
		}
		else {
			started.serial().execute(() -> {
				if (this.inCharge) {
					request.accept(started.control());
				}
				else if (!this.closed) {
					this.kept = SmallList.with(this.kept, () -> request.accept(started.control()));
				}
			});
		}
	}

}
