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
import java.util.List;
import java.util.concurrent.CompletableFuture;

import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualResolver;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.ConnectivityState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.SHUTDOWN;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scenarios 20 to 27: the states of an address and of the whole.
 */
class ConnectivityScenarioTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	private final FakeScheduler scheduler = leaks.watch(new FakeScheduler());

	@Test
	void scenario20stPrefaceOk() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server(Peer::sendSettings)) {
			ClientConn conn = this.dials.dial(server.address(), virtual());

			awaitStates(CONNECTING, READY);
			Dials.awaitState(conn, READY);
		}
	}

	@Test
	void scenario21stLostBeforeHandshake() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server(Peer::drop)) {
			ClientConn conn = this.dials.dial(server.address(), virtual());

			awaitStates(CONNECTING, TRANSIENT_FAILURE);
			assertThat(conn.snapshot().addresses().get(0).cause()).contains(server.address().toString());
		}
	}

	/**
	 * A TCP client cannot see whether its preface was read, so READY may flash by; but a
	 * connection that did not live counts as a failed attempt all the same.
	 */
	@Test
	void scenario21stLostAfterSettings() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((peer) -> {
			peer.sendSettings();
			peer.drop();
		})) {
			this.dials.dial(server.address(), virtual());

			Dials.await().until(() -> this.dials.states.contains(TRANSIENT_FAILURE));
			assertThat(this.dials.states).filteredOn((state) -> state != READY)
				.containsExactly(CONNECTING, TRANSIENT_FAILURE);
		}
	}

	@Test
	void scenario22stSilentServer() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server(Peer::hang)) {
			ClientConn conn = this.dials.dial(server.address(), virtual().minConnectTimeout(Duration.ofMinutes(10)));
			server.accept().readPreface();
			this.scheduler.advance(Duration.ofMinutes(10).minusMillis(1));
			Dials.during().untilAsserted(() -> assertThat(this.dials.states).containsExactly(CONNECTING));
			this.scheduler.advance(Duration.ofMillis(1));

			Dials.await().until(() -> this.dials.states.contains(TRANSIENT_FAILURE));
			assertThat(conn.snapshot().addresses().get(0).events().toString()).contains("no SETTINGS within 600000 ms");
		}
	}

	@Test
	void scenario23stReadyLostAtOnce() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			this.dials.dial(server.address(), virtual());
			Peer peer = server.accept();
			peer.handshake();
			awaitStates(CONNECTING, READY);
			this.scheduler.advance(Duration.ofMillis(400));
			peer.drop();

			awaitStates(CONNECTING, READY, TRANSIENT_FAILURE);
			awaitTimer();
			this.scheduler.advance(Duration.ofMillis(599));
			Dials.during().untilAsserted(() -> assertThat(this.dials.states).hasSize(3));
			this.scheduler.advance(Duration.ofMillis(1));
			awaitStates(CONNECTING, READY, TRANSIENT_FAILURE, CONNECTING);
		}
	}

	@Test
	void scenario23stReadyLostAfterItLived() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			this.dials.dial(server.address(), virtual());
			Peer peer = server.accept();
			peer.handshake();
			awaitStates(CONNECTING, READY);
			this.scheduler.advance(Duration.ofSeconds(1));
			peer.drop();

			awaitStates(CONNECTING, READY, CONNECTING);
		}
	}

	@Test
	void scenario23stReadyLostAfterItServed() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = this.dials.dial(server.address(), virtual());
			Peer peer = server.accept();
			peer.handshake();
			Rpc rpc = Rpc.unary(conn, Rpc.WFR);
			peer.expectHeaders(1);
			peer.sendResponse(1, new byte[0]);
			assertThat(rpc.await().isOk()).isTrue();
			peer.drop();

			awaitStates(CONNECTING, READY, CONNECTING);
		}
	}

	@Test
	void scenario25stAddressDeletedAdded() {
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			ManualResolver resolver = new ManualResolver();
			resolver.push(one.address());
			ClientConn conn = this.dials.dial("manual:///x", Dials.plain().resolver(resolver).balancer("round_robin"));
			Dials.awaitState(conn, READY);
			resolver.push();
			Dials.awaitState(conn, TRANSIENT_FAILURE);
			resolver.push(two.address());
			Dials.awaitState(conn, READY);

			assertThat(this.dials.states).containsExactly(CONNECTING, READY, SHUTDOWN, CONNECTING, READY);
			Dials.await().until(() -> one.openConnections() == 0);
		}
	}

	@Test
	void scenario26stShutdownFinalWhileConnecting() {
		ManualDialer dialer = ManualDialer.hanging();
		try (ScriptedHttp2Server server = new ScriptedHttp2Server(Peer::sendSettings)) {
			ClientConn keepsTheLoops = this.dials.dial(server.address(), Dials.plain());
			Dials.awaitState(keepsTheLoops, READY);
			Dials own = new Dials();
			ClientConn conn = own.dial(server.address(), virtual().dialer(dialer));
			ManualDialer.Attempt attempt = dialer.await(0);
			conn.shutdownNow();
			Dials.await().until(conn::isTerminated);
			attempt.connect();

			server.accept();
			assertThat(server.accept().expectEof()).isNotNull();
			Dials.during().untilAsserted(() -> assertThat(own.states).containsExactly(CONNECTING, SHUTDOWN));
			assertThat(this.scheduler.pending()).isEmpty();
			assertThat(dialer.count()).isEqualTo(1);
		}
	}

	@Test
	void scenario26stShutdownFinalWhenTheAttemptFailsLater() {
		ManualDialer dialer = ManualDialer.hanging();
		ClientConn conn = this.dials.dial("static:localhost:1", virtual().dialer(dialer));
		ManualDialer.Attempt attempt = dialer.await(0);
		conn.shutdownNow();
		attempt.fail(new IOException("too late"));

		Dials.during().untilAsserted(() -> assertThat(this.dials.states).containsExactly(CONNECTING, SHUTDOWN));
		assertThat(conn.getState(true)).isEqualTo(SHUTDOWN);
	}

	@Test
	void scenario26stShutdownFinalInBackoff() {
		ManualDialer dialer = ManualDialer.failing(new IOException("refused"));
		ClientConn conn = this.dials.dial("static:localhost:1", virtual().dialer(dialer));
		awaitStates(CONNECTING, TRANSIENT_FAILURE);
		awaitTimer();
		conn.shutdownNow();
		Dials.await().until(conn::isTerminated);

		assertThat(this.scheduler.pending()).isEmpty();
		this.scheduler.advance(Duration.ofHours(1));
		Dials.during().until(() -> dialer.count() == 1);
		assertThat(this.dials.states).containsExactly(CONNECTING, TRANSIENT_FAILURE, SHUTDOWN);
	}

	@Test
	void scenario26stShutdownFinalWhenReady() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = this.dials.dial(server.address(), virtual());
			Peer peer = server.accept();
			peer.handshake();
			Dials.awaitState(conn, READY);
			conn.shutdownNow();

			assertThat(peer.expectEof()).isNotNull();
			Dials.await().until(conn::isTerminated);
			assertThat(this.dials.states).containsExactly(CONNECTING, READY, SHUTDOWN);
			assertThat(conn.getState(true)).isEqualTo(SHUTDOWN);
		}
	}

	@Test
	void scenario27stWaitForChange() throws Exception {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain().block(true));

			assertThat(conn.waitForStateChange(READY, Duration.ofMillis(50))).isFalse();
			assertThat(conn.waitForStateChange(ConnectivityState.IDLE, Duration.ZERO)).isTrue();
			assertThat(Rpc.unary(conn, Rpc.FF).await().isOk()).isTrue();
			CompletableFuture<Boolean> waiter = CompletableFuture.supplyAsync(() -> {
				try {
					return conn.waitForStateChange(READY, Dials.TIMEOUT);
				}
				catch (InterruptedException ex) {
					throw new AssertionError(ex);
				}
			});
			conn.shutdownNow();
			assertThat(waiter.join()).isTrue();
			assertThat(conn.getState(false)).isEqualTo(SHUTDOWN);
		}
	}

	private DialOptions.Builder virtual() {
		return Dials.plain().scheduler(this.scheduler);
	}

	private void awaitStates(ConnectivityState... states) {
		Dials.await().untilAsserted(() -> assertThat(this.dials.states).isEqualTo(List.of(states)));
	}

	private void awaitTimer() {
		Dials.await().until(() -> !this.scheduler.pending().isEmpty());
	}

}
