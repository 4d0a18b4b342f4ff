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

import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;

import dev.clientconn.naming.Address;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RoundRobin}.
 */
class RoundRobinTests {

	private final RoundRobin balancer = new RoundRobin();

	private final FakeClientConn clientConn = new FakeClientConn(this.balancer, 1);

	@Test
	void picksGoRoundInTheOrderOfTheList() {
		this.clientConn.list("a:1", "b:1", "c:1");
		this.clientConn.ready("c:1", "a:1", "b:1");

		List<String> picks = this.clientConn.picks(9);

		assertThat(String.join(" ", picks)).containsAnyOf("a:1 b:1 c:1 a:1 b:1 c:1", "b:1 c:1 a:1 b:1 c:1 a:1");
		assertThat(picks.subList(0, 3)).isEqualTo(picks.subList(3, 6)).containsExactlyInAnyOrder("a:1", "b:1", "c:1");
	}

	@Test
	void firstPickIsRandomPerClient() {
		Set<String> first = new HashSet<>();
		for (int seed = 0; seed < 50; seed++) {
			FakeClientConn client = new FakeClientConn(new RoundRobin(), seed);
			client.list("a:1", "b:1", "c:1");
			client.ready("a:1", "b:1", "c:1");
			first.add(client.pick());
		}

		assertThat(first).containsExactlyInAnyOrder("a:1", "b:1", "c:1");
	}

	@Test
	void withoutUsableAddressCallsQueue() {
		assertThat(this.clientConn.pick()).isEqualTo("queue");
		this.clientConn.list("a:1");
		assertThat(this.clientConn.pick()).isEqualTo("queue");
		this.clientConn.move("a:1", ConnectivityState.CONNECTING);
		assertThat(this.clientConn.pick()).isEqualTo("queue");
	}

	@Test
	void burstOfUpsIsOneRebuild() {
		String[] addrs = IntStream.range(0, 10_000).mapToObj((i) -> "h" + i + ":1").toArray(String[]::new);
		this.clientConn.list(addrs);

		for (String addr : addrs) {
			this.clientConn.moveOnly(addr, ConnectivityState.READY);
		}

		assertThat(this.clientConn.serial).hasSize(1);
		assertThat(this.clientConn.pick()).isEqualTo("queue");
		this.clientConn.runSerial();
		assertThat(this.clientConn.asked()).containsExactly("picksChanged");
		assertThat(new HashSet<>(this.clientConn.picks(10_000))).hasSize(10_000);
	}

	@Test
	void burstOfDownsIsOneRebuild() {
		this.clientConn.list("a:1", "b:1", "c:1");
		this.clientConn.ready("a:1", "b:1", "c:1");

		this.clientConn.moveOnly("a:1", ConnectivityState.TRANSIENT_FAILURE);
		this.clientConn.moveOnly("b:1", ConnectivityState.TRANSIENT_FAILURE);

		assertThat(this.clientConn.serial).hasSize(1);
	}

	@Test
	void addressThatWentDownIsSkippedEvenBeforeTheRebuild() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.ready("a:1", "b:1");

		this.clientConn.moveOnly("a:1", ConnectivityState.TRANSIENT_FAILURE);

		assertThat(this.clientConn.picks(4)).containsOnly("b:1");
		this.clientConn.moveOnly("b:1", ConnectivityState.TRANSIENT_FAILURE);
		assertThat(this.clientConn.pick()).isEqualTo("queue");
		this.clientConn.runSerial();
		assertThat(this.clientConn.pick()).isEqualTo("queue");
	}

	@Test
	void usedAddressIsSkippedWhileThereIsAnother() {
		this.clientConn.list("a:1", "b:1", "c:1");
		this.clientConn.ready("a:1", "b:1", "c:1");

		for (int i = 0; i < 6; i++) {
			assertThat(this.clientConn.pickAfter(Address.of("a:1"), Address.of("c:1"))).isEqualTo("b:1");
		}
	}

	@Test
	void usedAddressIsPickedRatherThanNone() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.ready("a:1", "b:1");
		this.clientConn.fail("b:1");

		assertThat(this.clientConn.pickAfter(Address.of("a:1"))).isEqualTo("a:1");
	}

	@Test
	void addressIsUsedWhateverTheListSaysOfItMeanwhile() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.ready("a:1", "b:1");
		Address then = Address.of("a:1").withMetadata(Map.of("version", "1"));

		assertThat(List.of(this.clientConn.pickAfter(then), this.clientConn.pickAfter(then))).containsOnly("b:1");
	}

	@Test
	void addressThatCameBackIsPickedAgain() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.ready("a:1", "b:1");
		this.clientConn.fail("a:1");
		this.clientConn.ready("a:1");

		assertThat(this.clientConn.picks(2)).containsExactlyInAnyOrder("a:1", "b:1");
	}

	@Test
	void addressRemovedAndAddedInOneBatchStaysPickable() {
		this.clientConn.list("a:1");
		this.clientConn.ready("a:1");

		this.clientConn.list();
		this.clientConn.list("a:1");

		assertThat(this.clientConn.pick()).isEqualTo("a:1");
	}

	@Test
	void staleDownDoesNotTouchTheNextConnection() {
		this.clientConn.list("a:1");
		Balancer.Down first = this.balancer.up(Address.of("a:1"));
		first.down(Status.UNAVAILABLE, true);
		this.balancer.up(Address.of("a:1"));
		this.clientConn.runSerial();

		first.down(Status.UNAVAILABLE, true);
		this.clientConn.runSerial();

		assertThat(this.clientConn.pick()).isEqualTo("a:1");
	}

	@Test
	void usableAddressThatTheListDroppedIsStillPicked() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.ready("a:1", "b:1");

		this.clientConn.list("b:1");

		assertThat(this.clientConn.picks(2)).containsExactlyInAnyOrder("a:1", "b:1");
		this.clientConn.move("a:1", ConnectivityState.SHUTDOWN);
		assertThat(this.clientConn.picks(2)).containsOnly("b:1");
	}

	@Test
	void newMetadataReachesThePicks() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.ready("a:1", "b:1");
		Address described = Address.of("a:1").withHeaders(Map.of("lb-token", "x"));

		this.clientConn.list(List.of(described, Address.of("b:1"), Address.of("a:1")));

		assertThat(IntStream.range(0, 2).mapToObj((i) -> this.balancer.get(FakeClientConn.OPTIONS).address()))
			.containsExactlyInAnyOrder(described, Address.of("b:1"));
	}

	@Test
	void sameAddressIsAlwaysTheSamePick() {
		this.clientConn.list("a:1");
		this.clientConn.ready("a:1");
		Pick pick = this.balancer.get(FakeClientConn.OPTIONS);

		this.clientConn.list("a:1", "b:1");
		this.clientConn.ready("b:1");
		this.clientConn.fail("b:1");

		assertThat(this.balancer.get(FakeClientConn.OPTIONS)).isSameAs(pick);
	}

	@Test
	void indexMayWrapAround() {
		RoundRobin balancer = new RoundRobin();
		FakeClientConn client = new FakeClientConn(balancer, 1);
		client.list("a:1", "b:1", "c:1");
		client.ready("a:1", "b:1", "c:1");
		balancer.next.set(-2);

		assertThat(client.picks(2)).doesNotContain("queue");
		assertThat(client.picks(3)).containsExactly("a:1", "b:1", "c:1");
	}

	@Test
	void picksThatRaceWithEventsFindTheUsableAddress() throws Exception {
		this.clientConn.list("a:1", "b:1", "c:1");
		this.clientConn.ready("a:1", "b:1", "c:1");
		AtomicBoolean done = new AtomicBoolean();
		CompletableFuture<Set<String>> picked = CompletableFuture.supplyAsync(() -> {
			Set<String> picks = new HashSet<>();
			while (!done.get()) {
				picks.add(this.clientConn.pick());
			}
			return picks;
		});

		for (int i = 0; i < 5_000; i++) {
			this.clientConn.fail("a:1", "c:1");
			this.clientConn.ready("c:1", "a:1");
		}
		done.set(true);

		assertThat(picked.get(10, TimeUnit.SECONDS)).contains("b:1").doesNotContain("queue");
	}

	@Test
	void listsAndErrorsArePassedOn() {
		List<Address> list = List.of(Address.of("a:1"), Address.of("a:1"));

		this.clientConn.list(list);
		this.clientConn.error(Status.UNAVAILABLE.withDescription("no DNS"));

		assertThat(this.clientConn.lists).containsExactly(list);
		assertThat(this.clientConn.asked()).containsExactly("error no DNS");
	}

	@Test
	void refreshAsksForTheListAndCloseEndsItOnce() {
		this.clientConn.list("a:1");
		this.clientConn.ready("a:1");
		this.clientConn.asked();

		this.balancer.refresh();
		this.balancer.close();
		this.balancer.close();

		assertThat(this.clientConn.asked()).containsExactly("refresh", "close", "close");
		assertThat(this.clientConn.pick()).isEqualTo("queue");
		this.clientConn.fail("a:1");
		this.clientConn.list("b:1");
		this.clientConn.ready("b:1");
		assertThat(this.clientConn.asked()).isEmpty();
		assertThat(this.clientConn.pick()).isEqualTo("queue");
	}

	@Test
	void addressThatComesUpAfterTheCloseIsNotPicked() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.ready("a:1");

		this.balancer.close();
		this.balancer.up(this.clientConn.lists.get(0).get(0));
		this.clientConn.runSerial();

		assertThat(this.balancer.get(FakeClientConn.OPTIONS)).isEqualTo(Pick.queue());
	}

	@Test
	void connectsAll() {
		assertThat(this.balancer.connectsAll()).isTrue();
	}

	@Test
	void addressTakesAsManyTurnsAsItsWeight() {
		this.clientConn.list(List.of(weighted("a:1", "1"), weighted("b:1", "3"), Address.of("c:1")));
		this.clientConn.ready("a:1", "b:1", "c:1");

		assertThat(Collections.frequency(this.clientConn.picks(500), "b:1")).isEqualTo(300);
		// Spread over the round, never all at once.
		assertThat(String.join("", this.clientConn.picks(50))).doesNotContain("b:1b:1b:1");
	}

	@Test
	void weightThatChangesIsFollowedWithoutANewConnection() {
		this.clientConn.list(List.of(weighted("a:1", "1"), weighted("b:1", "1")));
		this.clientConn.ready("a:1", "b:1");
		this.clientConn.asked();

		this.clientConn.list(List.of(weighted("a:1", "1"), weighted("b:1", "9")));

		assertThat(Collections.frequency(this.clientConn.picks(100), "a:1")).isEqualTo(10);
		assertThat(this.clientConn.asked()).containsExactly("picksChanged");
	}

	@Test
	void lostAddressesLeaveTheirTurnsToTheOthers() {
		this.clientConn.list(List.of(weighted("a:1", "1"), weighted("b:1", "100"), weighted("c:1", "1")));
		this.clientConn.ready("a:1", "b:1", "c:1");

		this.clientConn.moveOnly("b:1", ConnectivityState.TRANSIENT_FAILURE);
		assertThat(this.clientConn.picks(10)).doesNotContain("b:1", "queue");
		this.clientConn.runSerial();

		assertThat(Collections.frequency(this.clientConn.picks(10), "a:1")).isEqualTo(5);
	}

	private static Address weighted(String addr, String weight) {
		return Address.of(addr).withMetadata(Map.of(Address.WEIGHT, weight));
	}

}
