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
import java.util.concurrent.CopyOnWriteArrayList;

import dev.clientconn.naming.Address;
import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import dev.clientconn.transport.KeepaliveParams;
import dev.clientconn.transport.TransportSnapshot;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scenarios 110 to 112: what keepalive does to a ClientConn. The scenarios' times are
 * below the least that may be set; ours are five times as long.
 */
class KeepaliveScenarioTests {

	private static final KeepaliveParams PARAMS = new KeepaliveParams(Duration.ofSeconds(10), Duration.ofSeconds(5),
			false);

	private static final Duration LATEST = Duration.ofMillis(11_500);

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	private final FakeScheduler scheduler = leaks.watch(new FakeScheduler());

	private final List<DisconnectReason> reasons = new CopyOnWriteArrayList<>();

	private final StatsHandler handler = new Reasons();

	@Test
	void scenario110kaClosesDeadIdle() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = dial(server, PARAMS.withWithoutCalls(true));
			Peer dead = ready(conn, server);

			this.scheduler.advance(LATEST);
			dead.expectPing();
			assertThat(dead.isOpen()).isTrue();
			this.scheduler.advance(PARAMS.timeout());

			dead.expectEof();
			Dials.await().until(() -> this.reasons.equals(List.of(DisconnectReason.CONNECTION_TIMED_OUT)));
			ready(conn, server);
		}
	}

	@Test
	void scenario110kaClosesDeadWithAStream() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = dial(server, PARAMS);
			Peer dead = ready(conn, server);
			Rpc call = Rpc.bidi(conn, CallOptions.DEFAULT);
			dead.expectHeaders(1);

			this.scheduler.advance(LATEST);
			dead.expectPing();
			this.scheduler.advance(PARAMS.timeout());

			Status status = call.await();
			assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			assertThat(status.getDescription())
				.contains(server.address().addr() + ": keepalive: no answer to PING within 5 s");
		}
	}

	@Test
	void scenario111kaStaysHealthy() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn silent = dial(server, PARAMS);
			ready(silent, server);
			ClientConn asking = dial(server, PARAMS.withWithoutCalls(true));
			Peer answering = ready(asking, server);

			for (int i = 1; i <= 4; i++) {
				int sent = i;
				this.scheduler.advance(LATEST);
				answering.sendPingAck(answering.expectPing().pingData());
				answering.sendPing(i);
				answering.expectPingAck();
				assertThat(transport(asking).keepalivesSent()).isEqualTo(sent);
			}

			assertThat(answering.isOpen()).isTrue();
			assertThat(transport(silent).keepalivesSent()).isZero();
			assertThat(silent.getState(false)).isEqualTo(ConnectivityState.READY);
		}
	}

	@ParameterizedTest
	@CsvSource({ "too_many_pings, 20", "calm down, 10" })
	void scenario112kaTooManyPings(String debugData, int seconds) {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = dial(server, PARAMS);
			Peer strict = ready(conn, server);
			assertThat(transport(conn).keepaliveTime()).isEqualTo(PARAMS.time());

			// Long enough for the next connection to be made without a delay.
			this.scheduler.advance(Duration.ofMinutes(1));
			strict.sendGoAway(0, 11, debugData);
			strict.expectEof();
			ready(conn, server);

			assertThat(transport(conn).keepaliveTime()).isEqualTo(Duration.ofSeconds(seconds));
		}
	}

	/** Another keepalive needs other connections, which forget what servers have said. */
	@Test
	void updateOfKeepaliveDialsAnew() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = dial(server, PARAMS);
			Peer old = ready(conn, server);

			this.dials.update(conn, "static:" + server.address(), options(PARAMS.withTime(Duration.ofMinutes(5))));
			server.accept().handshake();

			Dials.await().until(() -> Duration.ofMinutes(5).equals(transport(conn).keepaliveTime()));
			old.expectEof();
		}
	}

	private ClientConn dial(ScriptedHttp2Server server, KeepaliveParams params) {
		return this.dials.dial(server.address(), options(params));
	}

	private DialOptions.Builder options(KeepaliveParams params) {
		return Dials.plain().scheduler(this.scheduler).keepalive(params).statsHandler(this.handler);
	}

	/** Waits for a new connection that has read all it was sent. */
	private Peer ready(ClientConn conn, ScriptedHttp2Server server) {
		Peer peer = server.accept();
		peer.handshake();
		Dials.awaitState(conn, ConnectivityState.READY);
		peer.sendPing(0);
		peer.expectPingAck();
		return peer;
	}

	private static TransportSnapshot transport(ClientConn conn) {
		return conn.snapshot().addresses().get(0).transport();
	}

	private final class Reasons implements StatsHandler {

		@Override
		public void connectionEnded(String target, Address address, long lifetimeNanos, DisconnectReason reason) {
			KeepaliveScenarioTests.this.reasons.add(reason);
		}

	}

}
