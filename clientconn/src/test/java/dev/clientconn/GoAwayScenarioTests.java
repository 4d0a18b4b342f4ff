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

import dev.clientconn.testing.AutoReply;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * GOAWAY frame by frame: rows of section F of the scenarios.
 */
class GoAwayScenarioTests {

	private static final int MAX_ID = Integer.MAX_VALUE;

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@Test
	void scenario68goAwayReasonInText() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server);
		Peer peer = Scenario.accept(server);
		CallRecorder aged = CallRecorder.bidi(conn);
		peer.expectHeaders(1);
		peer.sendGoAway(MAX_ID, 0, "max_age");
		peer.sendPing(1);
		peer.expectPingAck();
		peer.close();

		Status status = aged.awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getDescription()).contains("received prior goaway: code: NO_ERROR", "max_age",
				"127.0.0.1:" + server.port());
	}

	@Test
	void scenario68goAwayOfAnImpatientServerIsTold() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server);
		Peer peer = Scenario.accept(server);
		CallRecorder call = CallRecorder.bidi(conn);
		peer.expectHeaders(1);
		peer.sendGoAway(1, 11, "too_many_pings");
		peer.sendPing(1);
		peer.expectPingAck();
		peer.drop();

		Status status = call.awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getDescription()).contains("code: ENHANCE_YOUR_CALM, debug data: \"too_many_pings\"");
	}

	/** No upper stream hangs or fails while the line of new streams is being served. */
	@Test
	void scenario70goAwayLowIdWhileCreating() {
		ScriptedHttp2Server server = this.scenario.scripted((peer) -> {
			peer.handshake();
			if (peer.index() % 2 == 1) {
				peer.autoReply(Scenario.echoing());
				return;
			}
			for (int id = 1; id <= 9; id += 2) {
				peer.expectMessage(id);
			}
			peer.sendGoAway(1, 0, "");
			peer.sendResponse(1, Scenario.bytes("first"));
		});
		for (int round = 0; round < 30; round++) {
			ClientConn conn = this.scenario.dial(server);
			List<CallRecorder> calls = new ArrayList<>();
			for (int i = 0; i < 20; i++) {
				calls.add(CallRecorder.unary(conn, "call " + i, Scenario.WAIT));
			}
			assertThat(calls).allSatisfy((call) -> assertThat(call.awaitStatus()).isEqualTo(Status.OK));
			conn.shutdownNow();
		}
	}

	@Test
	void scenario71twoPhaseGoAway() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server);
		Peer old = Scenario.accept(server);
		CallRecorder first = CallRecorder.unary(conn, "first", Scenario.WAIT);
		old.expectMessage(1);
		CallRecorder second = CallRecorder.unary(conn, "second", Scenario.WAIT);
		old.expectMessage(3);

		old.sendGoAway(MAX_ID, 0, "");
		// The replacement starts at the first GOAWAY; both calls stay where they are.
		Peer next = Scenario.accept(server);
		next.expectNone(Duration.ofMillis(30), FrameType.HEADERS);
		old.sendGoAway(1, 0, "");
		assertThat(next.expectMessage(1)).asString().isEqualTo("second");
		next.sendResponse(1, Scenario.bytes("from the new one"));
		old.sendResponse(1, Scenario.bytes("from the old one"));

		assertThat(first.awaitStatus()).isEqualTo(Status.OK);
		assertThat(first.messages()).containsExactly("from the old one");
		assertThat(second.awaitStatus()).isEqualTo(Status.OK);
		assertThat(second.messages()).containsExactly("from the new one");
		assertThat(old.expectEof()).as("the drained connection").isEqualTo("EOF");
		assertThat(old.frames(FrameType.RST_STREAM)).isEmpty();
	}

	@ParameterizedTest
	@CsvSource({ "2, 2", "1, 5", "3, 3003" })
	void scenario72goAwayIllegal(int firstId, int secondId) {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server);
		Peer peer = Scenario.accept(server);
		CallRecorder call = CallRecorder.unary(conn, "hello");
		peer.expectMessage(1);
		peer.sendGoAway(firstId, 0, "");
		if (secondId != firstId) {
			peer.sendGoAway(secondId, 0, "");
		}

		assertThat(peer.expectGoAway().errorCode()).as("PROTOCOL_ERROR").isEqualTo(1);
		assertThat(peer.expectEof()).isEqualTo("EOF");
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		Scenario.accept(server);
		Scenario.assertSecondAttemptIsSpaced(conn);
	}

	@Test
	void scenario77streamIdsExhausted() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server, Scenario.options().maxStreamId(3));
		Peer old = Scenario.accept(server);
		CallRecorder first = CallRecorder.bidi(conn);
		CallRecorder second = CallRecorder.bidi(conn);
		old.expectHeaders(1);
		old.expectHeaders(3);
		CallRecorder third = CallRecorder.unary(conn, "third", Scenario.WAIT);

		Peer next = Scenario.accept(server);
		assertThat(next.expectMessage(1)).asString().isEqualTo("third");
		next.sendResponse(1, Scenario.bytes("ok"));
		assertThat(third.awaitStatus()).isEqualTo(Status.OK);
		assertThat(old.isOpen()).isTrue();
		for (int id : new int[] { 1, 3 }) {
			old.sendResponseHeaders(id);
			old.sendMessage(id, Scenario.bytes("reply"));
			old.sendTrailers(id, 0, null);
		}
		assertThat(first.awaitStatus()).isEqualTo(Status.OK);
		assertThat(second.awaitStatus()).isEqualTo(Status.OK);
		assertThat(old.expectEof()).isEqualTo("EOF");
	}

	@Test
	void scenario78clientGoodbye() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server);
		Peer peer = Scenario.accept(server);
		CallRecorder call = CallRecorder.bidi(conn);
		peer.expectHeaders(1);
		// A socket that is closed with unread bytes says RST where it would say FIN.
		peer.sendPing(78);
		peer.expectPingAck();

		conn.shutdownNow();
		assertThat(peer.expectGoAway().errorCode()).as("NO_ERROR").isZero();
		assertThat(peer.expectEof()).isEqualTo("EOF");
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
	}

	@Test
	void scenario78goodbyeThatCannotBeWritten() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server);
		Peer peer = Scenario.accept(server, 4, MAX_ID);
		peer.sendWindowUpdate(0, MAX_ID - 65_535);
		CallRecorder call = CallRecorder.bidi(conn);
		peer.expectHeaders(1);
		peer.pauseReading();
		String large = "x".repeat(1024 * 1024);
		for (int i = 0; i < 16; i++) {
			call.send(large);
		}
		// Until the socket takes no more, it would be no hanging write.
		Scenario.soon().until(() -> !call.call().isReady());

		conn.shutdownNow();
		Scenario.soon().until(conn::isTerminated);
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
	}

	@Test
	void answersOfADrainingConnectionArriveInFull() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server);
		Peer peer = Scenario.accept(server);
		CallRecorder call = CallRecorder.bidi(conn, CallOptions.DEFAULT, 0);
		peer.expectHeaders(1);
		peer.sendGoAway(1, 0, "");
		peer.autoReply((streamId, headers, message) -> AutoReply.Reply.none());
		peer.sendResponseHeaders(1);
		for (int i = 0; i < 4; i++) {
			peer.sendMessage(1, Scenario.bytes("x".repeat(16_000)));
		}
		peer.sendTrailers(1, 0, null);
		call.awaitHeaders();
		call.call().request(4);
		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(call.messages()).hasSize(4);
	}

}
