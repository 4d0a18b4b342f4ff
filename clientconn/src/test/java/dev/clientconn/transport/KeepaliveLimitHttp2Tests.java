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
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import io.grpc.Status;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Servers that permit fewer PINGs than they are sent, or as many (gRFC A8).
 */
class KeepaliveLimitHttp2Tests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	private final KeepaliveRig keepalive = new KeepaliveRig();

	@AfterEach
	void close() {
		this.keepalive.close();
	}

	@Test
	void tooManyPingsDoublesTheTimeOfLaterConnections() {
		TransportFactory factory = TransportFactory.http2(this.keepalive.rig.options());

		Refused first = refused(factory, "too_many_pings");
		assertThat(first.time()).isEqualTo(KeepaliveRig.TIME);
		Refused second = refused(factory, "too_many_pings");
		assertThat(second.time()).isEqualTo(KeepaliveRig.TIME.multipliedBy(2));
		Refused third = refused(factory, "");
		assertThat(third.time()).isEqualTo(KeepaliveRig.TIME.multipliedBy(4));
		assertThat(refused(factory, "").time()).isEqualTo(KeepaliveRig.TIME.multipliedBy(4));
		assertThat(first.time()).isEqualTo(KeepaliveRig.TIME);
	}

	@Test
	void connectionsThatAreRefusedTogetherDoubleTheTimeOnce() {
		KeepalivePolicy policy = new KeepalivePolicy(KeepaliveRig.PARAMS);

		policy.tooManyPings("one", KeepaliveRig.TIME);
		policy.tooManyPings("another", KeepaliveRig.TIME);
		assertThat(policy.current()).isEqualTo(KeepaliveRig.PARAMS.withTime(Duration.ofSeconds(20)));
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
			KeepalivePolicy policy = new KeepalivePolicy(KeepaliveRig.PARAMS);
			policy.tooManyPings("orders [10.0.0.1:80]", KeepaliveRig.TIME);
			policy.tooManyPings("orders [10.0.0.2:80]", KeepaliveRig.TIME);
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
		this.keepalive.rig.keepalive = new KeepaliveParams(KeepaliveRig.TIME, Duration.ofDays(1), true);
		try (EchoServer strict = new EchoServer()
			.with((builder) -> builder.permitKeepAliveTime(1, TimeUnit.HOURS).permitKeepAliveWithoutCalls(true))
			.start()) {
			TransportFactory factory = TransportFactory.http2(this.keepalive.rig.options());
			ClientTransport transport = factory.connect(strict.address(), Rig.TIMEOUT, this.keepalive.rig.events);
			this.keepalive.rig.transport = transport;
			this.keepalive.rig.events.awaitReady();

			// The answer to a PING is all there is to read; until it is there, time does
			// nothing.
			boolean refused = false;
			for (int i = 0; i < 1000 && !refused; i++) {
				this.keepalive.elapse(KeepaliveRig.LATEST);
				refused = this.keepalive.rig.events.goesAwayWithin(Duration.ofMillis(20));
			}

			assertThat(this.keepalive.rig.events.awaitClosed().getDescription()).contains("ENHANCE_YOUR_CALM",
					"too_many_pings");
			assertThat(transport.disconnectReason()).isEqualTo(DisconnectReason.goAway("ENHANCE_YOUR_CALM"));
			RecordingTransport later = new RecordingTransport();
			ClientTransport next = factory.connect(strict.address(), Rig.TIMEOUT, later);
			later.awaitReady();
			assertThat(next.snapshot().keepaliveTime()).isEqualTo(KeepaliveRig.TIME.multipliedBy(2));
			next.close(Status.CANCELLED);
			later.awaitClosed();
		}
	}

	@Test
	void serverOfGrpcJavaThatPermitsItAnswers() throws Exception {
		this.keepalive.rig.keepalive = new KeepaliveParams(KeepaliveRig.TIME, Duration.ofDays(1), true);
		try (EchoServer lenient = new EchoServer()
			.with((builder) -> builder.permitKeepAliveTime(1, TimeUnit.MILLISECONDS).permitKeepAliveWithoutCalls(true))
			.start()) {
			ClientTransport transport = this.keepalive.rig.ready(lenient.port());

			for (int i = 0; i < 1000 && this.keepalive.pings() < 6; i++) {
				this.keepalive.elapse(KeepaliveRig.LATEST);
				this.keepalive.rig.events.goesAwayWithin(Duration.ofMillis(20));
			}

			// Each but the last was answered, or there would not be the next one.
			assertThat(this.keepalive.pings()).isEqualTo(6);
			assertThat(this.keepalive.rig.events.goingAwayCalls).isZero();
			assertThat(transport.snapshot().keepaliveTime()).isEqualTo(KeepaliveRig.TIME);
		}
	}

	private Refused refused(TransportFactory factory, String debugData) {
		RecordingTransport events = new RecordingTransport();
		ClientTransport transport = factory.connect(this.keepalive.server.address(), Rig.TIMEOUT, events);
		Peer peer = this.keepalive.server.accept();
		peer.handshake();
		events.awaitReady();
		peer.sendGoAway(0, 11, debugData);
		events.awaitClosed();
		return new Refused(transport);
	}

	private record Refused(ClientTransport transport) {

		Duration time() {
			return this.transport.snapshot().keepaliveTime();
		}

	}

}
