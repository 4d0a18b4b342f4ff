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

package dev.clientconn.spring.boot.autoconfigure.discovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.clientconn.ClientConn;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.DialOptions;
import dev.clientconn.naming.Address;
import dev.clientconn.naming.Resolution;
import dev.clientconn.spring.boot.autoconfigure.TestCalls;
import dev.clientconn.testing.EchoServer;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The fourteen ways in which a registry fails, see docs/discovery.md. What speaks of
 * calls and connections is shown with real ones, see {@link LiveDiscovery}.
 */
class DiscoveryFailureCasesTests {

	@RegisterExtension
	final LiveDiscovery live = new LiveDiscovery();

	private final Discoveries rig = new Discoveries();

	@ParameterizedTest
	@ValueSource(strings = { "round_robin", "pick_first" })
	void case1throwsForTenMinutesWithLiveBackends(String policy) {
		EchoServer first = this.live.server();
		EchoServer second = this.live.server();
		this.live.registry.addresses(first.address(), second.address());
		ClientConn conn = this.live.dial(policy);
		this.live.call(conn);
		this.live.registry.failure = new IllegalStateException("registry down");
		for (int i = 0; i < 60; i++) {
			this.live.seconds(10);
			this.live.call(conn);
		}

		assertThat(conn.snapshot().addressList().lastError()).contains("registry down");
		assertThat(conn.snapshot().addressList().details()).containsKey("staleSince")
			.containsEntry("failuresInRow", 11);
		assertThat(LiveDiscovery.connects(conn, first) + LiveDiscovery.connects(conn, second)).as("connections made")
			.isBetween(1L, 2L);
	}

	@ParameterizedTest
	@ValueSource(strings = { "round_robin", "pick_first" })
	void case2returnsEmptyForEverWithLiveBackends(String policy) {
		EchoServer server = this.live.server();
		this.live.registry.addresses(server.address());
		ClientConn conn = this.live.dial(policy);
		this.live.call(conn);
		this.live.registry.addresses();
		for (int i = 0; i < 60; i++) {
			this.live.seconds(10);
			this.live.call(conn);
		}

		assertThat(conn.snapshot().addressList().lastError()).contains("no usable instance");
		assertThat(conn.snapshot().addressList().details()).containsEntry("heldRemovals", 1);
		assertThat(LiveDiscovery.connects(conn, server)).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "round_robin", "pick_first" })
	void case2returnsEmptyTwiceWithDeadBackends(String policy) {
		EchoServer server = this.live.server();
		this.live.registry.addresses(server.address());
		ClientConn conn = this.live.dial(policy);
		this.live.call(conn);
		server.kill();
		this.live.awaitState(conn, server, ConnectivityState.TRANSIENT_FAILURE);
		this.live.registry.addresses();
		this.live.scheduler.advance(Duration.ofMillis(1000));
		assertThat(conn.snapshot().addressList().details()).containsEntry("emptyAnswersInRow", 1);
		assertThat(conn.snapshot().addresses()).as("once is not enough").hasSize(1);
		this.live.seconds(1);

		this.live.await().until(() -> conn.snapshot().addresses().isEmpty());
		assertThat(TestCalls.start(conn)).succeedsWithin(LiveDiscovery.TIMEOUT)
			.extracting(Status::getCode)
			.isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void case2returnsEmptyOnceAndNobodyNotices() {
		this.rig.registry.octets(1, 2);
		Resolution resolution = this.rig.start();
		this.rig.all(ConnectivityState.TRANSIENT_FAILURE, 1, 2);
		this.rig.registry.octets();
		this.rig.seconds(10);
		this.rig.registry.octets(1, 2);
		this.rig.seconds(1);

		assertThat(this.rig.lists).as("the second clears the error").hasSize(2).containsOnly(this.rig.last());
		assertThat(this.rig.octets()).containsExactly(1, 2);
		assertThat(resolution.details()).containsEntry("emptyAnswersInRow", 0).containsEntry("heldRemovals", 0);
	}

	@Test
	void case3hangsForAMinute() {
		this.rig.registry.octets(1);
		Resolution resolution = this.rig.start();
		this.rig.blocking = true;
		this.rig.seconds(10);
		Runnable hanging = this.rig.blocked.remove();
		assertThat(resolution.details()).containsEntry("lookupRunning", true);
		this.rig.seconds(5);
		assertThat(this.rig.delivered.get(1)).contains("for PT5S");
		assertThat(this.rig.abandoned).isOne();
		this.rig.seconds(55);
		assertThat(resolution.details()).containsEntry("failuresInRow", 2);

		this.rig.registry.octets(7);
		hanging.run();
		assertThat(this.rig.lists).as("what comes late is ignored").hasSize(1);
		this.rig.blocking = false;
		this.rig.seconds(60);
		assertThat(this.rig.octets()).containsExactly(7);
	}

	@Test
	void case4losesSixtyPercentThenRecovers() {
		this.rig.registry.octets(1, 2, 3, 4, 5);
		Resolution resolution = this.rig.start();
		this.rig.all(ConnectivityState.READY, 1, 2, 3, 4, 5);
		this.rig.registry.octets(1, 2);
		this.rig.seconds(10);
		assertThat(resolution.details()).containsEntry("heldRemovals", 3);
		assertThat(resolution.details().get("held").toString()).contains("address=10.0.0.3:9090", "since=2026-01-01",
				"lost too many instances");
		this.rig.registry.octets(1, 2, 3, 4, 5);
		this.rig.seconds(1);

		assertThat(this.rig.lists).hasSize(1);
		assertThat(resolution.details()).containsEntry("heldRemovals", 0);
	}

	@Test
	void case5alternatesTwoHalfListsEveryPoll() {
		List<EchoServer> servers = IntStream.range(0, 6).mapToObj((i) -> this.live.server()).toList();
		Address[] all = servers.stream().map(EchoServer::address).toArray(Address[]::new);
		Address[] left = { all[0], all[1], all[2] };
		Address[] right = { all[3], all[4], all[5] };
		this.live.registry.onLookup = () -> this.live.registry
			.addresses((this.live.registry.lookups.get() % 2 == 1) ? left : right);
		ClientConn conn = this.live.dial("round_robin");
		this.live.seconds(10);
		servers.forEach((server) -> this.live.await()
			.until(() -> conn.snapshot().addresses().size() == 6
					&& LiveDiscovery.address(conn, server).state() == ConnectivityState.READY));
		long version = conn.snapshot().addressList().version();
		for (int i = 0; i < 30; i++) {
			this.live.seconds(10);
			this.live.call(conn);
		}

		assertThat(conn.snapshot().addressList().version()).as("lists").isEqualTo(version);
		assertThat(servers).allSatisfy((server) -> assertThat(LiveDiscovery.connects(conn, server)).isOne());
		assertThat(this.live.registry.lookups.get()).as("look-ups").isBetween(30, 34);
	}

	@Test
	void case6orderShuffles() {
		this.rig.registry.octets(1, 2, 3);
		this.rig.start();
		this.rig.registry.octets(3, 1, 2);
		this.rig.seconds(10);

		assertThat(this.rig.lookups()).isEqualTo(2);
		assertThat(this.rig.delivered).hasSize(1);
	}

	@Test
	void case7weightOnlyChange() {
		EchoServer server = this.live.server();
		this.live.registry.instances(weighing(server, "1"));
		ClientConn conn = this.live.dial("round_robin");
		this.live.call(conn);
		this.live.registry.instances(weighing(server, "3"));
		this.live.seconds(10);

		this.live.await().until(() -> "3".equals(LiveDiscovery.address(conn, server).metadata().get("weight")));
		assertThat(LiveDiscovery.connects(conn, server)).isOne();
		assertThat(LiveDiscovery.address(conn, server).state()).isEqualTo(ConnectivityState.READY);
	}

	@Test
	void case8restartOnTheSamePortWithANewInstanceId() {
		EchoServer server = this.live.server();
		this.live.registry.instances(FakeRegistry.instance(server.address().addr(), "first", Map.of()));
		ClientConn conn = this.live.dial("round_robin");
		this.live.call(conn);
		server.kill();
		this.live.awaitState(conn, server, ConnectivityState.TRANSIENT_FAILURE);
		server.start();
		assertThat(LiveDiscovery.address(conn, server).state()).as("backoff of ten minutes")
			.isEqualTo(ConnectivityState.TRANSIENT_FAILURE);
		this.live.registry.instances(FakeRegistry.instance(server.address().addr(), "second", Map.of()));
		this.live.seconds(1);

		this.live.awaitState(conn, server, ConnectivityState.READY);
		this.live.call(conn);
		assertThat(LiveDiscovery.address(conn, server).events())
			.anyMatch((event) -> event.what().equals("restarted: instance second after first"));
	}

	@Test
	void case9oneInstanceWithABadPort() {
		this.rig.registry.instances(FakeRegistry.instance("10.0.0.1:9090", "a", Map.of("gRPC_port", "abc")),
				FakeRegistry.instance("10.0.0.2:9090", "b", Map.of()));
		Resolution resolution = this.rig.start();

		assertThat(this.rig.octets()).containsExactly(2);
		assertThat(resolution.details().get("skipped").toString()).contains("gRPC_port=\"abc\" is not a port");
	}

	@Test
	void case10tenThousandInstancesWithOnePercentChurn() {
		this.rig.registry.instances(instances(0));
		Resolution resolution = this.rig.start();
		for (int poll = 1; poll <= 20; poll++) {
			this.rig.registry.instances(instances(poll));
			this.rig.seconds(10);
			assertThat(this.rig.lists).hasSize(poll + 1);
			assertThat(this.rig.last()).hasSize(10_000);
			List<Address> before = this.rig.lists.get(poll - 1);
			assertThat(this.rig.last().stream().filter(new HashSet<>(before)::contains)).hasSize(9_900);
		}
		assertThat(this.rig.lookups()).as("none was forced").isEqualTo(21);
		assertThat(resolution.details()).containsEntry("heldRemovals", 0);
	}

	@ParameterizedTest
	@ValueSource(strings = { "READY", "TRANSIENT_FAILURE" })
	void case11eventStorm(ConnectivityState state) {
		this.rig.registry.octets(1);
		this.rig.registry.onLookup = () -> this.rig.registry
			.octets(IntStream.rangeClosed(1, 1 + this.rig.lookups() % 2).toArray());
		this.rig.start();
		this.rig.all(state, 1, 2);
		this.rig.seconds(1);
		int before = this.rig.lists.size();
		for (int i = 0; i < 3000; i++) {
			this.rig.events.registryMayHaveChanged();
			this.rig.millis(1);
		}

		int most = (state == ConnectivityState.READY) ? 1 : 10;
		assertThat(this.rig.lists.size() - before).as("both ends of 3 s count").isBetween(2, 3 * most + 1);
	}

	@Test
	void case12triggerDuringARunningPoll() {
		this.rig.registry.octets(1);
		this.rig.blocking = true;
		Resolution resolution = this.rig.start();
		resolution.refresh();
		this.rig.events.registryMayHaveChanged();
		this.rig.events.registryMayHaveChanged();
		this.rig.seconds(3);
		assertThat(this.rig.blocked).hasSize(1);

		this.rig.blocked.remove().run();
		this.rig.seconds(1);
		assertThat(this.rig.blocked).hasSize(1);
		this.rig.blocked.remove().run();
		this.rig.seconds(6);
		assertThat(this.rig.blocked).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void case13shutDownDuringAHungPoll(boolean interruptible) throws Exception {
		CountDownLatch hangs = new CountDownLatch(1);
		CountDownLatch never = new CountDownLatch(1);
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		FakeRegistry registry = new FakeRegistry();
		registry.onLookup = () -> {
			hangs.countDown();
			try {
				never.await();
			}
			catch (InterruptedException ex) {
				interrupted.complete(true);
				if (!interruptible) {
					awaitUninterruptibly(never);
				}
			}
		};
		DiscoveryResolver resolver = new DiscoveryResolver(Discoveries.registryOf(registry), new RegistryEvents(),
				LookupThreads.create(), () -> 1L << 63, DiscoverySettings.DEFAULT);
		ClientConn conn = ClientConn.dial("discovery:///greeter",
				DialOptions.builder().insecure().resolver(resolver).build());
		assertThat(hangs.await(20, TimeUnit.SECONDS)).isTrue();
		conn.close();

		assertThat(conn.isTerminated()).isTrue();
		assertThat(interrupted).succeedsWithin(LiveDiscovery.TIMEOUT);
		assertThat(registry.lookups.get()).isOne();
		never.countDown();
	}

	@Test
	void case14compositeSwitchesFromAToBToA() {
		FakeRegistry a = new FakeRegistry("a");
		FakeRegistry b = new FakeRegistry("b").octets(7, 8);
		a.octets(1, 2);
		Resolution resolution = this.rig.start(new CompositeDiscoveryClient(new ArrayList<>(List.of(a, b))),
				() -> 1L << 63);
		this.rig.all(ConnectivityState.READY, 1, 2, 7, 8);
		assertThat(resolution.details()).containsEntry("client", "a");

		a.octets();
		this.rig.seconds(10);
		assertThat(resolution.details()).containsEntry("client", "b").containsEntry("heldRemovals", 2);
		assertThat(this.rig.octets()).containsExactly(1, 2, 7, 8);
		a.octets(1, 2);
		this.rig.seconds(1);
		assertThat(resolution.details()).containsEntry("client", "a").containsEntry("heldRemovals", 2);
		assertThat(this.rig.octets()).as("a's addresses were never gone").containsExactly(1, 2, 7, 8);
		this.rig.seconds(10);
		assertThat(this.rig.octets()).containsExactly(1, 2);
		assertThat(resolution.details()).containsEntry("heldRemovals", 0);
	}

	@Test
	void theDeathOfAHeldConnectionEndsTheHold() {
		List<EchoServer> servers = IntStream.range(0, 4).mapToObj((i) -> this.live.server()).toList();
		this.live.registry.addresses(servers.stream().map(EchoServer::address).toArray(Address[]::new));
		ClientConn conn = this.live.dial("round_robin");
		servers.forEach((server) -> this.live.awaitState(conn, server, ConnectivityState.READY));
		this.live.registry.addresses(servers.get(0).address());
		this.live.seconds(10);
		this.live.registry.failure = new IllegalStateException("registry down");
		servers.get(1).kill();
		this.live.awaitState(conn, servers.get(1), ConnectivityState.TRANSIENT_FAILURE);
		this.live.seconds(1);

		this.live.await().until(() -> conn.snapshot().addresses().size() == 3);
		assertThat(conn.snapshot().addresses()).extracting(AddressState::state).containsOnly(ConnectivityState.READY);
	}

	private static ServiceInstance weighing(EchoServer server, String weight) {
		return FakeRegistry.instance(server.address().addr(), "i", Map.of("weight", weight));
	}

	/** 10,000 instances, of which each generation replaces 100. */
	private static List<ServiceInstance> instances(int generation) {
		return IntStream.range(0, 10_000)
			.map((i) -> (i < generation * 100) ? i + 10_000 : i)
			.mapToObj((i) -> FakeRegistry.instance("10.0." + i / 256 + "." + i % 256 + ":9090", "i" + i, Map.of()))
			.toList();
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
