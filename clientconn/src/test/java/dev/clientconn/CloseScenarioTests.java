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

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.clientconn.naming.Address;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualBalancer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scenarios 117 and 118: what becomes of calls when the ClientConn ends.
 */
class CloseScenarioTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	@ParameterizedTest
	@ValueSource(strings = { "pick_first", "round_robin", "manual" })
	void scenario117closeInFlight(String policy) {
		try (EchoServer server = EchoServer.started()) {
			ManualBalancer balancer = new ManualBalancer();
			balancer.push(server.address());
			DialOptions.Builder options = policy.equals("manual") ? Dials.plain().balancer(balancer.provider())
					: Dials.plain().balancer(policy);
			ClientConn conn = this.dials.dial(server.address(), options.block(true));
			EchoRequest slow = EchoRequest.newBuilder().setDelayMs(60_000).build();
			List<Rpc> rpcs = List.of(Rpc.unary(conn, Rpc.FF, slow), Rpc.unary(conn, Rpc.WFR, slow),
					Rpc.bidi(conn, Rpc.FF), Rpc.bidi(conn, Rpc.WFR));
			Dials.await().until(() -> server.requests() == 4);
			conn.shutdownNow();
			conn.shutdownNow();
			conn.close();

			assertThat(rpcs).extracting(Rpc::await).allSatisfy(CloseScenarioTests::closing);
			assertThat(conn.isTerminated()).isTrue();
			assertThat(Rpc.unary(conn, Rpc.WFR).awaitCode()).isEqualTo(Status.Code.UNAVAILABLE);
			Rpc later = Rpc.bidi(conn, Rpc.FF);
			assertThat(later.awaitCode()).isEqualTo(Status.Code.UNAVAILABLE);
			assertThat(later.await().getDescription()).isEqualTo("the client connection is closing or closed");
			assertThat(conn.snapshot().callsStarted()).isEqualTo(conn.snapshot().callsEnded());
			Dials.await().until(() -> server.openConnections() == 0);
		}
	}

	@Test
	void scenario117shutdownLetsCallsFinish() throws Exception {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain().block(true));
			Rpc stream = Rpc.bidi(conn, Rpc.FF);
			Dials.await().until(() -> stream.replies().size() == 1);
			conn.shutdown();

			assertThat(Rpc.unary(conn, Rpc.FF).awaitCode()).isEqualTo(Status.Code.UNAVAILABLE);
			stream.call().sendMessage(EchoRequest.getDefaultInstance());
			Dials.await().until(() -> stream.replies().size() == 2);
			assertThat(conn.isTerminated()).isFalse();
			stream.call().halfClose();
			assertThat(stream.await().isOk()).isTrue();
			assertThat(conn.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void scenario118closeWhileDialing() {
		ManualDialer dialer = ManualDialer.hanging();
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((peer) -> peer.sendSettings())) {
			ClientConn keepsTheLoops = this.dials.dial(server.address(), Dials.plain());
			Dials.awaitState(keepsTheLoops, READY);
			ClientConn conn = this.dials.dial(server.address(), Dials.plain().dialer(dialer));
			List<Rpc> rpcs = List.of(Rpc.unary(conn, Rpc.FF), Rpc.unary(conn, Rpc.WFR), Rpc.bidi(conn, Rpc.FF),
					Rpc.bidi(conn, Rpc.WFR));
			ManualDialer.Attempt attempt = dialer.await(0);
			conn.shutdownNow();

			assertThat(rpcs).extracting(Rpc::await).allSatisfy(CloseScenarioTests::closing);
			Dials.await().until(conn::isTerminated);
			attempt.connect();
			server.accept();
			assertThat(server.accept().expectEof()).isNotNull();
		}
	}

	@Test
	void scenario118closeInBackoff() {
		FakeScheduler scheduler = leaks.watch(new FakeScheduler());
		ManualDialer dialer = ManualDialer.failing(new IOException("refused"));
		ClientConn first = this.dials.dial("static:localhost:1", Dials.plain().scheduler(scheduler).dialer(dialer));
		Dials.awaitState(first, TRANSIENT_FAILURE);
		for (int round = 0; round < 300; round++) {
			ClientConn conn = this.dials.dial("static:localhost:1", Dials.plain().scheduler(scheduler).dialer(dialer));
			List<Rpc> rpcs = new ArrayList<>();
			for (int i = 0; i < 8; i++) {
				rpcs.add(Rpc.unary(conn, Rpc.WFR));
			}
			conn.shutdownNow();

			assertThat(rpcs).extracting(Rpc::await).allSatisfy(CloseScenarioTests::closing);
			assertThat(conn.snapshot().pendingCalls()).isZero();
		}
	}

	@Test
	void closeWithoutAddressesEndsWaitingCalls() {
		ManualBalancer balancer = new ManualBalancer();
		balancer.push(List.<Address>of());
		ClientConn conn = this.dials.dial("x:1", Dials.plain().balancer(balancer.provider()));
		Rpc rpc = Rpc.unary(conn, Rpc.WFR);
		Dials.await().until(() -> conn.snapshot().pendingCalls() == 1);
		conn.shutdownNow();

		closing(rpc.await());
		assertThat(balancer.events("close")).hasSize(1);
	}

	private static void closing(Status status) {
		assertThat(status.getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(status.getDescription()).isEqualTo("the client connection is closing");
	}

}
