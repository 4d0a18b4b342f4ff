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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.clientconn.naming.Address;
import dev.clientconn.testing.FakeScheduler;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AddressDiff}.
 */
class AddressDiffTests {

	private final SerialExecutor serial = new SerialExecutor(Runnable::run);

	private final Map<String, AddrConn> known = new HashMap<>();

	private final AtomicInteger created = new AtomicInteger();

	private List<Address> before = List.of();

	@Test
	void addsKeepsAndRemoves() {
		apply("a:1", "b:1");
		AddrConn kept = this.known.get("b:1");
		AddressDiff diff = apply("b:1", "c:1");

		assertThat(diff.added()).extracting((conn) -> conn.address().addr()).containsExactly("c:1");
		assertThat(diff.removed()).extracting((conn) -> conn.address().addr()).containsExactly("a:1");
		assertThat(this.known).containsOnlyKeys("b:1", "c:1").containsEntry("b:1", kept);
	}

	@Test
	void duplicatesCountOnce() {
		AddressDiff diff = apply("a:1", "a:1", "a:1");

		assertThat(diff.added()).hasSize(1);
		assertThat(diff.removed()).isEmpty();
		assertThat(apply("a:1", "a:1").removed()).isEmpty();
	}

	@Test
	void duplicateDoesNotHideARemoval() {
		apply("a:1", "b:1");

		assertThat(apply("a:1", "a:1").removed()).extracting((conn) -> conn.address().addr()).containsExactly("b:1");
	}

	@Test
	void newMetadataIsTakenOverWithoutAnotherConnection() {
		apply("a:1");
		Address described = Address.of("a:1").withMetadata(Map.of("zone", "z1"));
		AddressDiff diff = apply(List.of(described));

		assertThat(diff.added()).isEmpty();
		assertThat(diff.removed()).isEmpty();
		assertThat(this.known.get("a:1").address()).isEqualTo(described);
	}

	@Test
	void emptyListRemovesAll() {
		apply("a:1", "b:1");

		assertThat(apply().removed()).hasSize(2);
		assertThat(this.known).isEmpty();
	}

	@Test
	void duplicateThatGoesLeavesTheOther() {
		apply("a:1", "b:1", "a:1");
		AddrConn kept = this.known.get("a:1");

		assertThat(apply("a:1", "b:1").removed()).isEmpty();
		assertThat(apply("b:1", "c:1", "b:1").removed()).containsExactly(kept);
		assertThat(this.known).containsOnlyKeys("b:1", "c:1");
	}

	@Test
	void newDuplicateOfAnUnchangedAddressCountsOnce() {
		apply("a:1", "b:1", "c:1");

		assertThat(apply("a:1", "a:1", "c:1").removed()).extracting((conn) -> conn.address().addr())
			.containsExactly("b:1");
		assertThat(apply("a:1", "c:1").removed()).isEmpty();
		assertThat(this.known).containsOnlyKeys("a:1", "c:1");
	}

	@Test
	void firstOfDuplicatesDescribesTheAddress() {
		Address described = Address.of("b:1").withMetadata(Map.of("zone", "z1"));
		apply("a:1", "b:1");

		apply(List.of(described, Address.of("a:1"), Address.of("b:1")));
		assertThat(this.known.get("b:1").address()).isEqualTo(described);
		apply(List.of(Address.of("a:1"), Address.of("b:1"), described));
		assertThat(this.known.get("b:1").address()).isEqualTo(Address.of("b:1"));
	}

	@Test
	void anotherOrderChangesNothing() {
		apply("a:1", "b:1", "c:1", "d:1");
		AddressDiff diff = apply("a:1", "c:1", "b:1", "d:1");

		assertThat(diff.added()).isEmpty();
		assertThat(diff.removed()).isEmpty();
	}

	/** Counted, not timed: only what changed is looked up, and nothing is made anew. */
	@Test
	void scenario97diffScales() {
		List<Address> list = IntStream.range(0, 20_000).mapToObj((i) -> Address.of("10.0.0.1", 1 + i)).toList();
		List<Address> changed = new ArrayList<>(list);
		changed.set(7000, Address.of("10.0.0.2:1"));
		AtomicInteger lookups = new AtomicInteger();
		Map<String, AddrConn> counting = new HashMap<>() {

			private static final long serialVersionUID = 1L;

			@Override
			public AddrConn get(Object key) {
				lookups.incrementAndGet();
				return super.get(key);
			}

		};
		this.serial.execute(() -> {
			AddressDiff.apply(List.of(), list, counting, this::create);
			lookups.set(0);
			AddressDiff unchanged = AddressDiff.apply(list, new ArrayList<>(list), counting, this::create);
			assertThat(unchanged.added()).isEmpty();
			assertThat(unchanged.removed()).isEmpty();
			AddressDiff one = AddressDiff.apply(list, changed, counting, this::create);
			assertThat(one.added()).hasSize(1);
			assertThat(one.removed()).hasSize(1);
		});

		assertThat(lookups).hasValue(1);
		assertThat(this.created).hasValue(20_001);
	}

	private AddressDiff apply(String... addresses) {
		return apply(List.of(addresses).stream().map(Address::of).toList());
	}

	private AddressDiff apply(List<Address> list) {
		AddressDiff[] diff = new AddressDiff[1];
		this.serial.execute(() -> diff[0] = AddressDiff.apply(this.before, list, this.known, this::create));
		this.before = list;
		return diff[0];
	}

	private AddrConn create(Address address) {
		this.created.incrementAndGet();
		AddrConnSettings settings = new AddrConnSettings("test", (to, timeout, listener) -> {
			throw new AssertionError("nothing connects here");
		}, new FakeScheduler(), Pacing.of(DialOptions.builder().build()),
				new HealthService(Compression.of(DialOptions.builder().build())));
		return new AddrConn(address, this.serial, settings, null);
	}

}
