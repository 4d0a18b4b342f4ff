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

import java.time.Duration;

import dev.clientconn.testing.Frame;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Windows in both directions.
 */
class FlowControlHttp2Tests {

	private static final int KIB = 1024;

	/** What both ends begin with if nothing else is said (RFC 9113 section 6.9.2). */
	private static final int SMALL_WINDOW = 65_535;

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
	void sendsNoMoreThanTheStreamsWindow() {
		Peer peer = handshake(Frame.INITIAL_WINDOW_SIZE, 10);
		ClientStream stream = open();
		stream.write(new byte[25]);
		stream.halfClose();
		stream.flush();

		assertThat(peer.expectData(1).data()).hasSize(10);
		peer.expectNone(Duration.ofMillis(50), FrameType.DATA);
		peer.sendWindowUpdate(1, 14);
		assertThat(peer.expectData(1).data()).hasSize(14);
		peer.sendWindowUpdate(1, 14);
		Frame last = peer.expectData(1);
		assertThat(last.data()).hasSize(1);
		assertThat(last.endStream()).isTrue();
	}

	@Test
	void decreasedWindowGoesNegative() {
		Peer peer = handshake(Frame.INITIAL_WINDOW_SIZE, 10);
		ClientStream stream = open();
		stream.write(new byte[25]);
		stream.flush();
		assertThat(peer.expectData(1).data()).hasSize(10);

		peer.sendInitialWindow(4);
		peer.expectSettingsAck();
		peer.sendWindowUpdate(1, 6);
		peer.expectNone(Duration.ofMillis(50), FrameType.DATA);
		peer.sendWindowUpdate(1, 1);

		assertThat(peer.expectData(1).data()).hasSize(1);
		peer.sendInitialWindow(8);
		assertThat(peer.expectData(1).data()).hasSize(4);
	}

	@Test
	void sendsNoMoreThanTheConnectionsWindow() {
		Peer peer = handshake(Frame.INITIAL_WINDOW_SIZE, 1_000_000);
		ClientStream stream = open();
		stream.write(new byte[100_000]);
		stream.flush();
		int got = 0;
		while (got < 65_535) {
			Frame data = peer.expectData(1);
			assertThat(data.data().length).isLessThanOrEqualTo(16_384);
			got += data.data().length;
		}
		assertThat(got).isEqualTo(65_535);

		RecordingStream other = new RecordingStream();
		ClientStream empty = this.rig.transport.newStream(Rig.head(Rig.BIDI), other);
		empty.flush();
		peer.expectHeaders(3);
		empty.halfClose();
		empty.flush();
		assertThat(peer.expectData(3).endStream()).isTrue();
		peer.sendWindowUpdate(0, 100_000);
		while (got < 100_000) {
			got += peer.expectData(1).data().length;
		}
		assertThat(got).isEqualTo(100_000);
	}

	@Test
	void streamsTakeTurns() {
		Peer peer = handshake(Frame.INITIAL_WINDOW_SIZE, 1_000_000);
		ClientStream first = open();
		first.write(new byte[200_000]);
		first.flush();
		ClientStream second = this.rig.transport.newStream(Rig.head(Rig.BIDI), new RecordingStream());
		second.write(new byte[200_000]);
		second.flush();
		peer.expectHeaders(3);
		peer.sendWindowUpdate(0, 200_000);
		Awaitility.await()
			.atMost(Duration.ofSeconds(5))
			.until(() -> peer.frames(FrameType.DATA)
				.stream()
				.mapToInt((frame) -> frame.payload().length)
				.sum() == 265_535);

		int ofSecond = peer.frames(FrameType.DATA)
			.stream()
			.filter((frame) -> frame.streamId() == 3)
			.mapToInt((frame) -> frame.payload().length)
			.sum();
		assertThat(ofSecond).isGreaterThan(90_000);
	}

	@Test
	void readyFollowsTheBytesThatWait() {
		Peer peer = handshake(Frame.INITIAL_WINDOW_SIZE, 10);
		ClientStream stream = open();
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(stream::isReady);
		assertThat(this.call.readyCalls.get()).isOne();

		stream.write(new byte[40_000]);
		stream.flush();
		assertThat(stream.isReady()).isFalse();
		peer.sendWindowUpdate(1, 20_000);

		Awaitility.await().atMost(Duration.ofSeconds(5)).until(stream::isReady);
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.call.readyCalls.get() == 2);
	}

	@Test
	void connectionsWindowOpensAsFarAsAStreams() {
		Peer peer = handshake();

		assertThat(peer.expectWindowUpdate(0).windowIncrement()).isEqualTo(1024 * 1024 - SMALL_WINDOW);
		assertThat(this.rig.transport.snapshot().receiveWindow()).isEqualTo(1024 * 1024);
	}

	@Test
	void usedBytesAreCreditedAndPaddingToo() {
		window(SMALL_WINDOW);
		Peer peer = handshake();
		ClientStream stream = open();
		peer.expectHeaders(1);
		peer.sendResponseHeaders(1);
		peer.sendData(1, new byte[16_000], 200, false);
		peer.sendData(1, new byte[16_000], 200, false);
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.call.bytes.get() == 32_000);
		peer.expectNone(Duration.ofMillis(50), FrameType.WINDOW_UPDATE);

		stream.consumed(32_000);
		stream.consumed(800);

		int credit = peer.expectWindowUpdate(1).windowIncrement();
		assertThat(credit).isBetween(32_767, 33_202);
	}

	@Test
	void dataBeyondTheStreamsWindowEndsTheStream() {
		window(SMALL_WINDOW);
		Peer peer = handshake();
		open();
		peer.expectHeaders(1);
		peer.sendResponseHeaders(1);

		peer.sendData(1, new byte[70_000], 0, false);

		assertThat(this.call.awaitClosed().status.getCode()).isEqualTo(Status.Code.INTERNAL);
		assertThat(this.call.status.getDescription()).contains("beyond the window of the stream");
		peer.expectRst(1, 3);
		peer.sendPing(5);
		peer.expectPingAck();
	}

	@Test
	void dataBeyondTheConnectionsWindowEndsTheConnection() {
		window(100_000);
		Peer peer = handshake();
		assertThat(this.rig.transport.snapshot().receiveWindow()).isEqualTo(100_000);
		open();
		peer.expectHeaders(1);

		peer.sendFrame(0, 0, 1, new byte[16_385]);

		assertThat(peer.expectGoAway().errorCode()).isEqualTo(6);
	}

	@Test
	void overflowOfAStreamsWindowEndsTheStream() {
		Peer peer = handshake();
		open();
		peer.expectHeaders(1);

		peer.sendWindowUpdate(1, Integer.MAX_VALUE);

		assertThat(this.call.awaitClosed().status.getCode()).isEqualTo(Status.Code.INTERNAL);
		peer.expectRst(1, 3);
	}

	@Test
	void overflowOfTheConnectionsWindowEndsTheConnection() {
		Peer peer = handshake();

		peer.sendWindowUpdate(0, Integer.MAX_VALUE);

		assertThat(peer.expectGoAway().errorCode()).isEqualTo(3);
	}

	@Test
	void bulkDataGrowsTheWindow() {
		Peer peer = handshake();
		this.call.autoConsume = open();
		peer.expectHeaders(1);
		peer.sendResponseHeaders(1);
		peer.sendData(1, new byte[260 * KIB], 0, false);
		Frame ping = peer.expectPing();
		peer.sendData(1, new byte[700 * KIB], 0, false);
		peer.sendPingAck(ping.pingData());

		Frame settings = peer.expect("larger SETTINGS", (frame) -> frame.type() == FrameType.SETTINGS && !frame.ack());

		assertThat(settings.settings().get(Frame.INITIAL_WINDOW_SIZE)).isGreaterThan(1024L * KIB);
		assertThat(this.rig.transport.snapshot().receiveWindow()).isGreaterThan(1024 * KIB);
	}

	@Test
	void samplesThatDoNotGrowTheWindowBecomeRare() {
		Peer peer = handshake();
		this.call.autoConsume = open();
		peer.expectHeaders(1);
		peer.sendResponseHeaders(1);
		peer.sendData(1, new byte[260 * KIB], 0, false);
		peer.sendPingAck(peer.expectPing().pingData());

		peer.sendData(1, new byte[400 * KIB], 0, false);
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> this.call.bytes.get() == 660 * KIB);
		assertThat(peer.frames(FrameType.PING)).as("PINGs after 400 KiB more").hasSize(1);
		peer.sendData(1, new byte[200 * KIB], 0, false);
		peer.expectPing();

		assertThat(this.rig.transport.snapshot().receiveWindow()).isEqualTo(1024 * KIB);
	}

	@Test
	void fixedWindowIsNotMeasured() {
		window(SMALL_WINDOW);
		Peer peer = handshake();
		this.call.autoConsume = open();
		peer.expectHeaders(1);
		peer.sendResponseHeaders(1);

		peer.sendData(1, new byte[60_000], 0, false);

		peer.expectWindowUpdate(0);
		peer.sendPing(1);
		peer.expectPingAck();
		assertThat(peer.frames(FrameType.PING)).allMatch(Frame::ack);
	}

	private void window(int bytes) {
		this.rig.limits = new TransportOptions.Limits(8192, bytes, TransportOptions.Limits.DEFAULT_MAX_STREAM_ID);
	}

	private ClientStream open() {
		ClientStream stream = this.rig.transport.newStream(Rig.head(Rig.BIDI), this.call);
		stream.flush();
		return stream;
	}

	private Peer handshake(long... settings) {
		this.rig.connect(this.server.address().addr());
		Peer peer = this.server.accept();
		peer.handshake(settings);
		this.rig.events.awaitReady();
		return peer;
	}

}
