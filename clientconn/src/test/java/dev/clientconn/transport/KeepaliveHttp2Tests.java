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
import java.util.concurrent.atomic.AtomicReference;

import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.testing.Frame;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import io.grpc.Status;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Peers that fall silent, and the PINGs that find them out (gRFC A8).
 */
class KeepaliveHttp2Tests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	private final KeepaliveRig keepalive = new KeepaliveRig();

	@AfterEach
	void close() {
		this.keepalive.close();
	}

	@Test
	void isOffUnlessAskedFor() throws Exception {
		this.keepalive.rig.keepalive = null;
		Peer peer = this.keepalive.handshake();
		this.keepalive.call(peer);

		this.keepalive.elapse(Duration.ofDays(1));

		assertThat(this.keepalive.scheduler.pending()).isEmpty();
		assertThat(peer.frames(FrameType.PING)).allMatch(Frame::ack);
		assertThat(this.keepalive.transport().snapshot().keepaliveTime()).isNull();
	}

	@Test
	void silentPeerWithoutCallsIsFoundOut() throws Exception {
		this.keepalive.rig.keepalive = KeepaliveRig.PARAMS.withWithoutCalls(true);
		Peer peer = this.keepalive.handshake();

		this.keepalive.elapse(KeepaliveRig.TIME.minusMillis(1));
		assertThat(this.keepalive.pings()).isZero();
		assertThat(this.keepalive.elapseToPing())
			.isLessThanOrEqualTo(KeepaliveRig.LATEST.minus(KeepaliveRig.TIME).plusMillis(1));
		assertThat(peer.expectPing().pingData()).isEqualTo(Keepalive.PING_DATA);
		this.keepalive.elapse(Duration.ofMillis(999));
		assertThat(this.keepalive.rig.events.closedCalls).isZero();
		this.keepalive.elapse(Duration.ofMillis(1));

		assertThat(this.keepalive.rig.events.awaitClosed().getDescription())
			.isEqualTo(this.keepalive.server.address().addr() + ": keepalive: no answer to PING within 1 s");
		assertThat(this.keepalive.transport().disconnectReason()).isEqualTo(DisconnectReason.CONNECTION_TIMED_OUT);
		assertThat(this.keepalive.scheduler.pending()).isEmpty();
		peer.expectGoAway();
		peer.expectEof();
	}

	@Test
	void callsOnASilentPeerEndUnavailable() throws Exception {
		this.keepalive.rig.keepalive = KeepaliveRig.PARAMS.withTimeout(Duration.ofMillis(1500));
		Peer peer = this.keepalive.handshake();
		RecordingStream call = this.keepalive.call(peer);

		this.keepalive.elapseToPing();
		peer.expectPing();
		this.keepalive.elapse(Duration.ofMillis(1500));

		Status status = call.awaitClosed().status;
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getDescription()).endsWith("keepalive: no answer to PING within 1500 ms");
		assertThat(call.processing).isEqualTo(Processing.POSSIBLE);
	}

	@Test
	void withoutCallsItSleeps() throws Exception {
		Peer peer = this.keepalive.handshake();

		this.keepalive.elapse(KeepaliveRig.LATEST);
		this.keepalive.elapse(Duration.ofHours(1));

		assertThat(this.keepalive.pings()).isZero();
		assertThat(this.keepalive.scheduler.pending()).isEmpty();
		assertThat(peer.isOpen()).isTrue();
	}

	@Test
	void peerThatAnswersStays() throws Exception {
		this.keepalive.rig.keepalive = KeepaliveRig.PARAMS.withWithoutCalls(true);
		Peer peer = this.keepalive.handshake();

		for (int i = 1; i <= 5; i++) {
			this.keepalive.elapseToPing();
			assertThat(this.keepalive.pings()).isEqualTo(i);
			peer.sendPingAck(peer.expectPing().pingData());
			this.keepalive.heard(peer);
			assertThat(this.keepalive.scheduler.pending()).hasSize(1);
		}

		assertThat(peer.isOpen()).isTrue();
		assertThat(this.keepalive.rig.events.closedCalls).isZero();
	}

	@Test
	void answerSetsTheTimerToTheTimeEvenIfTheTimeoutIsLonger() throws Exception {
		this.keepalive.rig.keepalive = KeepaliveRig.PARAMS.withTimeout(Duration.ofMinutes(1));
		Peer peer = this.keepalive.handshake();
		this.keepalive.call(peer);
		this.keepalive.elapseToPing();
		peer.sendPingAck(peer.expectPing().pingData());
		this.keepalive.heard(peer);

		assertThat(this.keepalive.scheduler.pending()).singleElement()
			.satisfies((timer) -> assertThat(timer.delay()).isBetween(KeepaliveRig.TIME, KeepaliveRig.LATEST));
	}

	@Test
	void thereIsNoPingWhileBytesFlow() throws Exception {
		Peer peer = this.keepalive.handshake();
		this.keepalive.call(peer);

		for (int i = 0; i < 10; i++) {
			this.keepalive.elapse(Duration.ofSeconds(9));
			this.keepalive.heard(peer);
			assertThat(this.keepalive.scheduler.pending()).hasSize(1);
		}

		assertThat(this.keepalive.pings()).isZero();
	}

	@Test
	void readingSetsNoTimers() {
		Peer peer = this.keepalive.handshake();
		this.keepalive.call(peer);
		long before = this.keepalive.scheduler.scheduled();

		for (int i = 0; i < 50; i++) {
			this.keepalive.heard(peer);
		}

		assertThat(this.keepalive.scheduler.scheduled()).isEqualTo(before);
	}

	@Test
	void pingGoesBeforeTheFirstHeadersAfterASleep() throws Exception {
		Peer peer = this.keepalive.handshake();
		this.keepalive.elapse(KeepaliveRig.LATEST);
		this.keepalive.elapse(Duration.ofHours(1));

		this.keepalive.call(peer);

		assertThat(peer.frames(FrameType.PING, FrameType.HEADERS)).filteredOn((frame) -> !frame.ack())
			.extracting(Frame::type)
			.containsExactly(FrameType.PING, FrameType.HEADERS);
		assertThat(this.keepalive.scheduler.pending()).singleElement()
			.satisfies((timer) -> assertThat(timer.delay()).isEqualTo(Duration.ofSeconds(1)));
	}

	@Test
	void bytesOfTheSleepCount() throws Exception {
		Peer peer = this.keepalive.handshake();
		this.keepalive.elapse(KeepaliveRig.LATEST);
		this.keepalive.heard(peer);
		this.keepalive.elapse(Duration.ofSeconds(4));

		this.keepalive.call(peer);

		assertThat(this.keepalive.pings()).isZero();
		assertThat(this.keepalive.scheduler.pending()).singleElement()
			.satisfies((timer) -> assertThat(timer.delay()).isBetween(KeepaliveRig.TIME.minusSeconds(4),
					KeepaliveRig.LATEST.minusSeconds(4)));
	}

	@Test
	void callsThatWaitBehindTheStreamLimitAreWatchedToo() throws Exception {
		this.keepalive.rig.connect(this.keepalive.server.address().addr());
		Peer peer = this.keepalive.server.accept();
		peer.handshake(Frame.MAX_CONCURRENT_STREAMS, 0);
		this.keepalive.rig.events.awaitReady();
		this.keepalive.heard(peer);
		RecordingStream waiting = this.keepalive.unary();
		this.keepalive.settle();

		this.keepalive.elapseToPing();
		peer.expectPing();
		this.keepalive.elapse(Duration.ofSeconds(1));

		assertThat(waiting.awaitClosed().status.getDescription()).contains("keepalive");
	}

	@Test
	void anyByteIsAnAnswerAndALateAckDoesNoHarm() throws Exception {
		Peer peer = this.keepalive.handshake();
		this.keepalive.call(peer);
		this.keepalive.elapseToPing();
		long ping = peer.expectPing().pingData();
		int window = this.keepalive.transport().snapshot().receiveWindow();

		this.keepalive.heard(peer);
		this.keepalive.elapse(Duration.ofSeconds(5));
		peer.sendPingAck(ping);
		peer.sendPingAck(ping);
		this.keepalive.heard(peer);
		this.keepalive.elapse(KeepaliveRig.TIME.minusMillis(1));

		assertThat(peer.isOpen()).isTrue();
		assertThat(this.keepalive.pings()).isEqualTo(1);
		assertThat(this.keepalive.transport().snapshot().receiveWindow()).isEqualTo(window);
	}

	@Test
	void closeDuringAPingLeavesNoTimer() throws Exception {
		Peer peer = this.keepalive.handshake();
		this.keepalive.call(peer);
		this.keepalive.elapseToPing();
		peer.expectPing();

		this.keepalive.transport().close(Status.CANCELLED.withDescription("enough"));

		assertThat(this.keepalive.rig.events.awaitClosed().getDescription()).isEqualTo("enough");
		assertThat(this.keepalive.scheduler.pending()).isEmpty();
		assertThat(this.keepalive.transport().disconnectReason()).isEqualTo(DisconnectReason.UNKNOWN);
	}

	@Test
	void onEpollTheKernelHasTheSameTimeout() {
		AtomicReference<Channel> dialled = new AtomicReference<>();
		this.keepalive.rig.dialer = (
				request) -> Dialer.tcp().dial(request).addListener((done) -> dialled.set((Channel) done.getNow()));
		this.keepalive.handshake();

		IoTransport io = this.keepalive.rig.eventLoops.transport();
		ChannelOption<Integer> option = io.tcpUserTimeout();
		assertThat(option != null).isEqualTo(io == IoTransport.EPOLL);
		if (option != null) {
			assertThat(dialled.get().config().getOption(option)).isEqualTo(1000);
		}
	}

}
