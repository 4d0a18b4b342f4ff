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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.clientconn.balancer.Pick;
import dev.clientconn.naming.Address;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.Certificates;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.Frame;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualBalancer;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.Context;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scenarios 41 to 53: what calls do while nothing is READY, and their deadlines.
 */
class FailFastScenarioTests {

	/** Never starts an attempt again by itself. */
	private final FakeScheduler scheduler = new FakeScheduler();

	private final IOException refused = new IOException("the firewall says no");

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	@ParameterizedTest
	@ValueSource(strings = { "pick_first", "round_robin" })
	void scenario41wfrServerGone(String policy) {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain().balancer(policy));
			assertThat(Rpc.unary(conn, Rpc.WFR).await().isOk()).isTrue();
			server.kill();
			Dials.await().until(() -> conn.getState(false) != io.grpc.ConnectivityState.READY);

			for (int millis : new int[] { 1, 100 }) {
				assertThat(Rpc.unary(conn, Rpc.deadline(Rpc.WFR, Duration.ofMillis(millis))).awaitCode())
					.isEqualTo(Status.Code.DEADLINE_EXCEEDED);
			}
		}
	}

	@Test
	void scenario42ffWaitsForFirstAttempt() {
		ManualDialer dialer = ManualDialer.hanging();
		ClientConn conn = this.dials.dial("static:localhost:1", Dials.plain().dialer(dialer));
		Rpc rpc = Rpc.unary(conn, Rpc.FF);
		ManualDialer.Attempt attempt = dialer.await(0);
		Dials.during().until(() -> !rpc.isEnded());
		attempt.fail(this.refused);

		unavailable(rpc);
	}

	@Test
	void scenario43ffDuringBackoff() {
		ManualDialer dialer = ManualDialer.failing(this.refused);
		ClientConn conn = this.dials.dial("static:localhost:1", virtual(dialer));
		Dials.awaitState(conn, TRANSIENT_FAILURE);

		unavailable(Rpc.unary(conn, Rpc.FF));
		assertThat(dialer.count()).isEqualTo(1);
	}

	@Test
	void scenario44ffStickyDuringRetry() {
		ManualDialer dialer = ManualDialer.hanging();
		ClientConn conn = this.dials.dial("static:localhost:1", Dials.quick().dialer(dialer));
		dialer.await(0).fail(this.refused);
		dialer.await(1);
		Dials.await().until(() -> conn.snapshot().addresses().get(0).state() == CONNECTING);

		unavailable(Rpc.unary(conn, Rpc.FF));
		assertThat(conn.getState(false)).isEqualTo(TRANSIENT_FAILURE);
	}

	@ParameterizedTest
	@ValueSource(strings = { "pick_first", "round_robin" })
	void scenario45handshakeFailureTold(String policy) {
		try (EchoServer server = new EchoServer().tls(new Certificates().localhost()).start()) {
			ClientConn conn = this.dials.dial(server.address(),
					Dials.tls(Dials.trusting(new Certificates())).balancer(policy));
			Status failed = Rpc.unary(conn, Rpc.FF).await();
			Status late = Rpc.unary(conn, Rpc.deadline(Rpc.WFR, Duration.ofMillis(500))).await();

			assertThat(failed.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			assertThat(failed.getDescription()).contains("TLS handshake failed");
			assertThat(late.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
			assertThat(late.getDescription()).contains("TLS handshake failed");
			int before = server.connections();
			Dials.await().until(() -> server.connections() > before + 1);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "pick_first", "round_robin" })
	void scenario47permanentDialErrorCodes(String policy) {
		ManualDialer dialer = ManualDialer.failing(this.refused);
		ClientConn conn = this.dials.dial("static:localhost:1",
				Dials.quick().dialer(dialer).balancer(policy).failOnNonTemporaryDialError(true));

		unavailable(Rpc.unary(conn, Rpc.FF));
		Status late = Rpc.unary(conn, Rpc.deadline(Rpc.WFR, Duration.ofMillis(200))).await();
		assertThat(late.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(late.getDescription()).contains("the firewall says no");
		assertThat(late.getCause()).isSameAs(this.refused);
		dialer.await(3);
	}

	@Test
	void scenario48wfrNoSpin() {
		Address address = Address.of("localhost:1");
		ManualBalancer balancer = new ManualBalancer().picking((options) -> Pick.of(address));
		balancer.push(address);
		ClientConn conn = this.dials.dial("localhost:1",
				virtual(ManualDialer.failing(this.refused)).balancer(balancer.provider()));
		Dials.awaitState(conn, TRANSIENT_FAILURE);
		Rpc rpc = Rpc.unary(conn, Rpc.WFR);
		Dials.during().until(() -> !rpc.isEnded());

		assertThat(balancer.gets()).isLessThanOrEqualTo(10);
		rpc.call().cancel("enough", null);
		assertThat(rpc.awaitCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(balancer.puts()).isEqualTo(balancer.gets());
	}

	@ParameterizedTest
	@ValueSource(ints = { -1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 })
	void scenario49deadlineAnyValue(int millis) {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain().block(true));
			EchoRequest slow = EchoRequest.newBuilder().setDelayMs(60_000).build();

			assertThat(Rpc.unary(conn, Rpc.deadline(Rpc.FF, Duration.ofMillis(millis)), slow).awaitCode())
				.isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		}
	}

	/** The socket takes nothing: the server does not read, and grants no window. */
	@Test
	void scenario49deadlineOnSlowSocket() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((peer) -> {
			peer.handshake(Frame.INITIAL_WINDOW_SIZE, 0);
			peer.hang();
		})) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain().block(true));

			assertThat(Rpc
				.unary(conn, Rpc.deadline(Rpc.FF, Duration.ofMillis(10)),
						EchoRequest.newBuilder().setMessage("x".repeat(100_000)).build())
				.awaitCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		}
	}

	@Test
	void scenario51cancelledNeverSent() throws Exception {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain().block(true));
			Context.CancellableContext cancelled = Context.current().withCancellation();
			cancelled.cancel(null);
			List<Rpc> rpcs = new ArrayList<>();
			cancelled.run(() -> {
				for (int i = 0; i < 100; i++) {
					rpcs.add(Rpc.unary(conn, (i % 2 == 0) ? Rpc.FF : Rpc.WFR));
				}
			});

			assertThat(rpcs).extracting(Rpc::awaitCode).containsOnly(Status.Code.CANCELLED);
			assertThat(Rpc.unary(conn, Rpc.FF).await().isOk()).isTrue();
			assertThat(server.requests()).isEqualTo(1);
			conn.shutdownNow().awaitTermination(20, TimeUnit.SECONDS);
			assertThat(cancelled.call(() -> Rpc.unary(conn, Rpc.WFR)).await().isOk()).isFalse();
		}
	}

	@Test
	void scenario52rstOnDeadlineAndCancel() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain());
			Peer peer = server.accept();
			peer.handshake(Frame.MAX_CONCURRENT_STREAMS, 1);
			Dials.awaitState(conn, io.grpc.ConnectivityState.READY);
			Rpc late = Rpc.unary(conn, Rpc.deadline(Rpc.WFR, Duration.ofMillis(500)));
			peer.expectHeaders(1);
			assertThat(late.awaitCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
			peer.expectRst(1, 8);

			Rpc cancelled = Rpc.unary(conn, Rpc.WFR);
			peer.expectHeaders(3);
			cancelled.call().cancel("not wanted", null);
			assertThat(cancelled.awaitCode()).isEqualTo(Status.Code.CANCELLED);
			peer.expectRst(3, 8);

			Rpc next = Rpc.unary(conn, Rpc.WFR);
			peer.expectHeaders(5);
			peer.sendResponse(5, new byte[0]);
			assertThat(next.await().isOk()).isTrue();
		}
	}

	@Test
	void scenario52handlerSeesCancellation() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain());
			Rpc rpc = Rpc.unary(conn, Rpc.WFR, EchoRequest.newBuilder().setDelayMs(60_000).build());
			Dials.await().until(() -> server.requests() == 1);
			rpc.call().cancel("not wanted", null);

			Dials.await().until(() -> server.cancellations() == 1);
		}
	}

	/** The exact values are in TimeoutHeaderTests: no call with 1 ns gets to the wire. */
	@Test
	void scenario53timeoutHeader() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain());
			Peer peer = server.accept();
			peer.handshake();
			Rpc.unary(conn, io.grpc.CallOptions.DEFAULT.withWaitForReady());
			Rpc.unary(conn, Rpc.deadline(Rpc.WFR, Duration.ofHours(2)));
			Rpc.unary(conn, Rpc.deadline(Rpc.WFR, Duration.ofSeconds(50)));

			assertThat(peer.expectHeaders(1).header("grpc-timeout")).isNull();
			assertThat(peer.expectHeaders(3).header("grpc-timeout")).matches("\\d{7}m");
			assertThat(peer.expectHeaders(5).header("grpc-timeout")).matches("\\d{8}u");
		}
	}

	private DialOptions.Builder virtual(ManualDialer dialer) {
		return Dials.plain().scheduler(this.scheduler).dialer(dialer);
	}

	private void unavailable(Rpc rpc) {
		assertThat(rpc.awaitCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(rpc.await().getDescription()).contains("the firewall says no");
		assertThat(rpc.await().getCause()).isSameAs(this.refused);
	}

}
