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

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.clientconn.testing.Frame;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Streams and flow control: rows of section I of the scenarios.
 */
class StreamScenarioTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@Test
	void scenario103maxStreamsUnset() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server);
		Peer peer = Scenario.accept(server);
		List<CallRecorder> calls = new ArrayList<>();
		for (int i = 0; i < 150; i++) {
			calls.add(CallRecorder.bidi(conn));
		}
		for (int i = 0; i < 150; i++) {
			peer.expectHeaders(2 * i + 1);
		}
		assertThat(calls).noneMatch(CallRecorder::isClosed);
	}

	@Test
	void scenario103maxStreamsSetMakesCallsWait() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server);
		Peer peer = Scenario.accept(server, Frame.MAX_CONCURRENT_STREAMS, 1);
		CallRecorder first = CallRecorder.unary(conn, "first", Scenario.WAIT);
		peer.expectMessage(1);
		CallRecorder bounded = CallRecorder.unary(conn, "bounded",
				Scenario.WAIT.withDeadlineAfter(100, TimeUnit.MILLISECONDS));
		CallRecorder second = CallRecorder.unary(conn, "second", Scenario.WAIT);
		assertThat(bounded.awaitStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(peer.frames(FrameType.HEADERS)).hasSize(1);
		peer.sendResponse(1, Scenario.bytes("one"));
		assertThat(peer.expectMessage(3)).asString().isEqualTo("second");
		peer.sendResponse(3, Scenario.bytes("two"));
		assertThat(first.awaitStatus()).isEqualTo(Status.OK);
		assertThat(second.awaitStatus()).isEqualTo(Status.OK);
	}

	@Test
	void scenario104largeMessages() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server, Scenario.options().flowControlWindow(65_535));
		Peer peer = Scenario.accept(server);
		peer.autoReply();
		String large = "x".repeat(131_070);
		CallRecorder call = CallRecorder.bidi(conn);
		for (int i = 0; i < 2; i++) {
			call.send(large + i);
			assertThat(peer.expectMessage(1)).asString().isEqualTo(large + i);
		}
		call.halfClose();
		peer.sendResponseHeaders(1);
		int sent = 0;
		byte[] reply = Scenario.bytes(large);
		for (int i = 0; i < 2; i++) {
			byte[] framed = ByteBuffer.allocate(5 + reply.length).put((byte) 0).putInt(reply.length).put(reply).array();
			for (int at = 0; at < framed.length; at += 16_000) {
				int size = Math.min(16_000, framed.length - at);
				int needed = sent + size;
				Scenario.soon().until(() -> Scenario.window(peer, 1) >= needed);
				peer.sendData(1, Arrays.copyOfRange(framed, at, at + size), 0, false);
				sent += size;
			}
		}
		peer.sendTrailers(1, 0, null);
		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(call.messages()).containsExactly(large, large);
	}

	@Test
	void scenario104serverThatNeverReads() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server);
		Peer peer = Scenario.accept(server);
		long start = System.nanoTime();
		CallRecorder call = new CallRecorder(conn, CallRecorder.BIDI,
				CallOptions.DEFAULT.withDeadlineAfter(500, TimeUnit.MILLISECONDS))
			.start(new Metadata());
		call.send("x".repeat(131_070));
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(System.nanoTime() - start).as("not earlier").isGreaterThan(TimeUnit.MILLISECONDS.toNanos(490));
		peer.expectRst(1, 8);
		assertThat(octets(peer, 1)).isEqualTo(65_535);
	}

	@Test
	void scenario106windowLowered() {
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server);
		Peer peer = Scenario.accept(server);
		CallRecorder fresh = CallRecorder.bidi(conn);
		peer.expectHeaders(1);
		CallRecorder used = CallRecorder.bidi(conn);
		peer.expectHeaders(3);
		used.send("x".repeat(4_995));
		peer.expectMessage(3);
		peer.sendInitialWindow(1_000);
		peer.expectSettingsAck();

		fresh.send("x".repeat(300_000));
		used.send("x".repeat(300_000));
		while (octets(peer, 1) < 1_000) {
			peer.expectData(1);
		}
		peer.sendPing(1);
		peer.expectPingAck();
		assertThat(octets(peer, 1)).as("on a fresh stream").isEqualTo(1_000);
		assertThat(octets(peer, 3)).as("on a stream whose window is negative").isEqualTo(5_000);

		// 4,000 octets pay the debt, the others may be sent.
		peer.sendWindowUpdate(3, 4_100);
		assertThat(peer.expectData(3).data()).hasSize(100);
		fresh.call().cancel("done", null);
		used.call().cancel("done", null);
	}

	/** What is not read of abandoned streams must not use up the connection's window. */
	@Test
	void scenario107abandonedStreamsCredit() {
		byte[] message = new byte[4_000];
		ScriptedHttp2Server server = this.scenario.scripted();
		ClientConn conn = this.scenario.dial(server);
		Peer peer = Scenario.accept(server);
		int sent = 0;
		for (int round = 0; round < 500; round++) {
			int id = 2 * round + 1;
			CallRecorder call = CallRecorder.bidi(conn, CallOptions.DEFAULT, 2);
			peer.expectHeaders(id);
			peer.sendResponseHeaders(id);
			for (int i = 0; i < 15; i++) {
				int owed = sent;
				// Fails after its timeout if the connection's credit does not come back.
				while (65_535 + connectionCredit(peer) - owed < 4_005) {
					peer.expectWindowUpdate(0);
				}
				peer.sendMessage(id, message);
				sent += 4_005;
			}
			call.awaitMessages(2);
			call.call().cancel("enough", null);
			assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
		}
	}

	private static long connectionCredit(Peer peer) {
		return peer.frames(FrameType.WINDOW_UPDATE)
			.stream()
			.filter((frame) -> frame.streamId() == 0)
			.mapToLong(Frame::windowIncrement)
			.sum();
	}

	private static int octets(Peer peer, int streamId) {
		return peer.frames(FrameType.DATA)
			.stream()
			.filter((frame) -> frame.streamId() == streamId)
			.mapToInt((frame) -> frame.data().length)
			.sum();
	}

}
