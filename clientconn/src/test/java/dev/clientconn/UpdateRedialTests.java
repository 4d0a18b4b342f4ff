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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.clientconn.testing.Certificates;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Updates that need new connections: made before the old ones are let go.
 */
class UpdateRedialTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	@RegisterExtension
	final Dials dials = new Dials();

	@Test
	void anotherTargetTakesOverOnceItIsReady() {
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.quick());
			try (Load load = Load.on(conn, 8)) {
				Rpc open = Rpc.bidi(conn, Rpc.FF);
				Dials.await().until(() -> !open.replies().isEmpty());

				this.dials.update(conn, Dials.target(two), Dials.quick());

				load.awaitMore(50, two.port());
				assertThat(open.isEnded()).as("open calls may finish").isFalse();
				assertThat(one.openConnections()).isEqualTo(1);
				open.call().halfClose();
				assertThat(open.await().isOk()).isTrue();
				Dials.await().until(() -> one.openConnections() == 0);
				load.stopWithoutFailure();
			}
			assertThat(one.connections()).isEqualTo(1);
			assertThat(two.connections()).isEqualTo(1);
			assertThat(conn.target()).isEqualTo(Dials.target(two));
			assertThat(conn.authority()).isEqualTo("127.0.0.1:" + two.port());
			assertThat(conn.getState(false)).isEqualTo(ConnectivityState.READY);
			assertThat(conn.snapshot().addresses()).singleElement()
				.satisfies((address) -> assertThat(address.address()).isEqualTo(two.address().addr()));
			assertThat(conn.snapshot().pendingUpdate()).isNull();
		}
	}

	@Test
	void manyUpdatesUnderLoadLoseNoCall() {
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.quick());
			try (Load load = Load.on(conn, 16)) {
				for (int i = 0; i < 20; i++) {
					EchoServer to = (i % 2 == 0) ? two : one;
					this.dials.update(conn, Dials.target(to), Dials.quick());
					load.awaitMore(20, to.port());
				}
				load.stopWithoutFailure();
			}
			Dials.await().until(() -> two.openConnections() == 0 && one.openConnections() == 1);
			assertThat(one.connections()).isEqualTo(11);
			assertThat(two.connections()).isEqualTo(10);
		}
	}

	@Test
	void plaintextToTlsAndBack() {
		Certificates certificates = new Certificates();
		try (EchoServer plain = EchoServer.started();
				EchoServer secure = new EchoServer().tls(certificates.localhost()).start()) {
			ClientConn conn = this.dials.dial(Dials.target(plain), Dials.quick());
			DialOptions.Builder tls = Dials.tls(Dials.trusting(certificates)).authority("localhost");
			try (Load load = Load.on(conn, 8)) {
				this.dials.update(conn, Dials.target(secure), tls);
				load.awaitMore(50, secure.port());
				assertThat(conn.snapshot().security()).isEqualTo("tls");
				Dials.await().until(() -> plain.openConnections() == 0);

				this.dials.update(conn, Dials.target(plain), Dials.quick());
				load.awaitMore(50, plain.port());
				assertThat(conn.snapshot().security()).isEqualTo("plaintext");
				load.stopWithoutFailure();
			}
		}
	}

	@Test
	void theSameTargetWithAnotherUserAgentIsDialledAnew() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(Dials.target(server), Dials.quick());
			try (Load load = Load.on(conn, 8)) {
				this.dials.update(conn, Dials.target(server), Dials.quick().userAgent("shop/2"));
				Dials.await().until(() -> server.connections() == 2 && server.openConnections() == 1);
				load.awaitMore(20);
				load.stopWithoutFailure();
			}
			assertThat(server.headers().get(server.headers().size() - 1).toString()).contains("shop/2");
		}
	}

	@Test
	void otherEventLoops() throws Exception {
		EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		try (EchoServer one = EchoServer.started()) {
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.quick());
			try (Load load = Load.on(conn, 8)) {
				this.dials.update(conn, Dials.target(one), Dials.quick().eventLoopGroup(group));
				Dials.await().until(() -> one.connections() == 2 && one.openConnections() == 1);
				load.awaitMore(20);
				load.stopWithoutFailure();
			}
			conn.close();
		}
		finally {
			group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
		}
	}

	@Test
	void whereNothingIsReadyCallsMoveAtOnce() {
		try (EchoServer two = EchoServer.started()) {
			ClientConn conn = this.dials.dial("static:127.0.0.1:1", Dials.quick());
			Rpc waiting = Rpc.unary(conn, Rpc.WFR);
			Dials.awaitState(conn, ConnectivityState.TRANSIENT_FAILURE);

			this.dials.update(conn, Dials.target(two), Dials.quick());

			assertThat(waiting.await().isOk()).isTrue();
			assertThat(waiting.replies()).singleElement()
				.satisfies((reply) -> assertThat(reply.getServer()).isEqualTo(Integer.toString(two.port())));
			assertThat(conn.snapshot().pendingUpdate()).isNull();
		}
	}

	@Test
	void oldCallsAreEndedWhenTheirTimeIsUp() {
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.quick().drainTimeout(Duration.ofMillis(50)));
			Rpc open = Rpc.bidi(conn, Rpc.WFR);
			Dials.await().until(() -> !open.replies().isEmpty());

			this.dials.update(conn, Dials.target(two), Dials.quick().drainTimeout(Duration.ofMillis(50)));

			assertThat(open.await().getDescription()).contains("did not end within 50 ms");
			Dials.await().until(() -> one.openConnections() == 0);
		}
	}

	@Test
	void aSleepingConnStaysAsleep() {
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.quick().lazy(true));
			this.dials.update(conn, Dials.target(two), Dials.quick().lazy(true));
			Dials.await().until(() -> conn.target().equals(Dials.target(two)));
			assertThat(conn.getState(false)).isEqualTo(ConnectivityState.IDLE);
			assertThat(two.connections()).isZero();

			assertThat(Rpc.unary(conn, Rpc.FF).await().isOk()).isTrue();

			assertThat(one.connections()).isZero();
			assertThat(two.connections()).isEqualTo(1);
		}
	}

	@Test
	void anIdleConnStaysIdle() {
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.quick());
			Dials.awaitState(conn, ConnectivityState.READY);
			conn.enterIdle();
			Dials.awaitState(conn, ConnectivityState.IDLE);

			this.dials.update(conn, Dials.target(two), Dials.quick());

			Dials.await().until(() -> conn.target().equals(Dials.target(two)));
			assertThat(conn.getState(false)).isEqualTo(ConnectivityState.IDLE);
			assertThat(two.connections()).isZero();
			assertThat(Rpc.unary(conn, Rpc.FF).await().isOk()).isTrue();
		}
	}

	@Test
	void thoseWhoWaitForAChangeHearOfTheNewConnections() throws Exception {
		try (EchoServer two = EchoServer.started()) {
			ClientConn conn = this.dials.dial("static:127.0.0.1:1", Dials.plain());
			Dials.awaitState(conn, ConnectivityState.TRANSIENT_FAILURE);
			CountDownLatch changed = new CountDownLatch(1);
			conn.notifyWhenStateChanged(ConnectivityState.TRANSIENT_FAILURE, changed::countDown);

			this.dials.update(conn, Dials.target(two), Dials.plain());

			assertThat(changed.await(20, TimeUnit.SECONDS)).isTrue();
			Dials.awaitState(conn, ConnectivityState.READY);
		}
	}

	@Test
	void shutdownNowEndsWhatDrains() throws Exception {
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			ClientConn conn = this.dials.dial(Dials.target(one), Dials.quick());
			Rpc open = Rpc.bidi(conn, Rpc.WFR);
			Dials.await().until(() -> !open.replies().isEmpty());
			this.dials.update(conn, Dials.target(two), Dials.quick());
			Dials.await().until(() -> conn.target().equals(Dials.target(two)));
			assertThat(open.isEnded()).isFalse();

			conn.shutdownNow();

			assertThat(open.awaitCode()).isEqualTo(Status.Code.CANCELLED);
			assertThat(conn.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
			Dials.await().until(() -> one.openConnections() + two.openConnections() == 0);
		}
	}

}
