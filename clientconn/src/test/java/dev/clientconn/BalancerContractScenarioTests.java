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
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import dev.clientconn.balancer.Pick;
import dev.clientconn.naming.Address;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualBalancer;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a balancer is told and when, up, down, get and put: rows of section G of the
 * scenarios.
 */
class BalancerContractScenarioTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	private final ManualBalancer balancer = new ManualBalancer();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
		assertThat(this.balancer.events()).noneMatch((event) -> event.startsWith("CONCURRENT"));
		assertThat(this.balancer.events("close")).hasSize(1);
	}

	@Test
	void scenario89duplicateAddresses() {
		EchoServer server = this.scenario.echo();
		Address a = server.address();
		for (boolean block : new boolean[] { false, true }) {
			ManualBalancer own = new ManualBalancer();
			own.push(a, a, a);
			ClientConn conn = this.scenario.dial("static:127.0.0.1:1",
					Scenario.options().balancer(own.provider()).block(block));
			int before = server.connections();
			assertThat(Scenario.tryAsk(conn, Scenario.WAIT)).isEqualTo(Status.OK);
			await().pollDelay(200, TimeUnit.MILLISECONDS).until(() -> true);
			assertThat(server.openConnections()).isEqualTo(1);
			assertThat(server.connections() - before).isLessThanOrEqualTo(1);
			assertThat(own.events("up", "down")).containsExactly("up " + a);
			conn.shutdownNow();
			Scenario.soon().until(() -> server.openConnections() == 0);
		}
		dial();
	}

	@Test
	void scenario91upDownPairs() {
		EchoServer server = this.scenario.echo();
		Address a = server.address();
		ClientConn conn = dial(a);
		assertThat(Scenario.tryAsk(conn, Scenario.WAIT)).isEqualTo(Status.OK);
		server.dropConnections();
		Scenario.soon().until(() -> this.balancer.events("up").size() == 2);
		this.balancer.push();
		Scenario.soon().until(() -> this.balancer.events("down").size() == 2);

		assertThat(this.balancer.events("up", "down")).containsExactly("up " + a,
				"down " + a + " UNAVAILABLE temporary", "up " + a, "down " + a + " UNAVAILABLE permanent");
		assertThat(this.balancer.events("stateChanged")).as("why it connects again")
			.contains("stateChanged " + a + " CONNECTING UNAVAILABLE");
	}

	/** A pick may be made just before the balancer hears that the address has failed. */
	@Test
	void pickThatIsOlderThanTheFailureOfItsAddressCostsNoCall() {
		Address dead = Address.of("127.0.0.1:1");
		Address live = this.scenario.echo().address();
		AtomicInteger picks = new AtomicInteger();
		this.balancer.picking((options) -> Pick.of((picks.getAndIncrement() == 0) ? dead : live));
		ClientConn conn = dial(dead, live);
		Scenario.soon()
			.until(() -> this.balancer.events("stateChanged")
				.containsAll(List.of("stateChanged " + dead + " TRANSIENT_FAILURE UNAVAILABLE",
						"stateChanged " + live + " READY OK")));

		assertThat(Scenario.tryAsk(conn, CallOptions.DEFAULT)).isEqualTo(Status.OK);
		assertThat(picks).hasValue(2);

		this.balancer.picking((options) -> Pick.of(dead));
		assertThat(Scenario.tryAsk(conn, CallOptions.DEFAULT).getCode()).as("the balancer insists")
			.isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void scenario92balancerCallbackMayReenter() {
		EchoServer server = this.scenario.echo();
		AtomicReference<ClientConn> self = new AtomicReference<>();
		CountDownLatch blocked = new CountDownLatch(1);
		CountDownLatch release = new CountDownLatch(1);
		this.balancer.hook((event) -> {
			ClientConn conn = self.get();
			if (conn != null && (event.startsWith("up") || event.startsWith("down"))) {
				conn.getState(true);
				conn.snapshot();
				conn.resetConnectBackoff();
				blocked.countDown();
				awaitLatch(release);
			}
		});
		ClientConn conn = dial();
		self.set(conn);
		this.balancer.push(server.address());
		awaitLatch(blocked);

		CallRecorder call = CallRecorder.unary(conn, "bounded",
				Scenario.WAIT.withDeadlineAfter(200, TimeUnit.MILLISECONDS));
		assertThat(call.awaitStatus().getCode()).as("while the balancer blocks")
			.isIn(Status.Code.DEADLINE_EXCEEDED, Status.Code.UNIMPLEMENTED);
		release.countDown();
		assertThat(Scenario.tryAsk(conn, Scenario.WAIT)).isEqualTo(Status.OK);
		server.dropConnections();
		Scenario.soon().until(() -> this.balancer.events("down").size() == 1);
		assertThat(Scenario.tryAsk(conn, Scenario.WAIT)).isEqualTo(Status.OK);
	}

	@Test
	void scenario93putExactlyOnce() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = dial(server.address());
		Peer peer = Scenario.accept(server);
		Scenario.awaitState(conn, ConnectivityState.READY);

		CallRecorder ok = CallRecorder.unary(conn, "ok", Scenario.WAIT);
		peer.expectMessage(1);
		peer.sendResponse(1, Scenario.bytes("ok"));
		assertThat(ok.awaitStatus()).isEqualTo(Status.OK);
		assertPuts("OK");

		CallRecorder failed = CallRecorder.unary(conn, "fails", Scenario.WAIT);
		peer.expectMessage(3);
		peer.sendTrailersOnly(3, 5, "not here");
		assertThat(failed.awaitStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
		assertPuts("OK", "NOT_FOUND");

		CallRecorder cancelled = CallRecorder.bidi(conn);
		peer.expectHeaders(5);
		cancelled.call().cancel("enough", null);
		peer.expectRst(5, 8);
		assertPuts("OK", "NOT_FOUND", "CANCELLED");

		// Lost, and abandoned by the application: it asks for nothing.
		CallRecorder abandoned = CallRecorder.bidi(conn, CallOptions.DEFAULT, 0);
		peer.expectHeaders(7);
		peer.drop();
		assertThat(abandoned.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertPuts("OK", "NOT_FOUND", "CANCELLED", "UNAVAILABLE");

		Peer next = Scenario.accept(server);
		Scenario.awaitState(conn, ConnectivityState.READY);
		CallRecorder open = CallRecorder.bidi(conn);
		next.expectHeaders(1);
		conn.shutdownNow();
		assertThat(open.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
		assertPuts("OK", "NOT_FOUND", "CANCELLED", "UNAVAILABLE", "CANCELLED");
	}

	@Test
	void scenario93putForAddressesThatAreNotReady() {
		Address gone = Address.of("127.0.0.1:1");
		EchoServer server = this.scenario.echo();
		this.balancer.picking((options) -> Pick.of(gone));
		ClientConn conn = dial(gone);
		CallRecorder failFast = CallRecorder.unary(conn, "fails");
		assertThat(failFast.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		CallRecorder waiting = CallRecorder.unary(conn, "waits", Scenario.WAIT);
		this.balancer.push(server.address());
		Scenario.soon().until(() -> this.balancer.upAddresses().contains(server.address()));
		this.balancer.picking((options) -> Pick.of(server.address()));
		this.balancer.config().control().picksChanged();
		assertThat(waiting.awaitStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
		Scenario.soon().until(() -> this.balancer.puts() == this.balancer.gets());
	}

	@Test
	void scenario93putOfARetriedCall() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = dial(server.address());
		Peer old = Scenario.accept(server);
		CallRecorder call = CallRecorder.unary(conn, "moves", Scenario.WAIT);
		old.expectMessage(1);
		old.sendGoAway(0, 0, "");
		Peer next = Scenario.accept(server);
		next.expectMessage(1);
		next.sendResponse(1, Scenario.bytes("ok"));
		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		Scenario.soon().untilAsserted(() -> {
			List<String> puts = this.balancer.events("put");
			assertThat(puts.get(puts.size() - 1)).endsWith(" OK");
			assertThat(puts).filteredOn((put) -> put.endsWith(" OK")).hasSize(1);
			assertThat(puts).filteredOn((put) -> put.endsWith(" UNAVAILABLE")).isNotEmpty();
		});
	}

	/** Ends while its credentials are being fetched: it has a pick, but no stream. */
	@Test
	void scenario93putOfACallThatNeverGotItsCredentials() {
		EchoServer server = this.scenario.echo();
		ClientConn conn = dial(server.address());
		Scenario.awaitState(conn, ConnectivityState.READY);
		CallCredentials silent = new CallCredentials() {
			@Override
			public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
				// Never answers.
			}
		};
		CallRecorder call = CallRecorder.unary(conn, "waits", Scenario.WAIT.withCallCredentials(silent));
		Scenario.soon().until(() -> this.balancer.events("get").size() > 0);
		call.call().cancel("enough", null);
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
		assertPuts("CANCELLED");
	}

	/** 20,000 addresses sent again and again: no connection suffers, no call fails. */
	@Test
	void scenario97diffScales() {
		EchoServer server = this.scenario.echo();
		this.balancer.notConnectingAll();
		ClientConn conn = dial();
		List<Address> many = new ArrayList<>();
		many.add(server.address());
		for (int i = 0; i < 19_999; i++) {
			many.add(Address.of("10.0." + (i / 250) + "." + (i % 250), 50_051));
		}
		this.balancer.push(many);
		this.balancer.config().control().connect(server.address());
		assertThat(Scenario.tryAsk(conn, Scenario.WAIT)).isEqualTo(Status.OK);
		for (int i = 0; i < 50; i++) {
			long version = conn.snapshot().addressList().version();
			this.balancer.push(new ArrayList<>(many));
			assertThat(Scenario.tryAsk(conn, CallOptions.DEFAULT)).isEqualTo(Status.OK);
			Scenario.soon().until(() -> conn.snapshot().addressList().version() > version);
		}
		assertThat(server.connections()).isEqualTo(1);
		assertThat(this.balancer.events("up", "down")).containsExactly("up " + server.address());
		assertThat(conn.snapshot().addresses()).hasSize(20_000);
	}

	private ClientConn dial(Address... addresses) {
		ClientConn conn = this.scenario.dial("static:127.0.0.1:1",
				Scenario.options().balancer(this.balancer.provider()));
		if (addresses.length > 0) {
			this.balancer.push(addresses);
		}
		return conn;
	}

	private void assertPuts(String... codes) {
		Scenario.soon().until(() -> this.balancer.puts() >= codes.length);
		assertThat(this.balancer.events("put")).extracting((put) -> put.substring(put.lastIndexOf(' ') + 1))
			.containsExactly(codes);
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
