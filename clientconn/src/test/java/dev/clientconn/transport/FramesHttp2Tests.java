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

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Frames as they come: in pieces, with padding, and where they must not be.
 */
class FramesHttp2Tests {

	private static final int END_STREAM = 1;

	private static final int END_HEADERS = 4;

	private static final int PADDED = 8;

	private static final int PROTOCOL_ERROR = 1;

	private static final int FRAME_SIZE_ERROR = 6;

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	private final ScriptedHttp2Server server = new ScriptedHttp2Server();

	private final Rig rig = new Rig();

	private final RecordingStream call = new RecordingStream();

	@AfterEach
	void close() {
		this.rig.close();
		this.server.close();
	}

	@Test
	void framesMayComeOctetByOctet() {
		Peer peer = open();
		byte[] data = frame(FrameType.DATA, 0, 1, Rig.frame("piecemeal".getBytes(StandardCharsets.UTF_8)));
		for (byte octet : data) {
			peer.sendRaw(new byte[] { octet });
			peer.sendRaw(new byte[0]);
		}
		peer.sendTrailers(1, 0, null);

		assertThat(this.call.awaitClosed().status).isEqualTo(Status.OK);
		assertThat(this.call.body()).isEqualTo(Rig.frame("piecemeal".getBytes(StandardCharsets.UTF_8)));
	}

	@Test
	void dataIsPassedOnBeforeItsFrameEnds() {
		Peer peer = open();
		byte[] data = frame(FrameType.DATA, 0, 1, new byte[] { 1, 2, 3, 4, 5 });
		peer.sendRaw(Arrays.copyOf(data, data.length - 2));

		Awaitility.await().untilAsserted(() -> assertThat(this.call.body()).containsExactly(1, 2, 3));
		peer.sendRaw(Arrays.copyOfRange(data, data.length - 2, data.length));
		peer.sendTrailers(1, 0, null);
		assertThat(this.call.awaitClosed().status).isEqualTo(Status.OK);
		assertThat(this.call.body()).containsExactly(1, 2, 3, 4, 5);
	}

	@Test
	void theEndOfTheStreamIsTheEndOfItsLastFrame() {
		Peer peer = open();
		byte[] data = frame(FrameType.DATA, END_STREAM, 1, new byte[] { 1, 2, 3 });
		peer.sendRaw(Arrays.copyOf(data, data.length - 1));

		Awaitility.await().untilAsserted(() -> assertThat(this.call.body()).containsExactly(1, 2));
		assertThat(this.call.isClosed()).isFalse();
		peer.sendRaw(new byte[] { 3 });
		assertThat(this.call.awaitClosed().body()).containsExactly(1, 2, 3);
		assertThat(this.call.status.getDescription()).contains("without sending trailers");
	}

	@Test
	void framesMayHavePadding() {
		Peer peer = open();
		byte[] first = new byte[40_000];
		peer.sendData(1, first, 0, false);
		peer.sendData(1, new byte[] { 1, 2, 3 }, 255, false);
		peer.sendData(1, new byte[] { 4 }, 0, false);
		peer.sendTrailers(1, 0, null);

		assertThat(this.call.awaitClosed().status).isEqualTo(Status.OK);
		assertThat(this.call.body()).hasSize(40_004).endsWith(1, 2, 3, 4);
	}

	@Test
	void framesMayBeLogged() {
		Logger frames = (Logger) LoggerFactory.getLogger("dev.clientconn.http2");
		frames.setLevel(Level.DEBUG);
		frames.setAdditive(false);
		try {
			Peer peer = open();
			peer.sendData(1, new byte[] { 1, 2, 3 }, 0, false);
			peer.sendTrailers(1, 0, null);

			assertThat(this.call.awaitClosed().status).isEqualTo(Status.OK);
			assertThat(this.call.body()).containsExactly(1, 2, 3);
		}
		finally {
			frames.setLevel(null);
			frames.setAdditive(true);
		}
	}

	@Test
	void dataInsideHeadersEndTheConnection() {
		Peer peer = open();
		peer.sendFrame(FrameType.HEADERS, 0, 1, new byte[] { (byte) 0x88 });
		peer.sendData(1, new byte[1], 0, false);

		assertThat(peer.expectGoAway().errorCode()).isEqualTo(PROTOCOL_ERROR);
		assertThat(this.call.awaitClosed().status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void dataAfterHeadersInPiecesAreFine() {
		Peer peer = open();
		// grpc-status: 0, as a literal that is not indexed.
		byte[] block = ByteBuffer.allocate(15)
			.put(new byte[] { 0, 11 })
			.put("grpc-status".getBytes(StandardCharsets.UTF_8))
			.put(new byte[] { 1, '0' })
			.array();
		peer.sendData(1, new byte[] { 1 }, 0, false);
		peer.sendFrame(FrameType.HEADERS, END_STREAM, 1, Arrays.copyOf(block, 4));
		peer.sendFrame(FrameType.CONTINUATION, END_HEADERS, 1, Arrays.copyOfRange(block, 4, 15));
		assertThat(this.call.awaitClosed().status).isEqualTo(Status.OK);

		RecordingStream next = this.rig.unary(this.rig.transport, Rig.ECHO, new byte[0]);
		peer.expectHeaders(3);
		peer.sendResponse(3, new byte[] { 7 });
		assertThat(next.awaitClosed().status).isEqualTo(Status.OK);
	}

	@Test
	void dataOfNoStreamEndTheConnection() {
		Peer peer = open();
		peer.sendFrame(FrameType.DATA, 0, 0, new byte[1]);

		assertThat(peer.expectGoAway().errorCode()).isEqualTo(PROTOCOL_ERROR);
	}

	@Test
	void framesThatAreTooLargeEndTheConnectionBeforeTheyAreThere() {
		Peer peer = open();
		byte[] large = frame(FrameType.DATA, 0, 1, new byte[16_385]);
		peer.sendRaw(Arrays.copyOf(large, 100));

		assertThat(peer.expectGoAway().errorCode()).isEqualTo(FRAME_SIZE_ERROR);
	}

	@Test
	void malformedPaddingEndsTheConnection() {
		Peer peer = open();
		peer.sendFrame(FrameType.DATA, PADDED, 1, new byte[] { 10, 1, 2 });

		assertThat(peer.expectGoAway().errorCode()).isEqualTo(PROTOCOL_ERROR);
	}

	private Peer open() {
		ClientTransport transport = this.rig.connect("127.0.0.1:" + this.server.port());
		Peer peer = this.server.accept();
		peer.handshake();
		this.rig.events.awaitReady();
		ClientStream stream = transport.newStream(Rig.head(Rig.BIDI), this.call);
		stream.write(Rig.frame(new byte[1]));
		stream.halfClose();
		stream.flush();
		peer.expectHeaders(1);
		peer.sendResponseHeaders(1);
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.call.headers != null);
		return peer;
	}

	private static byte[] frame(FrameType type, int flags, int streamId, byte[] payload) {
		return ByteBuffer.allocate(9 + payload.length)
			.putShort((short) (payload.length >> 8))
			.put((byte) payload.length)
			.put((byte) type.ordinal())
			.put((byte) flags)
			.putInt(streamId)
			.put(payload)
			.array();
	}

}
