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
import java.util.Map;

import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.Frame;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualResolver;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The watch of a server's health on the wire, against a server that does what the test
 * says, and in virtual time.
 */
class HealthWatchHttp2Tests {

	private static final int UNAVAILABLE = 14;

	private static final int INTERNAL_ERROR = 2;

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	private final FakeScheduler scheduler = leaks.watch(new FakeScheduler());

	@Test
	void theAddressConnectsUntilTheFirstAnswer() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = dial(server);
			Peer peer = Scenario.accept(server);
			Frame headers = peer.expectHeaders(1);
			assertThat(headers.header(":path")).isEqualTo("/grpc.health.v1.Health/Watch");
			assertThat(headers.header("te")).isEqualTo("trailers");
			assertThat(headers.header("grpc-timeout")).isNull();
			assertThat(peer.expectMessage(1))
				.isEqualTo(HealthCheckRequest.newBuilder().setService("shop").build().toByteArray());
			Rpc call = Rpc.unary(conn, Rpc.FF);
			assertThat(state(conn).state()).isEqualTo(CONNECTING);
			assertThat(state(conn).healthCheck().status()).isEqualTo("no answer yet");

			answer(peer, 1, ServingStatus.SERVING);
			peer.expectHeaders(3);
			peer.sendResponse(3, new byte[0]);
			assertThat(call.await()).isEqualTo(Status.OK);
		}
	}

	@Test
	void aRoutedAddressIsAskedWithItsHeaders() {
		ManualResolver resolver = new ManualResolver();
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			this.dials.dial("manual:///x",
					Dials.plain().scheduler(this.scheduler).resolver(resolver).healthCheck("shop"));
			resolver.push(server.address().withHeaders(Map.of("x-instance", "7")));

			assertThat(Scenario.accept(server).expectHeaders(1).header("x-instance")).isEqualTo("7");
		}
	}

	/** As the delays between connections: 1 s, 1.6 s, and so on, from start to start. */
	@Test
	void aStreamWithoutAnAnswerIsOpenedAgainWithBackoff() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = dial(server);
			Peer peer = Scenario.accept(server);
			int stream = 1;
			for (int millis : new int[] { 1000, 1600, 2560 }) {
				peer.expectHeaders(stream);
				peer.sendTrailersOnly(stream, UNAVAILABLE, "starting");
				awaitStatus(conn, "UNAVAILABLE: starting");
				Dials.await().until(() -> !this.scheduler.pending().isEmpty());
				assertThat(state(conn).state()).isEqualTo(TRANSIENT_FAILURE);
				assertThat(state(conn).cause()).isEqualTo(
						server.address() + ": connected, but the health check of shop ended: UNAVAILABLE: starting");
				assertThat(this.scheduler.advanceToNext()).isEqualTo(Duration.ofMillis(millis));
				stream += 2;
			}
			peer.expectHeaders(stream);
			answer(peer, stream, ServingStatus.SERVING);
			Dials.awaitState(conn, READY);
			assertThat(server.connections()).as("no new connection").isOne();
		}
	}

	@Test
	void aStreamWithAnAnswerIsOpenedAgainAtOnce() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = dial(server);
			Peer peer = Scenario.accept(server);
			peer.expectHeaders(1);
			answer(peer, 1, ServingStatus.SERVING);
			Dials.awaitState(conn, READY);
			this.scheduler.advance(Duration.ofSeconds(1));
			peer.sendRst(1, INTERNAL_ERROR);
			peer.expectHeaders(3);
			answer(peer, 3, ServingStatus.SERVING);
			Dials.awaitState(conn, READY);

			// But no more often than once in the first delay.
			peer.sendRst(3, INTERNAL_ERROR);
			Dials.awaitState(conn, TRANSIENT_FAILURE);
			Dials.await().until(() -> !this.scheduler.pending().isEmpty());
			assertThat(this.scheduler.advanceToNext()).isEqualTo(Duration.ofSeconds(1));
			peer.expectHeaders(5);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "garbage", "ok" })
	void whatIsNoAnswerFails(String how) {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = dial(server);
			Peer peer = Scenario.accept(server);
			peer.expectHeaders(1);
			peer.sendResponseHeaders(1);
			if (how.equals("garbage")) {
				peer.sendMessage(1, new byte[] { 8 });
				peer.expectRst(1);
			}
			else {
				peer.sendTrailers(1, 0, null);
			}

			Dials.awaitState(conn, TRANSIENT_FAILURE);
			awaitStatus(conn, how.equals("ok") ? "OK" : "INTERNAL: malformed HealthCheckResponse");
			Dials.await().until(() -> !this.scheduler.pending().isEmpty());
		}
	}

	@Test
	void goAwayEndsTheWatchAndLeavesNothingOpen() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = dial(server);
			Peer peer = Scenario.accept(server);
			peer.expectHeaders(1);
			answer(peer, 1, ServingStatus.SERVING);
			Dials.awaitState(conn, READY);
			this.scheduler.advance(Duration.ofSeconds(1));

			peer.sendGoAway(1, 0, "max_age");
			peer.expectRst(1, 8);
			peer.expectEof();
			Peer next = Scenario.accept(server);
			next.expectHeaders(1);
			assertThat(this.dials.states).containsExactly(CONNECTING, READY, CONNECTING);
		}
	}

	/** That the stream ends with its connection is not told as a failure of health. */
	@Test
	void aConnectionThatIsLostIsNotTakenForAServerThatDoesNotServe() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = dial(server);
			Peer peer = Scenario.accept(server);
			peer.expectHeaders(1);
			answer(peer, 1, ServingStatus.SERVING);
			Dials.awaitState(conn, READY);
			this.scheduler.advance(Duration.ofSeconds(1));

			peer.drop();
			Scenario.accept(server).expectHeaders(1);
			assertThat(this.dials.states).containsExactly(CONNECTING, READY, CONNECTING);
		}
	}

	@Test
	void aServerThatDoesNotServeAndGoesIsConnectedAgainByTheUsualRules() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = dial(server);
			Peer peer = Scenario.accept(server);
			peer.expectHeaders(1);
			answer(peer, 1, ServingStatus.NOT_SERVING);
			Dials.awaitState(conn, TRANSIENT_FAILURE);
			assertThat(this.scheduler.pending()).as("nothing is dialled").isEmpty();
			peer.drop();

			// The timer follows the state, see AddrConn.backOff.
			Dials.await().until(() -> !this.scheduler.pending().isEmpty());
			assertThat(state(conn).nextAttempt()).isNotNull();
			assertThat(this.scheduler.advanceToNext()).isEqualTo(Duration.ofSeconds(1));
			Peer next = Scenario.accept(server);
			next.expectHeaders(1);
			assertThat(conn.getState(false)).as("the failure is sticky").isEqualTo(TRANSIENT_FAILURE);
			answer(next, 1, ServingStatus.SERVING);
			Dials.awaitState(conn, READY);
		}
	}

	@Test
	void aRenewalTakesOverOnceItServes() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = dial(server);
			Peer old = Scenario.accept(server);
			old.expectHeaders(1);
			answer(old, 1, ServingStatus.SERVING);
			Dials.awaitState(conn, READY);
			conn.operations().reconnect();
			Peer next = Scenario.accept(server);
			next.expectHeaders(1);
			answer(next, 1, ServingStatus.NOT_SERVING);
			next.expectNone(Dials.A_WHILE, FrameType.HEADERS);
			Rpc call = Rpc.unary(conn, Rpc.FF);
			old.expectHeaders(3);
			old.sendResponse(3, new byte[0]);
			assertThat(call.await()).isEqualTo(Status.OK);
			assertThat(server.connections()).as("no third one").isEqualTo(2);

			answer(next, 1, ServingStatus.SERVING, false);
			old.expectEof();
			Rpc moved = Rpc.unary(conn, Rpc.FF);
			next.expectHeaders(3);
			next.sendResponse(3, new byte[0]);
			assertThat(moved.await()).isEqualTo(Status.OK);
			assertThat(conn.getState(false)).isEqualTo(READY);
			assertThat(this.dials.states).containsExactly(CONNECTING, READY);
		}
	}

	@Test
	void aRenewalThatIsLostBeforeItServesIsRepeatedWithBackoff() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = dial(server);
			Peer old = Scenario.accept(server);
			old.expectHeaders(1);
			answer(old, 1, ServingStatus.SERVING);
			Dials.awaitState(conn, READY);
			conn.operations().reconnect();
			Peer next = Scenario.accept(server);
			next.expectHeaders(1);
			answer(next, 1, ServingStatus.NOT_SERVING);
			Dials.await().until(() -> this.scheduler.pending().isEmpty());
			next.drop();
			Dials.await().until(() -> !this.scheduler.pending().isEmpty());
			assertThat(this.scheduler.advanceToNext()).isEqualTo(Duration.ofSeconds(1));

			Peer again = Scenario.accept(server);
			again.expectHeaders(1);
			answer(again, 1, ServingStatus.SERVING);
			old.expectEof();
			assertThat(this.dials.states).containsExactly(CONNECTING, READY);
		}
	}

	private ClientConn dial(ScriptedHttp2Server server) {
		return this.dials.dial(server.address(),
				Dials.plain()
					.scheduler(this.scheduler)
					.backoff(new BackoffConfig(Duration.ofSeconds(1), 1.6, 0, Duration.ofSeconds(120), false))
					.healthCheck("shop"));
	}

	private static void answer(Peer peer, int stream, ServingStatus status) {
		answer(peer, stream, status, true);
	}

	private static void answer(Peer peer, int stream, ServingStatus status, boolean first) {
		if (first) {
			peer.sendResponseHeaders(stream);
		}
		peer.sendMessage(stream, HealthCheckResponse.newBuilder().setStatus(status).build().toByteArray());
	}

	private static void awaitStatus(ClientConn conn, String prefix) {
		Dials.await()
			.until(() -> state(conn).healthCheck() != null && state(conn).healthCheck().status().startsWith(prefix));
	}

	private static AddressState state(ClientConn conn) {
		List<AddressState> addresses = conn.snapshot().addresses();
		assertThat(addresses).hasSize(1);
		return addresses.get(0);
	}

}
