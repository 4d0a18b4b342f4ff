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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import dev.clientconn.naming.Address;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualResolver;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lists that change under a round-robin balancer: rows of section G of the scenarios.
 */
class BalancerScenarioTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	private final ManualResolver resolver = new ManualResolver();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
		assertThat(this.resolver.closes()).as("closed resolutions").isEqualTo(this.resolver.resolutions().size());
	}

	@Test
	void scenario79nameDiscovery() {
		EchoServer first = this.scenario.echo();
		EchoServer second = this.scenario.echo();
		ClientConn conn = dial();
		this.resolver.push(first.address());
		assertThat(Scenario.ask(conn, CallOptions.DEFAULT)).isEqualTo(name(first));

		this.resolver.push(second.address());
		Scenario.soon().until(() -> Scenario.ask(conn, CallOptions.DEFAULT).equals(name(second)));
		for (int i = 0; i < 10; i++) {
			assertThat(Scenario.ask(conn, CallOptions.DEFAULT)).isEqualTo(name(second));
		}
		Scenario.soon().until(() -> first.openConnections() == 0);
	}

	@Test
	void scenario81roundRobinOrder() {
		List<EchoServer> servers = List.of(this.scenario.echo(), this.scenario.echo(), this.scenario.echo());
		ClientConn conn = dial();
		List<Address> list = new ArrayList<>();
		for (EchoServer server : servers) {
			list.add(server.address());
			this.resolver.push(list);
		}
		awaitReadyAddresses(conn, 3);
		List<String> names = servers.stream().map(BalancerScenarioTests::name).toList();
		List<String> answers = IntStream.range(0, 10).mapToObj((i) -> Scenario.ask(conn, CallOptions.DEFAULT)).toList();
		int start = names.indexOf(answers.get(0));
		assertThat(answers)
			.isEqualTo(IntStream.range(0, 10).mapToObj((i) -> names.get((start + i) % names.size())).toList());
	}

	@Test
	void scenario82closeWithPendingRpcs() {
		EchoServer server = this.scenario.echo();
		ClientConn conn = dial();
		this.resolver.push(server.address());
		Scenario.ask(conn, CallOptions.DEFAULT);
		this.resolver.push();
		Scenario.soon().until(() -> conn.snapshot().addresses().isEmpty());
		CallRecorder first = CallRecorder.unary(conn, "waits", Scenario.WAIT);
		CallRecorder second = CallRecorder.unary(conn, "waits too", Scenario.WAIT);
		Scenario.soon().until(() -> conn.snapshot().pendingCalls() == 2);

		conn.shutdownNow();
		CallRecorder late = CallRecorder.unary(conn, "too late", Scenario.WAIT);
		for (CallRecorder call : List.of(first, second)) {
			Status status = call.awaitStatus();
			assertThat(status.getCode()).isEqualTo(Status.Code.CANCELLED);
			assertThat(status.getDescription()).isEqualTo("the client connection is closing");
		}
		assertThat(late.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void scenario83getUnblockedByAdd() {
		EchoServer server = this.scenario.echo();
		ClientConn conn = dial();
		this.resolver.push();
		Scenario.soon().until(() -> conn.snapshot().addressList().version() == 1);
		CallRecorder failFast = CallRecorder.unary(conn, "fails");
		CallRecorder call = CallRecorder.unary(conn, "", Scenario.WAIT);
		assertThat(failFast.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(call.isClosed()).isFalse();

		this.resolver.push(server.address());
		// The server does not know the method, but it has answered.
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
	}

	@Test
	void scenario85oneAddressRemoved() throws Exception {
		EchoServer first = this.scenario.echo();
		EchoServer second = this.scenario.echo();
		ClientConn conn = dial();
		this.resolver.push(first.address(), second.address());
		awaitReadyAddresses(conn, 2);
		List<Status> results = new ArrayList<>();
		List<Thread> callers = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			Thread caller = new Thread(() -> {
				Status status = Scenario.tryAsk(conn, Scenario.WAIT);
				synchronized (results) {
					results.add(status);
				}
			});
			callers.add(caller);
			caller.start();
			if (i == 50) {
				this.resolver.push(second.address());
			}
		}
		for (Thread caller : callers) {
			caller.join();
		}
		assertThat(results).hasSize(100).containsOnly(Status.OK);
	}

	@Test
	void scenario86blockingDialTwoBatches() {
		EchoServer server = this.scenario.echo();
		this.resolver.push();
		this.resolver.push(server.address());
		ClientConn conn = this.scenario.dial("manual:///x", options().block(true).timeout(Duration.ofSeconds(20)));
		assertThat(conn.getState(false)).isEqualTo(ConnectivityState.READY);
		assertThat(Scenario.ask(conn, CallOptions.DEFAULT)).isEqualTo(name(server));
	}

	@Test
	void scenario87flappingUpdates() throws Exception {
		EchoServer first = this.scenario.echo();
		EchoServer second = this.scenario.echo();
		ClientConn conn = dial();
		for (int i = 0; i < 40; i++) {
			this.resolver.push((i % 2 == 0) ? first.address() : second.address());
		}
		assertThat(Scenario.tryAsk(conn, Scenario.WAIT)).isEqualTo(Status.OK);
		Scenario.soon().until(() -> first.openConnections() == 0 && second.openConnections() == 1);
		assertThat(conn.snapshot().addresses()).extracting(ConnectivitySnapshot.AddressState::address)
			.containsExactly("127.0.0.1:" + second.port());
		conn.close();
		assertThat(conn.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void scenario96watcherFails() {
		EchoServer first = this.scenario.echo();
		EchoServer second = this.scenario.echo();
		ClientConn conn = dial();
		this.resolver.push(first.address());
		assertThat(Scenario.ask(conn, CallOptions.DEFAULT)).isEqualTo(name(first));
		this.resolver.fail(Status.UNAVAILABLE.withDescription("the registry is down"));
		Scenario.soon().until(() -> conn.snapshot().addressList().lastError() != null);

		assertThat(conn.snapshot().addressList().lastError()).contains("the registry is down");
		assertThat(conn.getState(false)).isEqualTo(ConnectivityState.READY);
		assertThat(Scenario.ask(conn, CallOptions.DEFAULT)).isEqualTo(name(first));
		int refreshes = this.resolver.refreshes();
		first.kill();
		Scenario.soon().until(() -> this.resolver.refreshes() > refreshes);
		this.resolver.push(second.address());
		assertThat(Scenario.ask(conn, Scenario.WAIT)).isEqualTo(name(second));
		assertThat(conn.snapshot().addressList().lastError()).isNull();
	}

	@Test
	void errorBeforeAnyListIsToldToFailFastCalls() {
		ClientConn conn = dial();
		CallRecorder early = CallRecorder.unary(conn, "early");
		this.resolver.fail(Status.UNAVAILABLE.withDescription("the registry is down"));
		Status status = early.awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getDescription()).contains("the registry is down");
		EchoServer server = this.scenario.echo();
		CallRecorder waiting = CallRecorder.unary(conn, "waits", Scenario.WAIT);
		this.resolver.push(server.address());
		assertThat(waiting.awaitStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
	}

	private ClientConn dial() {
		return this.scenario.dial("manual:///x", options());
	}

	private DialOptions.Builder options() {
		return Scenario.options().resolver(this.resolver).balancer("round_robin");
	}

	private static String name(EchoServer server) {
		return Integer.toString(server.port());
	}

	private static void awaitReadyAddresses(ClientConn conn, int count) {
		Scenario.soon()
			.until(() -> conn.snapshot()
				.addresses()
				.stream()
				.filter((address) -> address.state() == ConnectivityState.READY)
				.count() == count);
	}

}
