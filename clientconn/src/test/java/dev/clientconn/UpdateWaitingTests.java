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
import java.util.concurrent.TimeUnit;

import dev.clientconn.ConnectivitySnapshot.PendingUpdate;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualResolver;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Updates whose connections are not READY yet, while calls use the old ones.
 */
class UpdateWaitingTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	@RegisterExtension
	final Dials dials = new Dials();

	@Test
	void aTargetThatFailsLeavesTheOldOneInUseAndSaysSo() {
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			two.kill();
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.quick());
			try (Load load = Load.on(conn, 8)) {
				this.dials.update(conn, Dials.target(two), Dials.quick().waitForReady(true));

				Dials.await().until(() -> error(conn) != null);
				PendingUpdate pending = conn.snapshot().pendingUpdate();
				assertThat(pending.target()).isEqualTo(Dials.target(two));
				assertThat(pending.error()).contains(two.address().addr()).contains("connection refused");
				assertThat(pending.security()).isEqualTo("plaintext");
				load.awaitMore(50, one.port());
				assertThat(conn.getState(false)).isEqualTo(ConnectivityState.READY);
				assertThat(conn.target()).isEqualTo(Dials.target(one));

				two.start();
				load.awaitMore(50, two.port());
				assertThat(conn.snapshot().pendingUpdate()).isNull();
				load.stopWithoutFailure();
			}
			assertThat(one.connections()).isEqualTo(1);
			Dials.await().until(() -> one.openConnections() == 0);
		}
	}

	@Test
	void aSecondUpdateReplacesTheFirst() {
		try (EchoServer one = EchoServer.started();
				EchoServer two = EchoServer.started();
				EchoServer three = EchoServer.started()) {
			two.kill();
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.quick());
			try (Load load = Load.on(conn, 8)) {
				this.dials.update(conn, Dials.target(two), Dials.quick());
				Dials.await().until(() -> error(conn) != null);

				this.dials.update(conn, Dials.target(three), Dials.quick());

				load.awaitMore(50, three.port());
				two.start();
				load.awaitMore(50, three.port());
				load.stopWithoutFailure();
			}
			assertThat(two.connections()).isZero();
		}
	}

	@Test
	void theOldOptionsEndAnUpdateThatWaits() {
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			two.kill();
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.quick());
			try (Load load = Load.on(conn, 8)) {
				this.dials.update(conn, Dials.target(two), Dials.quick());
				Dials.await().until(() -> error(conn) != null);

				this.dials.update(conn, Dials.target(one), Dials.quick());

				Dials.await().until(() -> conn.snapshot().pendingUpdate() == null);
				load.awaitMore(50, one.port());
				load.stopWithoutFailure();
			}
			assertThat(one.connections()).isEqualTo(1);
		}
	}

	@Test
	void whatChangesInPlaceDoesNotRestartAnUpdateThatWaits() {
		ManualResolver resolver = new ManualResolver();
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.quick());
			assertThat(Rpc.unary(conn, Rpc.WFR).await().isOk()).isTrue();
			this.dials.update(conn, "manual:///x", Dials.quick().resolver(resolver));
			Dials.await().until(() -> resolver.resolutions().size() == 1);

			this.dials.update(conn, "manual:///x",
					Dials.quick().resolver(resolver).balancer("pick_first").maxInboundMessageSize(1));
			Dials.await().until(() -> conn.snapshot().pendingUpdate().balancer().equals("pick_first"));
			assertThat(Rpc.unary(conn, Rpc.FF).await().isOk()).as("one update takes effect as a whole").isTrue();
			resolver.push(two.address());

			Dials.await().until(() -> conn.target().equals("manual:///x"));
			assertThat(resolver.resolutions()).hasSize(1);
			assertThat(conn.snapshot().balancer()).isEqualTo("pick_first");
			assertThat(Rpc.unary(conn, Rpc.FF).awaitCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		}
	}

	@Test
	void callsLeaveALostTargetForOneThatFailsAfterAWhileOnly() {
		FakeScheduler scheduler = leaks.watch(new FakeScheduler());
		try (EchoServer one = EchoServer.started()) {
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.plain().scheduler(scheduler));
			Dials.awaitState(conn, ConnectivityState.READY);
			this.dials.update(conn, "static:127.0.0.1:1", Dials.plain().scheduler(scheduler));
			Dials.await().until(() -> error(conn) != null);

			one.kill();
			Dials.await().until(() -> conn.getState(false) != ConnectivityState.READY);
			Dials.await()
				.until(() -> scheduler.pending().stream().anyMatch((each) -> each.delay().equals(Patience.TIME)));
			assertThat(conn.target()).isEqualTo(Dials.target(one));
			scheduler.advance(Patience.TIME);

			Dials.await().until(() -> conn.target().equals("static:127.0.0.1:1"));
			assertThat(conn.snapshot().pendingUpdate()).isNull();
			assertThat(Rpc.unary(conn, Rpc.FF).awaitCode()).isEqualTo(Status.Code.UNAVAILABLE);
			conn.shutdownNow();
		}
	}

	@Test
	void shutdownDuringAnUpdateEndsBoth() throws Exception {
		ManualResolver resolver = new ManualResolver();
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.quick());
			Rpc open = Rpc.bidi(conn, Rpc.WFR);
			Dials.await().until(() -> !open.replies().isEmpty());
			this.dials.update(conn, "manual:///x", Dials.quick().resolver(resolver));
			Dials.await().until(() -> resolver.resolutions().size() == 1);

			conn.shutdown();

			Dials.await().until(() -> resolver.resolutions().get(0).isClosed());
			this.dials.update(conn, Dials.target(two), Dials.quick());
			assertThat(conn.snapshot().pendingUpdate()).isNull();
			open.call().halfClose();
			assertThat(open.await().isOk()).isTrue();
			assertThat(conn.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
			assertThat(two.connections()).isZero();
			Dials.await().until(() -> one.openConnections() == 0);
		}
	}

	@Test
	void anOperatorReachesTheAddressesOfAnUpdateThatWaits() {
		FakeScheduler scheduler = leaks.watch(new FakeScheduler());
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			two.kill();
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.plain().scheduler(scheduler));
			Dials.awaitState(conn, ConnectivityState.READY);
			this.dials.update(conn, Dials.target(two), Dials.plain().scheduler(scheduler));
			Dials.await().until(() -> error(conn) != null);
			two.start();

			assertThat(conn.operations().resetBackoff(two.address().addr())).isTrue();

			Dials.await().until(() -> conn.target().equals(Dials.target(two)));
			conn.shutdownNow();
		}
	}

	@Test
	void anOperatorAsksForALookUpOfAnUpdateThatWaits() {
		ManualResolver resolver = new ManualResolver();
		try (EchoServer one = EchoServer.started()) {
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.quick());
			Dials.awaitState(conn, ConnectivityState.READY);
			this.dials.update(conn, "manual:///x", Dials.quick().resolver(resolver));
			Dials.await().until(() -> resolver.resolutions().size() == 1);

			conn.operations().resolveNow();

			Dials.await().until(() -> resolver.refreshes() == 1);
		}
	}

	@Test
	void idleIsAlsoTheUpdateThatWaits() {
		FakeScheduler scheduler = leaks.watch(new FakeScheduler());
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			two.kill();
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.plain().scheduler(scheduler));
			Dials.awaitState(conn, ConnectivityState.READY);
			this.dials.update(conn, Dials.target(two), Dials.plain().scheduler(scheduler));
			Dials.await().until(() -> error(conn) != null);
			two.start();

			conn.enterIdle();

			Dials.await().until(() -> conn.target().equals(Dials.target(two)));
			Dials.awaitState(conn, ConnectivityState.IDLE);
			scheduler.advance(Duration.ofMinutes(10));
			assertThat(conn.getState(false)).isEqualTo(ConnectivityState.IDLE);
			assertThat(two.connections()).isZero();
			assertThat(Rpc.unary(conn, Rpc.FF.withDeadline(null)).await().isOk()).isTrue();
			conn.shutdownNow();
		}
	}

	private static String error(ClientConn conn) {
		PendingUpdate pending = conn.snapshot().pendingUpdate();
		return (pending != null) ? pending.error() : null;
	}

}
