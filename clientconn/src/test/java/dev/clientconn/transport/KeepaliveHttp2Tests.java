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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.Frame;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.Status;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Peers that fall silent, and the PINGs that find them out (gRFC A8). Time moves only
 * when a test says so; a PING falls between {@link #TIME} and {@link #LATEST}.
 */
class KeepaliveHttp2Tests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	private static final Duration TIME = Duration.ofSeconds(10);

	/** With all the jitter there may be. */
	private static final Duration LATEST = Duration.ofMillis(11_500);

	private static final KeepaliveParams PARAMS = new KeepaliveParams(TIME, Duration.ofSeconds(1), false);

	private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

	private final ScriptedHttp2Server server = new ScriptedHttp2Server();

	private final FakeScheduler scheduler = new FakeScheduler();

	private final Rig rig = new Rig();

	@BeforeEach
	void configure() {
		this.rig.loops = this.rig.eventLoops.withScheduler(this.scheduler);
		this.rig.keepalive = PARAMS;
	}

	@AfterEach
	void close() {
		this.rig.close();
		this.server.close();
	}

	@Test
	void isOffUnlessAskedFor() throws Exception {
		this.rig.keepalive = null;
		Peer peer = handshake();
		call(peer);

		elapse(Duration.ofDays(1));

		assertThat(this.scheduler.pending()).isEmpty();
		assertThat(peer.frames(FrameType.PING)).allMatch(Frame::ack);
		assertThat(transport().snapshot().keepaliveTime()).isNull();
	}

	@Test
	void silentPeerWithoutCallsIsFoundOut() throws Exception {
		this.rig.keepalive = PARAMS.withWithoutCalls(true);
		Peer peer = handshake();

		elapse(TIME.minusMillis(1));
		assertThat(pings()).isZero();
		assertThat(elapseToPing()).isLessThanOrEqualTo(LATEST.minus(TIME).plusMillis(1));
		assertThat(peer.expectPing().pingData()).isEqualTo(Keepalive.PING_DATA);
		elapse(Duration.ofMillis(999));
		assertThat(this.rig.events.closedCalls).isZero();
		elapse(Duration.ofMillis(1));

		assertThat(this.rig.events.awaitClosed().getDescription())
			.isEqualTo(this.server.address().addr() + ": keepalive: no answer to PING within 1 s");
		assertThat(transport().disconnectReason()).isEqualTo(DisconnectReason.CONNECTION_TIMED_OUT);
		assertThat(this.scheduler.pending()).isEmpty();
		peer.expectGoAway();
		peer.expectEof();
	}

	@Test
	void callsOnASilentPeerEndUnavailable() throws Exception {
		this.rig.keepalive = PARAMS.withTimeout(Duration.ofMillis(1500));
		Peer peer = handshake();
		RecordingStream call = call(peer);

		elapseToPing();
		peer.expectPing();
		elapse(Duration.ofMillis(1500));

		Status status = call.awaitClosed().status;
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getDescription()).endsWith("keepalive: no answer to PING within 1500 ms");
		assertThat(call.processing).isEqualTo(Processing.POSSIBLE);
	}

	@Test
	void withoutCallsItSleeps() throws Exception {
		Peer peer = handshake();

		elapse(LATEST);
		elapse(Duration.ofHours(1));

		assertThat(pings()).isZero();
		assertThat(this.scheduler.pending()).isEmpty();
		assertThat(peer.isOpen()).isTrue();
	}

	@Test
	void peerThatAnswersStays() throws Exception {
		this.rig.keepalive = PARAMS.withWithoutCalls(true);
		Peer peer = handshake();

		for (int i = 1; i <= 5; i++) {
			elapseToPing();
			assertThat(pings()).isEqualTo(i);
			peer.sendPingAck(peer.expectPing().pingData());
			heard(peer);
			assertThat(this.scheduler.pending()).hasSize(1);
		}

		assertThat(peer.isOpen()).isTrue();
		assertThat(this.rig.events.closedCalls).isZero();
	}

	@Test
	void answerSetsTheTimerToTheTimeEvenIfTheTimeoutIsLonger() throws Exception {
		this.rig.keepalive = PARAMS.withTimeout(Duration.ofMinutes(1));
		Peer peer = handshake();
		call(peer);
		elapseToPing();
		peer.sendPingAck(peer.expectPing().pingData());
		heard(peer);

		assertThat(this.scheduler.pending()).singleElement()
			.satisfies((timer) -> assertThat(timer.delay()).isBetween(TIME, LATEST));
	}

	@Test
	void thereIsNoPingWhileBytesFlow() throws Exception {
		Peer peer = handshake();
		call(peer);

		for (int i = 0; i < 10; i++) {
			elapse(Duration.ofSeconds(9));
			heard(peer);
			assertThat(this.scheduler.pending()).hasSize(1);
		}

		assertThat(pings()).isZero();
	}

	@Test
	void readingSetsNoTimers() {
		Peer peer = handshake();
		call(peer);
		long before = this.scheduler.scheduled();

		for (int i = 0; i < 50; i++) {
			heard(peer);
		}

		assertThat(this.scheduler.scheduled()).isEqualTo(before);
	}

	@Test
	void pingGoesBeforeTheFirstHeadersAfterASleep() throws Exception {
		Peer peer = handshake();
		elapse(LATEST);
		elapse(Duration.ofHours(1));

		call(peer);

		assertThat(peer.frames(FrameType.PING, FrameType.HEADERS)).filteredOn((frame) -> !frame.ack())
			.extracting(Frame::type)
			.containsExactly(FrameType.PING, FrameType.HEADERS);
		assertThat(this.scheduler.pending()).singleElement()
			.satisfies((timer) -> assertThat(timer.delay()).isEqualTo(Duration.ofSeconds(1)));
	}

	@Test
	void bytesOfTheSleepCount() throws Exception {
		Peer peer = handshake();
		elapse(LATEST);
		heard(peer);
		elapse(Duration.ofSeconds(4));

		call(peer);

		assertThat(pings()).isZero();
		assertThat(this.scheduler.pending()).singleElement()
			.satisfies((timer) -> assertThat(timer.delay()).isBetween(TIME.minusSeconds(4), LATEST.minusSeconds(4)));
	}

	@Test
	void callsThatWaitBehindTheStreamLimitAreWatchedToo() throws Exception {
		this.rig.connect(this.server.address().addr());
		Peer peer = this.server.accept();
		peer.handshake(Frame.MAX_CONCURRENT_STREAMS, 0);
		this.rig.events.awaitReady();
		heard(peer);
		RecordingStream waiting = this.rig.unary(transport(), Rig.ECHO, HELLO);
		settle();

		elapseToPing();
		peer.expectPing();
		elapse(Duration.ofSeconds(1));

		assertThat(waiting.awaitClosed().status.getDescription()).contains("keepalive");
	}

	@Test
	void anyByteIsAnAnswerAndALateAckDoesNoHarm() throws Exception {
		Peer peer = handshake();
		call(peer);
		elapseToPing();
		long ping = peer.expectPing().pingData();
		int window = transport().snapshot().receiveWindow();

		heard(peer);
		elapse(Duration.ofSeconds(5));
		peer.sendPingAck(ping);
		peer.sendPingAck(ping);
		heard(peer);
		elapse(TIME.minusMillis(1));

		assertThat(peer.isOpen()).isTrue();
		assertThat(pings()).isEqualTo(1);
		assertThat(transport().snapshot().receiveWindow()).isEqualTo(window);
	}

	@Test
	void closeDuringAPingLeavesNoTimer() throws Exception {
		Peer peer = handshake();
		call(peer);
		elapseToPing();
		peer.expectPing();

		transport().close(Status.CANCELLED.withDescription("enough"));

		assertThat(this.rig.events.awaitClosed().getDescription()).isEqualTo("enough");
		assertThat(this.scheduler.pending()).isEmpty();
		assertThat(transport().disconnectReason()).isEqualTo(DisconnectReason.UNKNOWN);
	}

	@Test
	void tooManyPingsDoublesTheTimeOfLaterConnections() {
		TransportFactory factory = TransportFactory.http2(this.rig.options());

		Refused first = refused(factory, "too_many_pings");
		assertThat(first.time()).isEqualTo(TIME);
		Refused second = refused(factory, "too_many_pings");
		assertThat(second.time()).isEqualTo(TIME.multipliedBy(2));
		Refused third = refused(factory, "");
		assertThat(third.time()).isEqualTo(TIME.multipliedBy(4));
		assertThat(refused(factory, "").time()).isEqualTo(TIME.multipliedBy(4));
		assertThat(first.time()).isEqualTo(TIME);
	}

	@Test
	void connectionsThatAreRefusedTogetherDoubleTheTimeOnce() {
		KeepalivePolicy policy = new KeepalivePolicy(PARAMS);

		policy.tooManyPings("one", TIME);
		policy.tooManyPings("another", TIME);
		assertThat(policy.current()).isEqualTo(PARAMS.withTime(Duration.ofSeconds(20)));
		for (int i = 0; i < 100; i++) {
			policy.tooManyPings("one", policy.current().time());
		}

		assertThat(policy.current().time()).isEqualTo(Duration.ofDays(365));
	}

	@Test
	void tooManyPingsIsToldOnce() {
		Logger log = (Logger) LoggerFactory.getLogger(KeepalivePolicy.class);
		ListAppender<ILoggingEvent> appender = new ListAppender<>();
		appender.start();
		log.addAppender(appender);
		try {
			KeepalivePolicy policy = new KeepalivePolicy(PARAMS);
			policy.tooManyPings("orders [10.0.0.1:80]", TIME);
			policy.tooManyPings("orders [10.0.0.2:80]", TIME);
		}
		finally {
			log.detachAppender(appender);
		}

		assertThat(appender.list).filteredOn((event) -> event.getLevel() == Level.WARN)
			.singleElement()
			.extracting(ILoggingEvent::getFormattedMessage, InstanceOfAssertFactories.STRING)
			.startsWith("orders [10.0.0.1:80] - ")
			.contains("too_many_pings", "10 s", "20 s");
	}

	@Test
	void serverOfGrpcJavaThatForbidsItIsAskedLessOften() throws Exception {
		this.rig.keepalive = new KeepaliveParams(TIME, Duration.ofDays(1), true);
		try (EchoServer strict = new EchoServer()
			.with((builder) -> builder.permitKeepAliveTime(1, TimeUnit.HOURS).permitKeepAliveWithoutCalls(true))
			.start()) {
			TransportFactory factory = TransportFactory.http2(this.rig.options());
			ClientTransport transport = factory.connect(strict.address(), Rig.TIMEOUT, this.rig.events);
			this.rig.transport = transport;
			this.rig.events.awaitReady();

			// The answer to a PING is all there is to read; until it is there, time does
			// nothing.
			boolean refused = false;
			for (int i = 0; i < 1000 && !refused; i++) {
				elapse(LATEST);
				refused = this.rig.events.goesAwayWithin(Duration.ofMillis(20));
			}

			assertThat(this.rig.events.awaitClosed().getDescription()).contains("ENHANCE_YOUR_CALM", "too_many_pings");
			assertThat(transport.disconnectReason()).isEqualTo(DisconnectReason.goAway("ENHANCE_YOUR_CALM"));
			RecordingTransport later = new RecordingTransport();
			ClientTransport next = factory.connect(strict.address(), Rig.TIMEOUT, later);
			later.awaitReady();
			assertThat(next.snapshot().keepaliveTime()).isEqualTo(TIME.multipliedBy(2));
			next.close(Status.CANCELLED);
			later.awaitClosed();
		}
	}

	@Test
	void serverOfGrpcJavaThatPermitsItAnswers() throws Exception {
		this.rig.keepalive = new KeepaliveParams(TIME, Duration.ofDays(1), true);
		try (EchoServer lenient = new EchoServer()
			.with((builder) -> builder.permitKeepAliveTime(1, TimeUnit.MILLISECONDS).permitKeepAliveWithoutCalls(true))
			.start()) {
			ClientTransport transport = this.rig.ready(lenient.port());

			for (int i = 0; i < 1000 && pings() < 6; i++) {
				elapse(LATEST);
				this.rig.events.goesAwayWithin(Duration.ofMillis(20));
			}

			// Each but the last was answered, or there would not be the next one.
			assertThat(pings()).isEqualTo(6);
			assertThat(this.rig.events.goingAwayCalls).isZero();
			assertThat(transport.snapshot().keepaliveTime()).isEqualTo(TIME);
		}
	}

	@Test
	void onEpollTheKernelHasTheSameTimeout() {
		AtomicReference<Channel> dialled = new AtomicReference<>();
		this.rig.dialer = (
				request) -> Dialer.tcp().dial(request).addListener((done) -> dialled.set((Channel) done.getNow()));
		handshake();

		IoTransport io = this.rig.eventLoops.transport();
		ChannelOption<Integer> option = io.tcpUserTimeout();
		assertThat(option != null).isEqualTo(io == IoTransport.EPOLL);
		if (option != null) {
			assertThat(dialled.get().config().getOption(option)).isEqualTo(1000);
		}
	}

	private Peer handshake() {
		this.rig.connect(this.server.address().addr());
		Peer peer = this.server.accept();
		peer.handshake();
		this.rig.events.awaitReady();
		heard(peer);
		return peer;
	}

	/** Returns when the client has read all that the peer has sent. */
	private void heard(Peer peer) {
		peer.sendPing(1);
		peer.expectPingAck();
	}

	private RecordingStream call(Peer peer) {
		RecordingStream call = this.rig.unary(transport(), Rig.ECHO, HELLO);
		peer.expectHeaders();
		return call;
	}

	private void elapse(Duration time) throws Exception {
		this.scheduler.advance(time);
		settle();
	}

	/**
	 * Goes from timer to timer until a PING has left: the event loop then reads no later
	 * time than that of the timer, and every time after it is exact.
	 * @return how long that took
	 */
	private Duration elapseToPing() throws Exception {
		long before = pings();
		Duration start = this.scheduler.elapsed();
		while (pings() == before) {
			this.scheduler.advanceToNext();
			settle();
		}
		return this.scheduler.elapsed().minus(start);
	}

	/** Returns when the event loop has done what is due. */
	private void settle() throws Exception {
		((Http2ClientTransport) transport()).loop().submit(() -> {
		}).get(10, TimeUnit.SECONDS);
	}

	private long pings() {
		return transport().snapshot().keepalivesSent();
	}

	private Refused refused(TransportFactory factory, String debugData) {
		RecordingTransport events = new RecordingTransport();
		ClientTransport transport = factory.connect(this.server.address(), Rig.TIMEOUT, events);
		Peer peer = this.server.accept();
		peer.handshake();
		events.awaitReady();
		peer.sendGoAway(0, 11, debugData);
		events.awaitClosed();
		return new Refused(transport);
	}

	private ClientTransport transport() {
		return this.rig.transport;
	}

	private record Refused(ClientTransport transport) {

		Duration time() {
			return this.transport.snapshot().keepaliveTime();
		}

	}

}
