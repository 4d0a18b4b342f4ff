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

package dev.clientconn.transport;

import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.clientconn.testing.Frame;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.Grpc;
import io.grpc.Status;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The life of a connection: going away, closing, frames that may not come.
 */
class ConnectionHttp2Tests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	private static final byte[] PING = "ping".getBytes(StandardCharsets.UTF_8);

	private final ScriptedHttp2Server server = new ScriptedHttp2Server();

	private final Rig rig = new Rig();

	@AfterEach
	void close() {
		this.rig.close();
		this.server.close();
	}

	@Test
	void readyHasAttributesAndSnapshot() {
		Peer peer = handshake();

		assertThat(transport().attributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)).isInstanceOfSatisfying(
				InetSocketAddress.class, (remote) -> assertThat(remote.getPort()).isEqualTo(this.server.port()));
		assertThat(transport().snapshot().remoteAddress()).isEqualTo(this.server.address().addr());
		assertThat(transport().snapshot().security()).isEqualTo("plaintext");
		assertThat(peer.isOpen()).isTrue();
	}

	@Test
	void closeEndsStreamsAndSaysGoAway() {
		Peer peer = handshake();
		RecordingStream call = call();
		peer.expectHeaders(1);

		transport().close(Status.UNAVAILABLE.withDescription("shut down"));

		assertThat(call.awaitClosed().status.getDescription()).isEqualTo("shut down");
		assertThat(peer.expectGoAway().errorCode()).isZero();
		peer.expectEof();
		this.rig.events.awaitClosed();
		assertThat(this.rig.events.closedCalls).isOne();
	}

	@Test
	void closeIsBoundedWhenTheServerDoesNotRead() {
		Peer peer = handshake(Frame.INITIAL_WINDOW_SIZE, Integer.MAX_VALUE);
		peer.sendWindowUpdate(0, 1 << 30);
		peer.pauseReading();
		RecordingStream call = new RecordingStream();
		ClientStream stream = transport().newStream(Rig.head(Rig.BIDI), call);
		stream.write(new byte[64 * 1024 * 1024]);
		stream.flush();

		transport().close(Status.UNAVAILABLE);

		this.rig.events.awaitClosed();
		peer.resumeReading();
	}

	@Test
	void drainLetsStreamsFinishAndTakesNoNewOnes() {
		Peer peer = handshake();
		RecordingStream call = call();
		peer.expectHeaders(1);

		transport().drain(Status.UNAVAILABLE.withDescription("address removed"));
		RecordingStream late = call();
		assertThat(late.awaitClosed().processing).isEqualTo(Processing.NOT_SENT);
		assertThat(late.status.getDescription()).isEqualTo("address removed");
		peer.sendResponse(1, PING);

		assertThat(call.awaitClosed().status).isEqualTo(Status.OK);
		peer.expectGoAway();
		peer.expectEof();
		this.rig.events.awaitClosed();
		assertThat(this.rig.events.goingAwayCalls).isZero();
	}

	@Test
	void goAwayInTwoPhasesRefusesOnlyWhatIsAbove() {
		Peer peer = handshake();
		RecordingStream first = call();
		RecordingStream second = call();
		peer.expectHeaders(3);

		peer.sendGoAway(Integer.MAX_VALUE, 0, "soon");
		this.rig.events.awaitGoingAway();
		assertThat(second.isClosed()).isFalse();
		peer.sendGoAway(1, 0, "now");

		assertThat(second.awaitClosed().processing).isEqualTo(Processing.REFUSED);
		assertThat(second.status.getDescription()).isEqualTo("received goaway: code: NO_ERROR, debug data: \"now\"");
		peer.sendResponse(1, PING);
		assertThat(first.awaitClosed().status).isEqualTo(Status.OK);
		this.rig.events.awaitClosed();
		assertThat(this.rig.events.goingAwayCalls).isOne();
		assertThat(this.rig.events.goingAway.getDescription())
			.isEqualTo("received goaway: code: NO_ERROR, debug data: \"soon\"");
	}

	@Test
	void lossAfterGoAwayNamesTheGoAway() {
		Peer peer = handshake();
		RecordingStream call = call();
		peer.expectHeaders(1);

		peer.sendGoAway(1, 11, "too_many_pings");
		this.rig.events.awaitGoingAway();
		peer.close();

		assertThat(call.awaitClosed().status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(call.status.getDescription())
			.contains("received prior goaway: code: ENHANCE_YOUR_CALM, debug data: \"too_many_pings\"");
	}

	@Test
	void streamsInLineEndNotSentOnGoAway() {
		Peer peer = handshake(Frame.MAX_CONCURRENT_STREAMS, 1);
		call();
		peer.expectHeaders(1);
		RecordingStream waiting = call();

		peer.sendGoAway(1, 0, "");

		assertThat(waiting.awaitClosed().processing).isEqualTo(Processing.NOT_SENT);
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 4 })
	void illegalGoAwayIsAConnectionError(int lastStreamId) {
		Peer peer = handshake();

		peer.sendGoAway(lastStreamId, 0, "");

		assertThat(peer.expectGoAway().errorCode()).isEqualTo(1);
		assertThat(this.rig.events.awaitClosed().getDescription()).contains("illegal last stream id");
	}

	@Test
	void goAwayMayNotTakeStreamsBack() {
		Peer peer = handshake();
		RecordingStream call = call();
		peer.expectHeaders(1);

		peer.sendGoAway(1, 0, "");
		peer.sendGoAway(3, 0, "");

		assertThat(peer.expectGoAway().errorCode()).isEqualTo(1);
		assertThat(call.awaitClosed().status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void usedUpStreamIdsReplaceTheConnection() {
		this.rig.limits = new TransportOptions.Limits(8192, 0, 3);
		Peer peer = handshake();
		RecordingStream first = call();
		RecordingStream second = call();
		this.rig.events.awaitGoingAway();
		RecordingStream third = call();

		assertThat(third.awaitClosed().processing).isEqualTo(Processing.NOT_SENT);
		peer.expectHeaders(3);
		peer.sendResponse(1, PING);
		peer.sendResponse(3, PING);
		assertThat(first.awaitClosed().status).isEqualTo(Status.OK);
		assertThat(second.awaitClosed().status).isEqualTo(Status.OK);
		this.rig.events.awaitClosed();
	}

	@Test
	void pingIsAnsweredAndUnknownFramesAreIgnored() {
		Peer peer = handshake();

		peer.sendFrame(0x42, 0, 0, new byte[] { 1, 2, 3 });
		peer.sendPing(77);

		assertThat(peer.expectPingAck().pingData()).isEqualTo(77);
	}

	@ParameterizedTest
	@EnumSource(names = { "PING", "SETTINGS" })
	void serverThatAsksButDoesNotReadIsCutOff(FrameType question) {
		Peer peer = handshake();
		RecordingStream call = this.rig.unary(transport(), Rig.ECHO, PING);
		peer.expectHeaders(1);
		peer.pauseReading();
		int payload = (question == FrameType.PING) ? Long.BYTES : 0;
		byte[] questions = new byte[(9 + payload) * 16 * 1024];
		for (int i = 0; i < questions.length; i += 9 + payload) {
			questions[i + 2] = (byte) payload;
			questions[i + 3] = (byte) question.ordinal();
		}

		// A stack trace for each access to a buffer would take a minute.
		ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
		ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.SIMPLE);
		try {
			// Enough for our 16 MiB and what the kernel keeps.
			for (long sent = 0; sent < 256 * 1024 * 1024 && !call.isClosed(); sent += questions.length) {
				peer.sendRaw(questions);
			}
		}
		finally {
			ResourceLeakDetector.setLevel(level);
		}

		Status status = call.awaitClosed().status;
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getDescription()).endsWith("the server does not read what it asks for");
		// Nor would it read our GOAWAY, which the close would wait for.
		peer.drop();
		this.rig.events.awaitClosed();
	}

	@Test
	void pushPromiseIsAConnectionError() {
		Peer peer = handshake();
		call();
		peer.expectHeaders(1);

		peer.sendFrame(0x5, 0x4, 1, new byte[] { 0, 0, 0, 2 });

		assertThat(peer.expectGoAway().errorCode()).isEqualTo(1);
	}

	@Test
	void frameForAnIdleStreamIsAConnectionError() {
		Peer peer = handshake();

		peer.sendWindowUpdate(1, 1);

		assertThat(peer.expectGoAway().errorCode()).isEqualTo(1);
		assertThat(this.rig.events.awaitClosed().getDescription()).contains("unknown stream 1");
	}

	@Test
	void streamsBeforeReadyWaitAndGoOutThen() {
		this.rig.connect(this.server.address().addr());
		RecordingStream call = call();
		Peer peer = this.server.accept();
		peer.readPreface();
		peer.expectNone(Duration.ofMillis(50), FrameType.HEADERS);

		peer.sendSettings();
		peer.expectHeaders(1);
		peer.sendResponse(1, PING);

		assertThat(call.awaitClosed().status).isEqualTo(Status.OK);
	}

	private Peer handshake(long... settings) {
		this.rig.connect(this.server.address().addr());
		Peer peer = this.server.accept();
		peer.handshake(settings);
		this.rig.events.awaitReady();
		return peer;
	}

	private ClientTransport transport() {
		return this.rig.transport;
	}

	private RecordingStream call() {
		return this.rig.unary(transport(), Rig.ECHO, PING);
	}

}
