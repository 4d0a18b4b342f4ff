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

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.naming.Address;
import dev.clientconn.stats.AttemptStats;
import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.stats.RpcStats;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.testing.AutoReply.Reply;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a {@link StatsHandler} hears of connections and calls, over real sockets.
 */
class StatsScenarioTests {

	private static final int REFUSED_STREAM = 7;

	private static final int ENHANCE_YOUR_CALM = 11;

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	private final Recorder stats = new Recorder();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
		assertThat(this.stats.disconnections).as("the end of each connection is told once")
			.hasSize(this.stats.connected.get());
	}

	@Test
	void theFirstReasonOfADisconnectionCounts() {
		ScriptedHttp2Server server = this.scenario.scripted();
		dial(server);
		Peer peer = Scenario.accept(server);
		Scenario.soon().until(() -> this.stats.connected.get() == 1);
		peer.sendGoAway(0, ENHANCE_YOUR_CALM, "too_many_pings");
		peer.drop();

		assertThat(awaitDisconnection()).hasToString("GOAWAY ENHANCE_YOUR_CALM");
	}

	@Test
	void unknownCodesOfAGoAwayDoNotMakeNewLabels() {
		ScriptedHttp2Server server = this.scenario.scripted();
		dial(server);
		Peer peer = Scenario.accept(server);
		peer.sendGoAway(0, 0xfeed, "");

		assertThat(awaitDisconnection()).hasToString("GOAWAY INTERNAL_ERROR");
	}

	@Test
	void aResetIsToldFromAClose() {
		ScriptedHttp2Server server = this.scenario.scripted();
		dial(server);
		Peer reset = Scenario.accept(server);
		Scenario.soon().until(() -> this.stats.connected.get() == 1);
		reset.drop();
		assertThat(awaitDisconnection()).isEqualTo(DisconnectReason.CONNECTION_RESET);

		Peer closed = Scenario.accept(server);
		Scenario.soon().until(() -> this.stats.connected.get() == 2);
		closed.close();
		Scenario.soon()
			.untilAsserted(() -> assertThat(this.stats.disconnections).element(1).isEqualTo(DisconnectReason.UNKNOWN));
	}

	@Test
	void whatWeEndOurselvesIsAShutdown() {
		ScriptedHttp2Server server = this.scenario.scripted(Scenario.answering(), Scenario.answering());
		ClientConn conn = dial(server);
		Scenario.awaitState(conn, ConnectivityState.READY);
		conn.enterIdle();
		assertThat(awaitDisconnection()).isEqualTo(DisconnectReason.SUBCHANNEL_SHUTDOWN);

		Scenario.soon().until(() -> {
			conn.getState(true);
			return this.stats.connected.get() == 2;
		});
		conn.shutdown();
		Scenario.soon()
			.untilAsserted(() -> assertThat(this.stats.disconnections)
				.containsExactly(DisconnectReason.SUBCHANNEL_SHUTDOWN, DisconnectReason.SUBCHANNEL_SHUTDOWN));
	}

	@Test
	void aConnectionThatReplacesAnotherIsToldAsReady() {
		ScriptedHttp2Server server = this.scenario.scripted(Scenario.answering(), Scenario.answering());
		ClientConn conn = dial(server);
		Scenario.awaitState(conn, ConnectivityState.READY);
		conn.operations().reconnect();

		Scenario.soon().until(() -> this.stats.connected.get() == 2);
		Scenario.soon()
			.untilAsserted(
					() -> assertThat(this.stats.disconnections).containsExactly(DisconnectReason.SUBCHANNEL_SHUTDOWN));
	}

	@Test
	void anAttemptThatIsGivenUpIsNotTold() {
		ScriptedHttp2Server silent = this.scenario.scripted();
		ClientConn conn = dial(silent);
		silent.accept();
		Scenario.awaitState(conn, ConnectivityState.CONNECTING);
		conn.shutdownNow();

		Scenario.soon().until(conn::isTerminated);
		assertThat(this.stats.connected).hasValue(0);
		assertThat(this.stats.failed).hasValue(0);
	}

	@Test
	void aFailedAttemptToConnectIsTold() {
		ScriptedHttp2Server server = this.scenario.scripted();
		server.stopListening();
		dial(server);

		Scenario.soon().until(() -> this.stats.failed.get() >= 2);
		assertThat(this.stats.connected).hasValue(0);
	}

	@Test
	void theListInUseIsTold() {
		ScriptedHttp2Server server = this.scenario.scripted(Scenario.answering());
		ClientConn conn = dial(server);
		Scenario.awaitState(conn, ConnectivityState.READY);

		assertThat(this.stats.lists).containsExactly(Map.entry(1L, List.of(server.address())));
	}

	@Test
	void eachAttemptIsFollowedWithItsSizes() {
		AtomicInteger requests = new AtomicInteger();
		ScriptedHttp2Server server = this.scenario.scripted((peer) -> {
			peer.handshake();
			peer.autoReply((streamId, headers, message) -> (requests.incrementAndGet() == 1) ? Reply.rst(REFUSED_STREAM)
					: Reply.message(Scenario.bytes("three")));
		});
		ClientConn conn = dial(server);
		Scenario.awaitState(conn, ConnectivityState.READY);
		CallRecorder call = CallRecorder.unary(conn, "sixsix", Scenario.WAIT);

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		Followed followed = awaitEnd();
		assertThat(followed.events).containsExactly("started 0 false", "sent 11", "ended UNAVAILABLE 6 0",
				"started 1 true", "headers", "received 10", "ended OK 6 5", "end OK");
		assertThat(followed.durationNanos).isGreaterThanOrEqualTo(followed.attemptNanos);
	}

	@Test
	void anAttemptDurationHoldsTheWaitForItsAddress() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = dial(server);
		Peer peer = server.accept();
		CallRecorder call = CallRecorder.unary(conn, "x", Scenario.WAIT);
		Scenario.soon().until(() -> conn.snapshot().pendingCalls() == 1);
		peer.handshake();
		peer.autoReply(Scenario.echoing());

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		Followed followed = awaitEnd();
		assertThat(followed.waitedNanos).isPositive();
		assertThat(followed.attemptNanos).isGreaterThan(followed.waitedNanos);
	}

	@Test
	void aCallWithoutAnAddressHasNoAttempt() {
		ScriptedHttp2Server server = this.scenario.scripted();
		server.stopListening();
		ClientConn conn = dial(server);
		CallRecorder call = CallRecorder.unary(conn, "x");

		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(awaitEnd().events).containsExactlyInAnyOrder("sent 6", "end UNAVAILABLE");
	}

	@Test
	void aCancelledCallEndsItsAttempt() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = dial(server);
		Peer peer = Scenario.accept(server);
		CallRecorder call = CallRecorder.bidi(conn, CallOptions.DEFAULT.withWaitForReady(), 1);
		peer.expectHeaders(1);
		call.call().cancel("enough", null);

		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
		Followed followed = awaitEnd();
		Scenario.soon().until(() -> followed.events.contains("ended CANCELLED 0 0"));
	}

	private ClientConn dial(ScriptedHttp2Server server) {
		return this.scenario.dial(server, Scenario.options().statsHandler(this.stats));
	}

	private DisconnectReason awaitDisconnection() {
		Scenario.soon().until(() -> !this.stats.disconnections.isEmpty());
		return this.stats.disconnections.get(0);
	}

	/** Waits for the end of the only call. */
	private Followed awaitEnd() {
		Scenario.soon()
			.until(() -> this.stats.calls.size() == 1
					&& this.stats.calls.get(0).events.stream().anyMatch((event) -> event.startsWith("end ")));
		return this.stats.calls.get(0);
	}

	private static final class Recorder implements StatsHandler {

		private final AtomicInteger connected = new AtomicInteger();

		private final AtomicInteger failed = new AtomicInteger();

		private final List<DisconnectReason> disconnections = new CopyOnWriteArrayList<>();

		private final Map<Long, List<Address>> lists = new ConcurrentHashMap<>();

		private final List<Followed> calls = new CopyOnWriteArrayList<>();

		@Override
		public void connectFinished(String target, Address address, long durationNanos, Status outcome) {
			if (!outcome.isOk()) {
				this.failed.incrementAndGet();
			}
		}

		@Override
		public void connectionReady(String target, Address address, SecurityLevel security) {
			assertThat(security).isEqualTo(SecurityLevel.NONE);
			this.connected.incrementAndGet();
		}

		@Override
		public void connectionEnded(String target, Address address, long lifetimeNanos, DisconnectReason reason) {
			this.disconnections.add(reason);
		}

		@Override
		public void listApplied(String target, long version, List<Address> addresses) {
			this.lists.put(version, addresses);
		}

		@Override
		public RpcStats rpcStarted(String target, MethodDescriptor<?, ?> method) {
			Followed followed = new Followed();
			this.calls.add(followed);
			return followed;
		}

	}

	private static final class Followed implements RpcStats {

		private final List<String> events = new CopyOnWriteArrayList<>();

		private volatile long waitedNanos;

		private volatile long attemptNanos;

		private volatile long durationNanos;

		@Override
		public AttemptStats attemptStarted(Address address, int previousAttempts, boolean transparentRetry,
				long waitedNanos) {
			this.events.add("started " + previousAttempts + " " + transparentRetry);
			this.waitedNanos = waitedNanos;
			return (status, durationNanos, sentBytes, receivedBytes) -> {
				this.attemptNanos = durationNanos;
				this.events.add("ended " + status.getCode() + " " + sentBytes + " " + receivedBytes);
			};
		}

		@Override
		public void messageSent(long wireBytes) {
			this.events.add("sent " + wireBytes);
		}

		@Override
		public void headersReceived() {
			this.events.add("headers");
		}

		@Override
		public void messageReceived(long wireBytes) {
			this.events.add("received " + wireBytes);
		}

		@Override
		public void ended(Status status, long durationNanos) {
			this.durationNanos = durationNanos;
			this.events.add("end " + status.getCode());
		}

	}

}
