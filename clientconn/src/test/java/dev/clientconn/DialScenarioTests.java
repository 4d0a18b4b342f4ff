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
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.clientconn.naming.Address;
import dev.clientconn.testing.Certificates;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualBalancer;
import dev.clientconn.testing.ManualResolver;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import dev.clientconn.transport.TransportCredentials;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Scenarios 1 to 12: what dialling waits for, and how it ends.
 */
class DialScenarioTests {

	private static final Duration LONG = Duration.ofMinutes(10);

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void scenario1dialTimeoutBlocking(boolean tls) {
		DialOptions.Builder options = tls ? DialOptions.builder().transportCredentials(TransportCredentials.tls())
				: Dials.plain();

		assertThatExceptionOfType(DialException.class)
			.isThrownBy(
					() -> this.dials.dial("Non-Existent.Server:80", options.block(true).timeout(Duration.ofMillis(1))))
			.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED))
			.withMessageContaining("Non-Existent.Server:80");
	}

	@Test
	void scenario2blockingDialInCancelledContext() {
		Context.CancellableContext context = Context.current().withCancellation();
		context.cancel(new IllegalStateException("not wanted any more"));
		ManualDialer dialer = ManualDialer.hanging();

		assertThatExceptionOfType(DialException.class)
			.isThrownBy(() -> context
				.call(() -> this.dials.dial("localhost:1", Dials.plain().dialer(dialer).block(true).timeout(LONG))))
			.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.CANCELLED));
	}

	@Test
	void scenario2nonBlockingDialIgnoresCancelledContext() throws Exception {
		Context.CancellableContext context = Context.current().withCancellation();
		context.cancel(new IllegalStateException("not wanted any more"));
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = context.call(() -> this.dials.dial(server.address(), Dials.plain()));

			assertThat(Rpc.unary(conn, Rpc.WFR).await().isOk()).isTrue();
		}
	}

	@Test
	void scenario3dialBlockingBalancer() {
		ManualBalancer silent = new ManualBalancer();
		Context.CancellableContext context = Context.current().withCancellation();
		Context before = context.attach();
		CompletableFuture<ClientConn> dialling;
		try {
			dialling = this.dials.dialing("localhost:1", Dials.plain().balancer(silent.provider()).block(true));
		}
		finally {
			context.detach(before);
		}
		Dials.await().until(() -> silent.events("start").size() == 1);
		assertThat(dialling).isNotDone();
		context.cancel(null);

		assertThat(failure(dialling).getStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
		Dials.await().until(() -> silent.events("close").size() == 1);
	}

	/**
	 * Our notify stream has no end of its own; what ends waiting for it is shutdown.
	 */
	@Test
	void scenario4waiterEndsWhenConnEnds() {
		ManualBalancer silent = new ManualBalancer();
		ClientConn conn = this.dials.dial("localhost:1", Dials.plain().balancer(silent.provider()));
		CountDownLatch told = new CountDownLatch(1);
		ConnectivityState first = conn.getState(true);
		conn.notifyWhenStateChanged(first, told::countDown);
		CompletableFuture<Boolean> waiter = CompletableFuture.supplyAsync(() -> changes(conn, first));
		conn.shutdownNow();

		assertThat(waiter.orTimeout(20, TimeUnit.SECONDS).join()).isTrue();
		Dials.await().until(() -> told.getCount() == 0);
		Dials.awaitState(conn, ConnectivityState.SHUTDOWN);
		assertThat(silent.events("close")).hasSize(1);
	}

	@Test
	void scenario5nonBlockingEmptyList() {
		ManualBalancer balancer = new ManualBalancer();
		balancer.push();
		ClientConn conn = this.dials.dial("localhost:1", Dials.plain().balancer(balancer.provider()));
		Rpc rpc = Rpc.unary(conn, Rpc.FF);

		assertThat(rpc.awaitCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(rpc.await().getDescription()).contains("0 addresses");
		assertThat(conn.getState(false)).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);
	}

	@Test
	void scenario6nonBlockingSilentResolver() {
		try (EchoServer server = EchoServer.started()) {
			ManualResolver resolver = new ManualResolver();
			ClientConn conn = this.dials.dial("manual:///orders", Dials.plain().resolver(resolver).timeout(LONG));
			Rpc ff = Rpc.unary(conn, Rpc.FF);
			Rpc wfr = Rpc.unary(conn, Rpc.WFR);
			Dials.await().until(() -> conn.snapshot().pendingCalls() == 2);
			resolver.push(server.address());

			assertThat(ff.await().isOk()).isTrue();
			assertThat(wfr.await().isOk()).isTrue();
		}
	}

	@Test
	void scenario8blockingPermanentDialErrorEndsDialIfAsked() {
		IOException refused = new IOException("the firewall says no");
		ManualDialer dialer = ManualDialer.failing(refused);

		assertThatExceptionOfType(DialException.class)
			.isThrownBy(() -> this.dials.dial("localhost:1",
					Dials.plain().dialer(dialer).block(true).timeout(LONG).failOnNonTemporaryDialError(true)))
			.withCause(refused)
			.withMessageContaining("the firewall says no");
		assertThat(dialer.count()).isEqualTo(1);
	}

	@Test
	void scenario8blockingPermanentDialErrorIsRetriedByDefault() {
		IOException refused = new IOException("the firewall says no");
		ManualDialer dialer = ManualDialer.failing(refused);

		assertThatExceptionOfType(DialException.class)
			.isThrownBy(() -> this.dials.dial("localhost:1",
					Dials.quick().dialer(dialer).block(true).timeout(Duration.ofMillis(200))))
			.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED))
			.withCause(refused)
			.withMessageContaining("the firewall says no");
		assertThat(dialer.count()).isGreaterThan(1);
	}

	@Test
	void scenario8temporaryDialErrorNeverEndsDial() {
		ManualDialer dialer = ManualDialer.failing(new SocketTimeoutException("too slow"));
		CompletableFuture<ClientConn> dialling = this.dials.dialing("localhost:1",
				Dials.quick()
					.dialer(dialer)
					.block(true)
					.timeout(Duration.ofSeconds(1))
					.failOnNonTemporaryDialError(true));
		dialer.await(2);

		assertThat(failure(dialling).getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
	}

	@Test
	void scenario9blockingBadHandshakeIsRetriedUntilTheDeadline() {
		Certificates ours = new Certificates();
		try (EchoServer server = new EchoServer().tls(ours.localhost()).start()) {
			TransportCredentials strangers = Dials.trusting(new Certificates());

			assertThatExceptionOfType(DialException.class)
				.isThrownBy(() -> this.dials.dial(server.address(),
						Dials.tls(strangers).block(true).timeout(Duration.ofSeconds(2))))
				.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED))
				.withMessageContaining("TLS handshake failed")
				.havingCause()
				.isInstanceOf(javax.net.ssl.SSLException.class);
			assertThat(server.connections()).isGreaterThan(1);
		}
	}

	@Test
	void scenario9blockingBadHandshakeEndsDialIfAsked() {
		Certificates ours = new Certificates();
		try (EchoServer server = new EchoServer().tls(ours.localhost()).start()) {
			TransportCredentials strangers = Dials.trusting(new Certificates());

			assertThatExceptionOfType(DialException.class)
				.isThrownBy(() -> this.dials.dial(server.address(),
						Dials.tls(strangers).block(true).timeout(LONG).failOnNonTemporaryDialError(true)))
				.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE))
				.withMessageContaining("TLS handshake failed");
		}
	}

	@Test
	void scenario10dialWaitsForSettings() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			CompletableFuture<ClientConn> dialling = this.dials.dialing("static:" + server.address(),
					Dials.plain().block(true).timeout(LONG));
			Peer peer = server.accept();
			peer.readPreface();
			Dials.during().untilAsserted(() -> assertThat(dialling).isNotDone());
			peer.sendSettings();

			assertThat(dialling.orTimeout(20, TimeUnit.SECONDS).join().getState(false))
				.isEqualTo(ConnectivityState.READY);
		}
	}

	@Test
	void scenario12timeoutNonBlockingHarmless() {
		FakeScheduler scheduler = leaks.watch(new FakeScheduler());
		try (ScriptedHttp2Server server = new ScriptedHttp2Server(Peer::sendSettings)) {
			ClientConn conn = this.dials.dial(server.address(),
					Dials.plain().scheduler(scheduler).timeout(Duration.ofSeconds(5)));
			Dials.awaitState(conn, ConnectivityState.READY);
			scheduler.advance(Duration.ofHours(1));

			Dials.during().until(() -> conn.getState(false) == ConnectivityState.READY);
			assertThat(server.openConnections()).isEqualTo(1);
		}
	}

	@Test
	void blockingDialNeedsOneReadyAddressOnly() {
		try (EchoServer server = EchoServer.started()) {
			Address dead = Address.of("127.0.0.1:1");
			ClientConn conn = this.dials.dial("static:" + dead + "," + server.address(),
					Dials.plain().block(true).timeout(LONG));

			assertThat(conn.getState(false)).isEqualTo(ConnectivityState.READY);
			assertThat(Rpc.unary(conn, Rpc.FF).await().isOk()).isTrue();
		}
	}

	@Test
	void interruptEndsBlockingDial() {
		Thread.currentThread().interrupt();

		assertThatExceptionOfType(DialException.class)
			.isThrownBy(() -> this.dials.dial("localhost:1",
					Dials.plain().dialer(ManualDialer.hanging()).block(true).timeout(LONG)))
			.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.CANCELLED));
		assertThat(Thread.interrupted()).isTrue();
	}

	private static DialException failure(CompletableFuture<ClientConn> dialling) {
		try {
			throw new AssertionError("dialled " + dialling.orTimeout(20, TimeUnit.SECONDS).join());
		}
		catch (CompletionException ex) {
			assertThat(ex).hasCauseInstanceOf(DialException.class);
			return (DialException) ex.getCause();
		}
	}

	private static boolean changes(ClientConn conn, ConnectivityState from) {
		try {
			return conn.waitForStateChange(from, Dials.TIMEOUT);
		}
		catch (InterruptedException ex) {
			throw new AssertionError(ex);
		}
	}

}
