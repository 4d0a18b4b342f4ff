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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import dev.clientconn.naming.Address;
import io.grpc.Status;
import org.assertj.core.api.ListAssert;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that {@link RoundRobin} keeps to the order of the list, whatever changes in it:
 * it moves places along where it can, and must come to what looking up everything would.
 */
class RoundRobinOrderTests {

	private static final int ADDRESSES = 12;

	private final RoundRobin balancer = new RoundRobin();

	private final FakeClientConn clientConn = new FakeClientConn(this.balancer, 1);

	private final Map<String, Balancer.Down> connected = new LinkedHashMap<>();

	/** Of connected addresses, as the list last had it. */
	private final Map<String, Double> weights = new HashMap<>();

	private List<Address> list = List.of();

	private Random random = new Random();

	/** Lists without duplicates. */
	private int distinct;

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8 })
	void picksAreInTheOrderOfTheListAfterAnyChange(long seed) {
		this.random = new Random(seed);
		for (int step = 0; step < 2_000; step++) {
			int events = 1 + this.random.nextInt(3);
			for (int i = 0; i < events; i++) {
				change();
			}
			this.clientConn.runSerial();

			ListAssert<Address> picked = assertThat(picked()).as("step %d, list %s, connected %s", step, this.list,
					this.connected.keySet());
			if (isDistinct()) {
				picked.isEqualTo(expected());
				this.distinct++;
			}
			else {
				// Once, at the place of any.
				picked.extracting(Address::addr).containsExactlyInAnyOrderElementsOf(this.connected.keySet());
			}
		}
		assertThat(this.distinct).isGreaterThan(200);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4 })
	void everyAddressTakesItsTurnsAfterAnyChange(long seed) {
		this.random = new Random(seed);
		int differing = 0;
		for (int step = 0; step < 2_000; step++) {
			if (this.random.nextInt(3) == 0) {
				String weight = Integer.toString(1 + this.random.nextInt(3));
				replace(Address.of(addr()).withMetadata(Map.of(Address.WEIGHT, weight)));
			}
			change();
			this.clientConn.runSerial();

			int turns = (int) this.weights.values().stream().mapToDouble(Double::doubleValue).sum();
			Map<String, Double> picked = new HashMap<>();
			picks(turns).forEach((address) -> picked.merge(address.addr(), 1.0, Double::sum));
			assertThat(picked).as("step %d, list %s", step, this.list).isEqualTo(this.weights);
			differing += (turns > this.weights.size()) ? 1 : 0;
		}
		assertThat(differing).isGreaterThan(100);
	}

	private void change() {
		switch (this.random.nextInt(8)) {
			case 0 -> insert();
			case 1 -> remove();
			case 2 -> replace(Address.of(addr()));
			case 3 -> replace(Address.of(addr()).withHeaders(Map.of("lb-token", "x" + this.random.nextInt(3))));
			case 4, 5, 6 -> up();
			default -> down();
		}
	}

	private void insert() {
		List<Address> changed = new ArrayList<>(this.list);
		Address address = Address.of(addr());
		if (!isListed(address) || this.random.nextInt(20) == 0) {
			changed.add(this.random.nextInt(changed.size() + 1), address);
		}
		list(changed);
	}

	private void remove() {
		List<Address> changed = new ArrayList<>(this.list);
		if (!changed.isEmpty()) {
			changed.remove(this.random.nextInt(changed.size()));
		}
		list(changed);
	}

	private void replace(Address address) {
		List<Address> changed = new ArrayList<>(this.list);
		int place = this.random.nextInt(Math.max(1, changed.size()));
		if (!changed.isEmpty() && (!isListed(address) || changed.get(place).addr().equals(address.addr()))) {
			changed.set(place, address);
		}
		list(changed);
	}

	private boolean isListed(Address address) {
		return this.list.stream().anyMatch((listed) -> listed.addr().equals(address.addr()));
	}

	private void list(List<Address> changed) {
		this.list = List.copyOf(changed);
		this.clientConn.list(this.list);
		this.connected.keySet().forEach(this::weigh);
	}

	/** Of duplicates the first counts. */
	private void weigh(String addr) {
		this.list.stream()
			.filter((address) -> address.addr().equals(addr))
			.findFirst()
			.ifPresent((address) -> this.weights.put(addr, address.weight()));
	}

	/** Mostly with the object that is in the list, as a ClientConn does. */
	private void up() {
		String addr = addr();
		if (this.connected.containsKey(addr)) {
			return;
		}
		Address address = this.list.stream()
			.filter((listed) -> listed.addr().equals(addr) && this.random.nextInt(10) > 0)
			.findFirst()
			.orElseGet(() -> Address.of(addr));
		this.connected.put(addr, this.balancer.up(address));
		this.weights.put(addr, address.weight());
		weigh(addr);
	}

	private void down() {
		String addr = addr();
		Balancer.Down down = this.connected.remove(addr);
		if (down != null) {
			this.weights.remove(addr);
			down.down(Status.UNAVAILABLE, true);
		}
	}

	private boolean isDistinct() {
		return this.list.stream().map(Address::addr).distinct().count() == this.list.size();
	}

	/** Returns one round of picks, from the first in the list on. */
	private List<Address> picked() {
		return picks(this.connected.size());
	}

	private List<Address> picks(int count) {
		this.balancer.next.set(0);
		return Stream.generate(() -> this.balancer.get(FakeClientConn.OPTIONS).address()).limit(count).toList();
	}

	/** Those that the list does not have come last, in an order that does not matter. */
	private List<Address> expected() {
		List<Address> expected = new ArrayList<>(this.list);
		expected.removeIf((address) -> !this.connected.containsKey(address.addr()));
		List<Address> picked = picked();
		expected.addAll(picked.subList(expected.size(), picked.size()));
		assertThat(expected).extracting(Address::addr).containsExactlyInAnyOrderElementsOf(this.connected.keySet());
		return expected;
	}

	private String addr() {
		return "h" + this.random.nextInt(ADDRESSES) + ":1";
	}

}
