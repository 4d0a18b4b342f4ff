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

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.naming.Address;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualBalancer;
import dev.clientconn.testing.ManualResolver;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an operator does to a ClientConn that is in use.
 */
class OperationsScenarioTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	private final ManualResolver resolver = new ManualResolver();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@ParameterizedTest
	@ValueSource(strings = { "round_robin", "pick_first" })
	void reconnectUnderLoadLosesNoCall(String policy) throws Exception {
		List<EchoServer> servers = List.of(this.scenario.echo(), this.scenario.echo(), this.scenario.echo());
		AtomicInteger stateChanges = new AtomicInteger();
		ClientConn conn = dial(Scenario.options().balancer(policy).statsHandler(new StatsHandler() {

			@Override
			public void stateChanged(String target, Address address, ConnectivityState from, ConnectivityState to,
					Status cause) {
				stateChanges.incrementAndGet();
			}

		}), servers);
		int connected = policy.equals("pick_first") ? 1 : 3;
		Scenario.awaitState(conn, ConnectivityState.READY);
		Scenario.soon().until(() -> readyAddresses(conn) == connected && connections(servers) >= connected);
		Scenario.soon().until(() -> openConnections(servers) == connected);
		int before = connections(servers);
		int changesBefore = stateChanges.get();
		AtomicBoolean done = new AtomicBoolean();
		ConcurrentLinkedQueue<Status> failures = new ConcurrentLinkedQueue<>();
		AtomicInteger calls = new AtomicInteger();
		List<Thread> callers = IntStream.range(0, 8).mapToObj((i) -> new Thread(() -> {
			while (!done.get()) {
				Status status = Scenario.tryAsk(conn, CallOptions.DEFAULT);
				calls.incrementAndGet();
				if (!status.isOk()) {
					failures.add(status);
				}
			}
		})).toList();
		callers.forEach(Thread::start);

		for (int round = 1; round <= 10; round++) {
			int expected = before + round * connected;
			int callsBefore = calls.get();
			conn.operations().reconnect();
			Scenario.soon().until(() -> connections(servers) == expected && calls.get() > callsBefore + 50);
		}
		done.set(true);
		for (Thread caller : callers) {
			caller.join();
		}

		assertThat(failures).isEmpty();
		Scenario.soon().until(() -> openConnections(servers) == connected);
		assertThat(stateChanges.get()).as("READY all the time").isEqualTo(changesBefore);
		assertThat(conn.snapshot().addresses()).filteredOn((address) -> address.transport() != null)
			.hasSize(connected)
			.allSatisfy((address) -> assertThat(address.events().get(address.events().size() - 1).what())
				.isEqualTo("renewed"));
	}

	@Test
	void theBalancerIsNotToldOfAnotherConnection() {
		EchoServer server = this.scenario.echo();
		ManualBalancer balancer = new ManualBalancer();
		ClientConn conn = this.scenario.dial("static:127.0.0.1:1", Scenario.options().balancer(balancer.provider()));
		balancer.push(server.address());
		Scenario.awaitState(conn, ConnectivityState.READY);
		List<String> before = balancer.events("stateChanged", "up", "down");

		assertThat(conn.operations().reconnect(server.address().addr())).isTrue();
		Scenario.soon().until(() -> server.connections() == 2 && server.openConnections() == 1);
		Scenario.ask(conn, CallOptions.DEFAULT);

		assertThat(balancer.events("stateChanged", "up", "down")).isEqualTo(before);
	}

	@Test
	void aLongStreamStaysOnItsConnectionForAsLongAsItLasts() {
		EchoServer server = this.scenario.echo();
		ClientConn conn = dial(Scenario.options().drainTimeout(Duration.ofMillis(1)), List.of(server));
		EchoStream stream = new EchoStream(conn);
		stream.exchange("before");

		conn.operations().reconnect();
		Scenario.soon().until(() -> renewed(conn));
		assertThat(conn.snapshot().addresses().get(0).draining()).isOne();
		// Longer than drainTimeout: another call makes the round trip meanwhile.
		Scenario.ask(conn, CallOptions.DEFAULT);
		stream.exchange("after");
		stream.complete();

		assertThat(stream.awaitEnd()).isEqualTo(Status.OK);
		Scenario.soon().until(() -> server.openConnections() == 1);
		assertThat(server.connections()).isEqualTo(2);
	}

	@Test
	void aServerThatRefusesTheNewConnectionLosesNoCall() {
		EchoServer server = this.scenario.echo();
		ClientConn conn = dial(Scenario.options(), List.of(server));
		EchoStream stream = new EchoStream(conn);
		stream.exchange("before");
		server.refuseConnections();

		conn.operations().reconnect();
		Scenario.soon()
			.until(() -> events(conn).stream().filter((what) -> what.startsWith("renewal failed: ")).count() > 1);
		stream.exchange("meanwhile");
		assertThat(Scenario.tryAsk(conn, CallOptions.DEFAULT)).isEqualTo(Status.OK);
		assertThat(conn.getState(false)).isEqualTo(ConnectivityState.READY);
		stream.complete();
		assertThat(stream.awaitEnd()).isEqualTo(Status.OK);
	}

	@Test
	void aReconnectReachesConnectionsThatAnUpdateIsMaking() {
		EchoServer before = this.scenario.echo();
		ScriptedHttp2Server after = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(before);
		Scenario.awaitState(conn, ConnectivityState.READY);
		conn.update("static:127.0.0.1:" + after.port(), Scenario.options().build());
		Peer first = after.accept();

		conn.operations().reconnect();
		first.handshake();
		Scenario.accept(after);
		Scenario.soon().until(() -> renewed(conn));
	}

	@Test
	void aDrainedAddressFinishesItsCallsAndGetsNoNewOnes() {
		EchoServer a = this.scenario.echo();
		EchoServer b = this.scenario.echo();
		ClientConn conn = dial(Scenario.options(), List.of(a));
		EchoStream stream = new EchoStream(conn);
		stream.exchange("before");
		push(List.of(a, b));
		Scenario.soon().until(() -> readyAddresses(conn) == 2);

		assertThat(conn.operations().drain(a.address().addr())).isTrue();
		Scenario.soon().until(() -> addresses(conn).equals(List.of(b.address().addr())));
		assertThat(conn.snapshot().addressList().drained()).containsExactly(a.address().addr());
		for (int i = 0; i < 10; i++) {
			assertThat(Scenario.ask(conn, CallOptions.DEFAULT)).isEqualTo(Integer.toString(b.port()));
		}
		stream.exchange("after");
		stream.complete();
		assertThat(stream.awaitEnd()).isEqualTo(Status.OK);
		Scenario.soon().until(() -> a.openConnections() == 0);

		// A later list changes nothing: only the operator takes the address back.
		push(List.of(b, a));
		Scenario.soon().until(() -> conn.snapshot().addressList().version() >= 4);
		assertThat(addresses(conn)).containsExactly(b.address().addr());
		assertThat(a.connections()).isOne();

		assertThat(conn.operations().undrain(a.address().addr())).isTrue();
		Scenario.soon().until(() -> readyAddresses(conn) == 2);
		assertThat(conn.snapshot().addressList().drained()).isEmpty();
		assertThat(a.connections()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "round_robin", "pick_first" })
	void theLastAddressCanBeDrained(String policy) {
		EchoServer server = this.scenario.echo();
		ClientConn conn = dial(Scenario.options().balancer(policy), List.of(server));
		Scenario.ask(conn, Scenario.WAIT);
		String addr = server.address().addr();

		assertThat(conn.operations().drain(addr)).isTrue();
		Scenario.soon().until(() -> conn.getState(false) == ConnectivityState.TRANSIENT_FAILURE);
		Status status = Scenario.tryAsk(conn, CallOptions.DEFAULT);
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getDescription()).contains("0 addresses and 1 drained by the operator (" + addr + ")");
		Scenario.soon().until(() -> server.openConnections() == 0);

		conn.operations().undrain(addr);
		assertThat(Scenario.tryAsk(conn, Scenario.WAIT)).isEqualTo(Status.OK);
		assertThat(conn.operations().undrain(addr)).as("known, and in use already").isTrue();
	}

	@Test
	void unknownAddressesAreNotTouched() {
		EchoServer server = this.scenario.echo();
		ClientConn conn = dial(Scenario.options(), List.of(server));
		Scenario.awaitState(conn, ConnectivityState.READY);
		Operations operations = conn.operations();
		String unknown = "127.0.0.1:1";

		assertThat(operations.connect(unknown)).isFalse();
		assertThat(operations.resetBackoff(unknown)).isFalse();
		assertThat(operations.reconnect(unknown)).isFalse();
		assertThat(operations.drain(unknown)).isFalse();
		assertThat(operations.undrain(unknown)).isFalse();
		assertThat(conn.snapshot().addressList().drained()).isEmpty();
	}

	@Test
	void oneAddressConnectsOrEndsItsBackoff() {
		EchoServer server = this.scenario.echo();
		Address refused = Address.of("127.0.0.1:1");
		ClientConn conn = this.scenario.dial("manual:///x",
				Scenario.options().resolver(this.resolver).backoff(Scenario.backoff(Duration.ofMinutes(1))));
		this.resolver.push(List.of(server.address(), refused));
		Scenario.soon().until(() -> state(conn, refused) == ConnectivityState.TRANSIENT_FAILURE);
		Scenario.soon().until(() -> state(conn, server.address()) == ConnectivityState.READY);
		long attempts = attempts(conn, refused);

		assertThat(conn.operations().resetBackoff(refused.addr())).isTrue();
		Scenario.soon().until(() -> attempts(conn, refused) > attempts);
		assertThat(server.connections()).as("the others go on").isOne();

		conn.enterIdle();
		Scenario.soon().until(() -> state(conn, server.address()) == ConnectivityState.IDLE);
		assertThat(conn.operations().connect(server.address().addr())).isTrue();
		Scenario.soon().until(() -> state(conn, server.address()) == ConnectivityState.READY);
	}

	@Test
	void aLookUpIsAskedForOnceTheDialHasBegun() {
		EchoServer server = this.scenario.echo();
		ClientConn conn = this.scenario.dial("manual:///x", Scenario.options().resolver(this.resolver).lazy(true));
		conn.operations().resolveNow();
		assertThat(conn.operations().connect(server.address().addr())).isFalse();
		conn.getState(true);
		Scenario.soon().until(() -> !this.resolver.resolutions().isEmpty());
		this.resolver.push(server.address());
		Scenario.awaitState(conn, ConnectivityState.READY);
		assertThat(this.resolver.refreshes()).isZero();

		conn.operations().resolveNow();
		Scenario.soon().until(() -> this.resolver.refreshes() == 1);
	}

	private ClientConn dial(DialOptions.Builder options, List<EchoServer> servers) {
		ClientConn conn = this.scenario.dial("manual:///x", options.resolver(this.resolver));
		push(servers);
		return conn;
	}

	private void push(List<EchoServer> servers) {
		this.resolver.push(servers.stream().map(EchoServer::address).toList());
	}

	private static boolean renewed(ClientConn conn) {
		return events(conn).contains("renewed");
	}

	private static List<String> events(ClientConn conn) {
		return conn.snapshot()
			.addresses()
			.stream()
			.flatMap((address) -> address.events().stream())
			.map(ConnectivitySnapshot.Event::what)
			.toList();
	}

	private static List<String> addresses(ClientConn conn) {
		return conn.snapshot().addresses().stream().map(AddressState::address).toList();
	}

	private static long readyAddresses(ClientConn conn) {
		return conn.snapshot().addresses().stream().filter((address) -> address.transport() != null).count();
	}

	/** Returns {@code null} while the list has not been applied. */
	private static ConnectivityState state(ClientConn conn, Address address) {
		return find(conn, address).map(AddressState::state).orElse(null);
	}

	private static long attempts(ClientConn conn, Address address) {
		return find(conn, address).orElseThrow()
			.events()
			.stream()
			.filter((event) -> event.what().startsWith("CONNECTING"))
			.count();
	}

	private static Optional<AddressState> find(ClientConn conn, Address address) {
		return conn.snapshot()
			.addresses()
			.stream()
			.filter((candidate) -> candidate.address().equals(address.addr()))
			.findFirst();
	}

	private static int connections(List<EchoServer> servers) {
		return servers.stream().mapToInt(EchoServer::connections).sum();
	}

	private static int openConnections(List<EchoServer> servers) {
		return servers.stream().mapToInt(EchoServer::openConnections).sum();
	}

}
