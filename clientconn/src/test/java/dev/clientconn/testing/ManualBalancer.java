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

package dev.clientconn.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

import dev.clientconn.balancer.Balancer;
import dev.clientconn.balancer.BalancerConfig;
import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.balancer.Pick;
import dev.clientconn.balancer.PickOptions;
import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import io.grpc.ConnectivityState;
import io.grpc.Status;

/**
 * A balancer that a test drives and that writes down everything that is asked of it.
 * <p>
 * Events read {@code start T}, {@code stateChanged A READY OK}, {@code up A},
 * {@code down A UNAVAILABLE temporary} (or {@code permanent}), {@code get svc/Method},
 * {@code put A OK}, {@code refresh} and {@code close}. Calls that the contract serialises
 * and that overlap add a {@code CONCURRENT} event.
 */
public final class ManualBalancer implements Balancer {

	private final ConcurrentLinkedQueue<String> events = new ConcurrentLinkedQueue<>();

	private final Set<Address> up = new CopyOnWriteArraySet<>();

	private final AtomicInteger gets = new AtomicInteger();

	private final AtomicInteger puts = new AtomicInteger();

	private final AtomicBoolean busy = new AtomicBoolean();

	private final List<Consumer<AddressListener>> queued = new ArrayList<>();

	private volatile Function<PickOptions, Pick> picker = (options) -> firstUp();

	private volatile Consumer<String> hook = (event) -> {
	};

	private volatile RuntimeException startFailure;

	private volatile boolean connectsAll = true;

	private volatile boolean resolving;

	private volatile BalancerConfig config;

	private AddressListener listener;

	private Resolution resolution;

	/**
	 * Replaces what {@code get} answers; by default the first address that is up, or
	 * "queue".
	 */
	public ManualBalancer picking(Function<PickOptions, Pick> picker) {
		this.picker = picker;
		return this;
	}

	/**
	 * Runs something inside each call of the balancer but {@code get} and {@code put},
	 * after its event was written down: to block there, or to call back.
	 */
	public ManualBalancer hook(Consumer<String> hook) {
		this.hook = hook;
		return this;
	}

	/**
	 * Has {@code start} throw.
	 */
	public ManualBalancer failingToStart(RuntimeException failure) {
		this.startFailure = failure;
		return this;
	}

	/**
	 * Lets addresses start IDLE.
	 */
	public ManualBalancer notConnectingAll() {
		this.connectsAll = false;
		return this;
	}

	/**
	 * Takes its lists from the resolution of the target, beside those that are pushed.
	 */
	public ManualBalancer resolving() {
		this.resolving = true;
		return this;
	}

	/**
	 * Returns a provider of this one balancer.
	 */
	public BalancerProvider provider() {
		return provider("manual", this);
	}

	/**
	 * Returns a provider that hands out balancers in order, each once.
	 * @param policy its name
	 * @param balancers one for each ClientConn
	 * @return the provider
	 */
	public static BalancerProvider provider(String policy, ManualBalancer... balancers) {
		ConcurrentLinkedQueue<ManualBalancer> left = new ConcurrentLinkedQueue<>(Arrays.asList(balancers));
		return new BalancerProvider() {

			@Override
			public String policy() {
				return policy;
			}

			@Override
			public Balancer newBalancer() {
				Balancer balancer = left.poll();
				if (balancer == null) {
					throw new AssertionError("all " + balancers.length + " balancers of " + policy + " are taken");
				}
				return balancer;
			}

		};
	}

	/**
	 * Delivers a full list, at once or, before {@code start}, then.
	 */
	public void push(Address... addresses) {
		push(List.of(addresses));
	}

	/**
	 * Delivers a full list, at once or, before {@code start}, then.
	 */
	public void push(List<Address> addresses) {
		List<Address> copy = List.copyOf(addresses);
		deliver((to) -> to.onAddresses(copy));
	}

	/**
	 * Delivers an error, at once or, before {@code start}, then.
	 */
	public void fail(Status error) {
		deliver((to) -> to.onError(error));
	}

	/**
	 * Returns what {@code start} was given.
	 */
	public BalancerConfig config() {
		return this.config;
	}

	/**
	 * Returns all events so far.
	 */
	public List<String> events() {
		return List.copyOf(this.events);
	}

	/**
	 * Returns the events so far that begin with one of some verbs.
	 */
	public List<String> events(String... verbs) {
		List<String> wanted = List.of(verbs);
		return this.events.stream().filter((event) -> wanted.contains(event.split(" ", 2)[0])).toList();
	}

	/**
	 * Forgets the events so far.
	 */
	public void clearEvents() {
		this.events.clear();
	}

	/**
	 * Returns the addresses that are up, in the order they came up.
	 */
	public List<Address> upAddresses() {
		return List.copyOf(this.up);
	}

	/**
	 * Returns how often {@code get} was called.
	 */
	public int gets() {
		return this.gets.get();
	}

	/**
	 * Returns how often a {@code put} was called, of picks with an address.
	 */
	public int puts() {
		return this.puts.get();
	}

	@Override
	public void start(String target, BalancerConfig config, AddressListener listener) {
		serial("start " + target, () -> {
		});
		RuntimeException failure = this.startFailure;
		if (failure != null) {
			throw failure;
		}
		this.config = config;
		List<Consumer<AddressListener>> deliveries;
		synchronized (this) {
			this.listener = listener;
			deliveries = List.copyOf(this.queued);
			this.queued.clear();
		}
		deliveries.forEach((delivery) -> delivery.accept(listener));
		if (this.resolving) {
			this.resolution = config.resolution().apply(listener);
		}
	}

	@Override
	public Down up(Address address) {
		serial("up " + address, () -> this.up.add(address));
		return (reason, temporary) -> serial(
				"down " + address + " " + reason.getCode() + (temporary ? " temporary" : " permanent"),
				() -> this.up.remove(address));
	}

	@Override
	public Pick get(PickOptions options) {
		this.gets.incrementAndGet();
		this.events.add("get " + options.method().getFullMethodName());
		Pick pick = this.picker.apply(options);
		Address address = pick.address();
		if (address == null) {
			return pick;
		}
		return Pick.of(address, (status) -> {
			this.puts.incrementAndGet();
			this.events.add("put " + address + " " + status.getCode());
			Pick.Put put = pick.put();
			if (put != null) {
				put.put(status);
			}
		});
	}

	@Override
	public void stateChanged(Address address, ConnectivityState state, Status cause) {
		serial("stateChanged " + address + " " + state + " " + cause.getCode(), () -> {
		});
	}

	@Override
	public boolean connectsAll() {
		return this.connectsAll;
	}

	@Override
	public void refresh() {
		serial("refresh", () -> {
			if (this.resolution != null) {
				this.resolution.refresh();
			}
		});
	}

	@Override
	public void close() {
		serial("close", () -> {
			if (this.resolution != null) {
				this.resolution.close();
			}
		});
	}

	private void serial(String event, Runnable change) {
		boolean alone = this.busy.compareAndSet(false, true);
		this.events.add(alone ? event : "CONCURRENT " + event);
		try {
			change.run();
			this.hook.accept(event);
		}
		finally {
			if (alone) {
				this.busy.set(false);
			}
		}
	}

	private void deliver(Consumer<AddressListener> delivery) {
		AddressListener to;
		synchronized (this) {
			to = this.listener;
			if (to == null) {
				this.queued.add(delivery);
				return;
			}
		}
		delivery.accept(to);
	}

	/**
	 * Returns the first address that is up, or "queue".
	 */
	public Pick firstUp() {
		for (Address address : this.up) {
			return Pick.of(address);
		}
		return Pick.queue();
	}

}
