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

package dev.clientconn.balancer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.testing.FakeScheduler;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;

/**
 * What a balancer sees of a ClientConn: a serial queue that runs when the test says so,
 * and events in the promised order. What the balancer asks for is written down.
 */
class FakeClientConn implements BalancerConfig.Control, Resolution {

	final FakeScheduler scheduler = new FakeScheduler();

	final Deque<Runnable> serial = new ArrayDeque<>();

	/** Such as {@code connect a:1}, since the last {@link #asked()}. */
	final List<String> asked = new ArrayList<>();

	final Map<String, ConnectivityState> states = new HashMap<>();

	final List<List<Address>> lists = new ArrayList<>();

	private final Map<String, Balancer.Down> downs = new HashMap<>();

	private final Balancer balancer;

	private AddressListener listener;

	FakeClientConn(Balancer balancer, long seed) {
		this.balancer = balancer;
		BalancerConfig config = new BalancerConfig(this::resolve, this.serial::add, this.scheduler, new Random(seed),
				this);
		balancer.start("orders:80", config, new AddressListener() {

			@Override
			public void onAddresses(List<Address> addresses) {
				FakeClientConn.this.lists.add(addresses);
			}

			@Override
			public void onError(Status error) {
				FakeClientConn.this.asked.add("error " + error.getDescription());
			}

		});
	}

	private Resolution resolve(AddressListener listener) {
		this.listener = listener;
		return this;
	}

	void list(String... addrs) {
		list(Arrays.stream(addrs).map(Address::of).toList());
	}

	void list(List<Address> addresses) {
		this.listener.onAddresses(addresses);
		runSerial();
	}

	void error(Status error) {
		this.listener.onError(error);
	}

	/** Moves an address and tells all that a ClientConn tells about it. */
	void move(String addr, ConnectivityState to) {
		moveOnly(addr, to);
		runSerial();
	}

	void moveOnly(String addr, ConnectivityState to) {
		Address address = Address.of(addr);
		Balancer.Down down = this.downs.remove(addr);
		if (down != null) {
			down.down(Status.UNAVAILABLE.withDescription("lost"), to != ConnectivityState.SHUTDOWN);
		}
		this.states.put(addr, to);
		this.balancer.stateChanged(address, to, Status.OK);
		if (to == ConnectivityState.READY) {
			Balancer.Down next = this.balancer.up(address);
			if (next != null) {
				this.downs.put(addr, next);
			}
		}
	}

	void ready(String... addrs) {
		for (String addr : addrs) {
			move(addr, ConnectivityState.CONNECTING);
			move(addr, ConnectivityState.READY);
		}
	}

	void fail(String... addrs) {
		for (String addr : addrs) {
			move(addr, ConnectivityState.TRANSIENT_FAILURE);
		}
	}

	/** Carries out what was asked as a ClientConn would: connect starts, idle idles. */
	List<String> obey() {
		List<String> obeyed = asked();
		for (String request : obeyed) {
			String addr = request.substring(request.indexOf(' ') + 1);
			ConnectivityState state = this.states.getOrDefault(addr, ConnectivityState.IDLE);
			if (request.startsWith("connect ") && state == ConnectivityState.IDLE) {
				move(addr, ConnectivityState.CONNECTING);
			}
			else if (request.startsWith("idle ") && state != ConnectivityState.IDLE) {
				move(addr, ConnectivityState.IDLE);
			}
		}
		return obeyed;
	}

	List<String> asked() {
		List<String> taken = List.copyOf(this.asked);
		this.asked.clear();
		return taken;
	}

	void runSerial() {
		while (!this.serial.isEmpty()) {
			this.serial.remove().run();
		}
	}

	/** Returns the picked address, or "queue". */
	String pick() {
		return pick(OPTIONS);
	}

	/** Returns what is picked for a call that has used some addresses. */
	String pickAfter(Address... used) {
		return pick(new Options(Set.of(used)));
	}

	private String pick(PickOptions options) {
		Pick pick = this.balancer.get(options);
		return (pick.address() != null) ? pick.address().addr() : "queue";
	}

	List<String> picks(int count) {
		List<String> picks = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			picks.add(pick());
		}
		return picks;
	}

	@Override
	public void connect(Address address) {
		this.asked.add("connect " + address);
	}

	@Override
	public void idle(Address address) {
		this.asked.add("idle " + address);
	}

	@Override
	public void picksChanged() {
		this.asked.add("picksChanged");
	}

	@Override
	public void refresh() {
		this.asked.add("refresh");
	}

	@Override
	public void close() {
		this.asked.add("close");
	}

	static final PickOptions OPTIONS = new Options(Set.of());

	private record Options(Set<Address> avoid) implements PickOptions {

		@Override
		public MethodDescriptor<?, ?> method() {
			throw new AssertionError("these balancers do not look at the method");
		}

		@Override
		public CallOptions callOptions() {
			return CallOptions.DEFAULT;
		}

		@Override
		public Metadata headers() {
			return new Metadata();
		}

		@Override
		public boolean waitForReady() {
			return false;
		}

	}

}
