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
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;

import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.serviceconfig.ServiceConfig;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.Frame;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import dev.clientconn.transport.TransportSnapshot;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several connections to one address, over sockets: with the limit of a grpc-java server
 * and with that of a scripted one.
 */
@Timeout(120)
class ConnectionScalingTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	@AfterEach
	void end() throws Exception {
		this.scenario.close();
	}

	@Test
	void withOneConnectionCallsAboveTheLimitWaitInItsLine() {
		ClientConn conn = dial(this.scenario.limited(2), 1);
		open(conn, 3);

		Scenario.soon().until(() -> address(conn).callsInFlight() == 3);
		assertThat(connections(conn)).hasSize(1)
			.allMatch((connection) -> connection.queuedStreams() == 1 && connection.activeStreams() == 2);
		assertThat(address(conn).callsWaiting()).isZero();
	}

	@Test
	void anotherConnectionTakesTheCallsThatTheFirstHasNoStreamsFor() {
		ClientConn conn = dial(this.scenario.limited(2), 2);
		List<Rpc> calls = open(conn, 4);

		calls.forEach(ConnectionScalingTests::awaitReply);
		assertThat(connections(conn)).extracting(TransportSnapshot::activeStreams).containsExactly(2, 2);
		assertThat(conn.snapshot().state()).isEqualTo(ConnectivityState.READY);
	}

	@Test
	void headroomMakesTheNextConnectionBeforeACallHasToWait() {
		ClientConn conn = dial(this.scenario.limited(10), 2);
		open(conn, 9).forEach(ConnectionScalingTests::awaitReply);
		assertThat(connections(conn)).hasSize(1);

		awaitReply(open(conn, 1).get(0));
		Scenario.soon().until(() -> connections(conn).size() == 2);
		assertThat(connections(conn)).extracting(TransportSnapshot::activeStreams).containsExactly(10, 0);
	}

	@Test
	void aCallWaitsForItsTurnWhenAllConnectionsAreFull() {
		ClientConn conn = dial(this.scenario.limited(1), 2);
		List<Rpc> open = open(conn, 2);
		open.forEach(ConnectionScalingTests::awaitReply);
		Rpc first = open(conn, 1).get(0);
		Rpc second = open(conn, 1).get(0);
		assertThat(address(conn).callsWaiting()).isEqualTo(2);
		assertThat(connections(conn)).as("no line is in a connection")
			.allMatch((connection) -> connection.queuedStreams() == 0);

		open.get(1).call().cancel("done", null);
		awaitReply(first);
		assertThat(second.replies()).isEmpty();
		open.get(0).call().cancel("done", null);
		awaitReply(second);
		assertThat(address(conn).callsWaiting()).isZero();
	}

	@Test
	void aCallThatCannotStartDoesNotStopTheLine() {
		ClientConn conn = dial(this.scenario.limited(1), 2);
		List<Rpc> open = open(conn, 2);
		open.forEach(ConnectionScalingTests::awaitReply);
		Rpc broken = Rpc.bidi(conn, Rpc.FF.withCallCredentials(new CallCredentials() {

			@Override
			public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
				applier.apply(new Metadata());
			}

		}).withExecutor((task) -> {
			throw new RejectedExecutionException("it has been shut down");
		}));
		Rpc next = open(conn, 1).get(0);
		assertThat(address(conn).callsWaiting()).isEqualTo(2);

		open.get(0).call().cancel("done", null);
		assertThat(open.get(0).awaitCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(broken.await().getDescription()).contains("executor rejected");
		awaitReply(next);
	}

	@Test
	void aCallThatWaitsMayBeCancelled() {
		ClientConn conn = dial(this.scenario.limited(1), 2);
		open(conn, 2).forEach(ConnectionScalingTests::awaitReply);
		Rpc waiting = open(conn, 1).get(0);
		waiting.call().cancel("no time", null);

		assertThat(waiting.awaitCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(address(conn).callsWaiting()).isZero();
	}

	@Test
	void aDeadlineSaysThatTheCallWaitedForAStream() {
		ClientConn conn = dial(this.scenario.limited(1), 2);
		open(conn, 2).forEach(ConnectionScalingTests::awaitReply);
		Rpc waiting = Rpc.unary(conn, Rpc.deadline(CallOptions.DEFAULT, Duration.ofMillis(50)));

		assertThat(waiting.await().getDescription()).contains("s behind the stream limit")
			.contains("it waits for a stream: ")
			.contains("has 2 connections with 2 streams, no more are allowed");
	}

	@Test
	void shutdownLetsCallsThatWaitHaveTheirTurn() {
		ClientConn conn = dial(this.scenario.limited(1), 2);
		List<Rpc> open = open(conn, 2);
		open.forEach(ConnectionScalingTests::awaitReply);
		Rpc waiting = open(conn, 1).get(0);
		conn.shutdown();
		assertThat(waiting.isEnded()).isFalse();

		open.get(0).call().halfClose();
		awaitReply(waiting);
	}

	@Test
	void shutdownNowEndsCallsThatWait() {
		ClientConn conn = dial(this.scenario.limited(1), 2);
		open(conn, 2).forEach(ConnectionScalingTests::awaitReply);
		Rpc waiting = open(conn, 1).get(0);
		conn.shutdownNow();

		assertThat(waiting.awaitCode()).isEqualTo(Status.Code.CANCELLED);
	}

	@Test
	void anUpdateTakesCallsThatWaitWithIt() {
		EchoServer next = this.scenario.limited(10);
		ClientConn conn = dial(this.scenario.limited(1), 2);
		open(conn, 2).forEach(ConnectionScalingTests::awaitReply);
		Rpc waiting = Rpc.unary(conn, Rpc.FF);
		conn.update("static:" + next.address(), options(2).build());

		assertThat(waiting.awaitCode()).isEqualTo(Status.Code.OK);
		assertThat(waiting.replies().get(0).getServer()).isEqualTo(Integer.toString(next.port()));
	}

	@Test
	void callsThatWaitedOnLostConnectionsPickAgain() {
		EchoServer server = this.scenario.limited(1);
		ClientConn conn = dial(server, 2);
		open(conn, 2).forEach(ConnectionScalingTests::awaitReply);
		List<Rpc> waiting = IntStream.range(0, 20).mapToObj((i) -> Rpc.unary(conn, Rpc.WFR)).toList();
		assertThat(address(conn).callsWaiting()).isEqualTo(20);

		server.kill();
		Scenario.soon().until(() -> conn.snapshot().pendingCalls() == 20);
		assertThat(address(conn).callsWaiting()).isZero();
		server.start();
		assertThat(waiting).allMatch((call) -> call.awaitCode() == Status.Code.OK);
	}

	@Test
	void aBurstOfAThousandCallsGoesOverFourConnections() {
		EchoServer server = this.scenario.limited(100);
		ClientConn conn = dial(server, 4);
		EchoRequest request = EchoRequest.newBuilder().setDelayMs(20).build();
		List<Rpc> calls = IntStream.range(0, 1000).mapToObj((i) -> Rpc.unary(conn, Rpc.FF, request)).toList();

		assertThat(calls).allMatch((call) -> call.awaitCode() == Status.Code.OK);
		AddressState end = address(conn);
		assertThat(end.connections()).hasSizeBetween(2, 4);
		assertThat(server.connections()).isEqualTo(end.connections().size());
		assertThat(end.callsSucceeded()).as("no stream was refused").isEqualTo(1000);
		assertThat(end.callsFailed()).isZero();
		Scenario.soon().until(() -> address(conn).callsInFlight() == 0);
	}

	@Test
	void manyThreadsAndConnectionsLoseNoStream() throws InterruptedException {
		ClientConn conn = dial(this.scenario.limited(3), 4);
		try (Load load = Load.on(conn, 40)) {
			load.awaitMore(5000);
			load.stopWithoutFailure();
		}
		assertThat(address(conn).callsFailed()).isZero();
		assertThat(address(conn).callsWaiting()).isZero();
		open(conn, connections(conn).size() * 3).forEach(ConnectionScalingTests::awaitReply);
	}

	@Test
	void aLoweredLimitIsKeptAndCallsAboveItWaitVisibly() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server, options(2).connections(noHeadroom(2)));
		Peer peer = Scenario.accept(server, Frame.MAX_CONCURRENT_STREAMS, 3);
		List<Rpc> open = open(conn, 2);
		peer.expectHeaders(3);
		peer.sendMaxConcurrentStreams(1);
		Scenario.soon().until(() -> connections(conn).get(0).maxConcurrentStreams() == 1);

		Rpc waiting = open(conn, 1).get(0);
		Scenario.soon().until(() -> address(conn).callsWaiting() == 1);
		assertThat(connections(conn).get(0).queuedStreams()).isZero();
		Peer second = Scenario.accept(server, Frame.MAX_CONCURRENT_STREAMS, 3);
		second.expectHeaders(1);
		assertThat(open).noneMatch(Rpc::isEnded);
		assertThat(waiting.isEnded()).isFalse();
	}

	@Test
	void aRaisedLimitServesCallsThatWait() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server, options(2).connections(noHeadroom(2)));
		Peer peer = Scenario.accept(server, Frame.MAX_CONCURRENT_STREAMS, 1);
		open(conn, 2);
		peer.expectHeaders(1);
		// A second one is on its way, and its server silent.
		server.accept();
		assertThat(address(conn).callsWaiting()).isOne();
		peer.sendMaxConcurrentStreams(2);

		peer.expectHeaders(3);
		Scenario.soon().until(() -> address(conn).callsWaiting() == 0);
	}

	@Test
	void callsInTheLineOfAConnectionMoveWhenMoreConnectionsAreAllowed() {
		EchoServer server = this.scenario.limited(2);
		ClientConn conn = dial(server, 1);
		List<Rpc> calls = open(conn, 6);
		Scenario.soon().until(() -> connections(conn).get(0).queuedStreams() == 4);
		conn.update("static:" + server.address(), options(3).build());

		calls.forEach(ConnectionScalingTests::awaitReply);
		assertThat(connections(conn)).extracting(TransportSnapshot::activeStreams).containsExactly(2, 2, 2);
		assertThat(server.connections()).as("the first one stays").isEqualTo(3);
	}

	@Test
	void streamsFromBeforeCountAgainstTheLimit() {
		EchoServer server = this.scenario.limited(2);
		ClientConn conn = dial(server, 1);
		List<Rpc> before = open(conn, 2);
		before.forEach(ConnectionScalingTests::awaitReply);
		conn.update("static:" + server.address(), options(2).connections(noHeadroom(2)).build());
		open(conn, 2).forEach(ConnectionScalingTests::awaitReply);
		List<Rpc> waiting = open(conn, 1);
		Scenario.soon().until(() -> address(conn).callsWaiting() == 1);

		before.get(0).call().halfClose();
		waiting.forEach(ConnectionScalingTests::awaitReply);
	}

	@Test
	void theServiceConfigMayAskForMoreConnections() {
		EchoServer server = this.scenario.limited(1);
		ClientConn conn = this.scenario.dial("static:" + server.address(), Scenario.options()
			.serviceConfig(Map.of("connectionScaling", Map.of("maxConnectionsPerSubchannel", 3))));
		open(conn, 3).forEach(ConnectionScalingTests::awaitReply);

		assertThat(connections(conn)).hasSize(3);
	}

	@Test
	void aLaterServiceConfigTakesEffectAtOnce() {
		EchoServer server = this.scenario.limited(1);
		try (java.util.concurrent.SubmissionPublisher<ServiceConfig> configs = new java.util.concurrent.SubmissionPublisher<>()) {
			ClientConn conn = this.scenario.dial("static:" + server.address(),
					Scenario.options().serviceConfigUpdates(configs));
			List<Rpc> calls = open(conn, 2);
			Scenario.soon().until(() -> address(conn).callsInFlight() == 2);
			configs
				.submit(ServiceConfig.fromMap(Map.of("connectionScaling", Map.of("maxConnectionsPerSubchannel", 2))));

			calls.forEach(ConnectionScalingTests::awaitReply);
		}
	}

	@Test
	void connectionsInSurplusEndWithTheirLastCall() {
		FakeScheduler scheduler = leaks.watch(new FakeScheduler());
		EchoServer server = this.scenario.limited(2);
		ClientConn conn = dial("static:" + server.address(), options(2).scheduler(scheduler));
		List<Rpc> calls = open(conn, 4);
		calls.forEach(ConnectionScalingTests::awaitReply);
		calls.subList(0, 3).forEach((call) -> call.call().halfClose());
		calls.subList(0, 3).forEach(Rpc::await);
		Rpc last = calls.get(3);

		for (int i = 0; i < 5; i++) {
			scheduler.advance(Duration.ofSeconds(15));
			Scenario.soon().until(() -> !scheduler.pending().isEmpty());
		}
		Scenario.soon().until(() -> connections(conn).size() == 1);
		assertThat(address(conn).draining()).isOne();
		assertThat(last.isEnded()).isFalse();
		last.call().halfClose();
		assertThat(last.awaitCode()).isEqualTo(Status.Code.OK);
		Scenario.soon().until(() -> server.openConnections() == 1);
	}

	private ClientConn dial(EchoServer server, int maxConnections) {
		return dial("static:" + server.address(), options(maxConnections));
	}

	private ClientConn dial(String target, DialOptions.Builder options) {
		ClientConn conn = this.scenario.dial(target, options);
		Scenario.awaitState(conn, ConnectivityState.READY);
		return conn;
	}

	private static DialOptions.Builder options(int maxConnections) {
		return Scenario.options().maxConnectionsPerAddress(maxConnections);
	}

	private static ConnectionsConfig noHeadroom(int maxConnections) {
		return ConnectionsConfig.DEFAULT.withMaxPerAddress(maxConnections).withMinHeadroom(0);
	}

	/** Starts streams that stay open. */
	private static List<Rpc> open(ClientConn conn, int count) {
		List<Rpc> calls = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			calls.add(Rpc.bidi(conn, Rpc.FF));
		}
		return calls;
	}

	private static void awaitReply(Rpc call) {
		Scenario.soon().until(() -> !call.replies().isEmpty());
	}

	private static AddressState address(ClientConn conn) {
		return conn.snapshot().addresses().get(0);
	}

	private static List<TransportSnapshot> connections(ClientConn conn) {
		return address(conn).connections();
	}

}
