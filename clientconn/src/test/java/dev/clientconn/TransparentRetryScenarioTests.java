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
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

import dev.clientconn.testing.AutoReply.Reply;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ScriptedHttp2Server;
import dev.clientconn.transport.Dialer;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scenarios 54 to 59: what may be sent twice, and what must not.
 */
class TransparentRetryScenarioTests {

	private static final int REFUSED_STREAM = 7;

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	@Test
	void scenario54retryRefusedOnce() {
		Set<Integer> refused = Set.of(3, 7, 9, 13, 17, 19);
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((peer) -> {
			peer.sendSettings();
			peer.autoReply((streamId, headers, message) -> refused.contains(streamId) ? Reply.rst(REFUSED_STREAM)
					: Reply.message(new byte[0]));
		})) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain());
			List<Status.Code> codes = new ArrayList<>();
			for (int i = 0; i < 6; i++) {
				codes.add(Rpc.unary(conn, (i < 3) ? Rpc.WFR : Rpc.FF).awaitCode());
			}

			assertThat(codes).containsExactly(Status.Code.OK, Status.Code.OK, Status.Code.UNAVAILABLE, Status.Code.OK,
					Status.Code.OK, Status.Code.UNAVAILABLE);
			assertThat(server.connections()).isEqualTo(1);
			assertThat(server.accept().frames(FrameType.HEADERS)).hasSize(10);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void scenario55atMostOnce(boolean waitForReady) {
		AtomicInteger requests = new AtomicInteger();
		ScriptedHttp2Server.Script drop = (peer) -> {
			peer.sendSettings();
			peer.autoReply((streamId, headers, message) -> {
				requests.incrementAndGet();
				peer.drop();
				return Reply.none();
			});
		};
		try (ScriptedHttp2Server server = new ScriptedHttp2Server(drop, drop, drop, drop, (peer) -> {
			peer.sendSettings();
			peer.autoReply((streamId, headers, message) -> Reply.message(new byte[0]));
		})) {
			ClientConn conn = this.dials.dial(server.address(), Dials.quick().block(true));
			Rpc rpc = Rpc.unary(conn, waitForReady ? Rpc.WFR : Rpc.FF);

			assertThat(rpc.awaitCode()).isEqualTo(Status.Code.UNAVAILABLE);
			Dials.during().until(() -> requests.get() == 1);
		}
	}

	/**
	 * The hook is a stream tracer: made after the address was chosen, before its stream.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void scenario56noIoRetriesFreely(boolean waitForReady) {
		List<Channel> channels = new CopyOnWriteArrayList<>();
		Dialer recording = (request) -> {
			Future<Channel> dialled = Dialer.tcp().dial(request);
			dialled.addListener((Future<Channel> done) -> {
				if (done.isSuccess()) {
					channels.add(done.getNow());
				}
			});
			return dialled;
		};
		AtomicInteger attempts = new AtomicInteger();
		CallOptions options = (waitForReady ? Rpc.WFR : Rpc.FF)
			.withStreamTracerFactory(new ClientStreamTracer.Factory() {
				@Override
				public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info, Metadata headers) {
					if (attempts.incrementAndGet() <= 5) {
						live();
						Channel last = channels.get(channels.size() - 1);
						last.close();
						Dials.await().until(last.closeFuture()::isDone);
						if (!last.eventLoop().inEventLoop()) {
							last.eventLoop().submit(() -> {
							}).awaitUninterruptibly();
						}
					}
					return new ClientStreamTracer() {
					};
				}
			});
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(), eager().dialer(recording));

			assertThat(Rpc.unary(conn, options).await().isOk()).isTrue();
			assertThat(attempts).hasValue(6);
			assertThat(server.requests()).isEqualTo(1);
			assertThat(channels).hasSize(6);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void scenario58goAwayUnprocessedTwice(boolean waitForReady) {
		ScriptedHttp2Server.Script goAway = (peer) -> {
			peer.sendSettings();
			peer.autoReply((streamId, headers, message) -> {
				live();
				return Reply.with((to, id) -> to.sendGoAway(0, 0, "restart"));
			});
		};
		try (ScriptedHttp2Server server = new ScriptedHttp2Server(goAway, goAway, (peer) -> {
			peer.sendSettings();
			peer.autoReply((streamId, headers, message) -> Reply.message(new byte[0]));
		})) {
			ClientConn conn = this.dials.dial(server.address(), eager());
			Rpc rpc = Rpc.unary(conn, waitForReady ? Rpc.WFR : Rpc.FF);
			Status status = rpc.await();

			assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			assertThat(status.getDescription()).contains("restart");
			assertThat(server.peers().stream().mapToInt((peer) -> peer.frames(FrameType.HEADERS).size()).sum())
				.isEqualTo(2);
		}
	}

	@Test
	void scenario58secondAttemptSucceeds() {
		ScriptedHttp2Server.Script goAway = (peer) -> {
			peer.sendSettings();
			peer.autoReply((streamId, headers, message) -> {
				live();
				return Reply.with((to, id) -> to.sendGoAway(0, 0, "restart"));
			});
		};
		try (ScriptedHttp2Server server = new ScriptedHttp2Server(goAway, (peer) -> {
			peer.sendSettings();
			peer.autoReply((streamId, headers, message) -> Reply.message(new byte[0]));
		})) {
			ClientConn conn = this.dials.dial(server.address(), Dials.quick().block(true));

			assertThat(Rpc.unary(conn, Rpc.WFR).await().isOk()).isTrue();
		}
	}

	@Test
	void scenario59massKill() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(), Dials.quick().block(true));
			List<Rpc> before = new ArrayList<>();
			List<Rpc> after = new ArrayList<>();
			for (int i = 0; i < 1000; i++) {
				if (i == 500) {
					server.dropConnections();
					Dials.await().until(() -> server.openConnections() == 0 || server.connections() > 1);
				}
				((i < 500) ? before : after).add(Rpc.unary(conn, Rpc.WFR));
				LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
			}
			Dials.await().until(() -> server.connections() > 1);

			assertThat(before).extracting(Rpc::awaitCode).isSubsetOf(Status.Code.OK, Status.Code.UNAVAILABLE);
			List<Status.Code> codes = after.stream().map(Rpc::awaitCode).toList();
			assertThat(codes).contains(Status.Code.OK);
			// Only what was written to the dead connection before the client heard of it.
			int firstOk = codes.indexOf(Status.Code.OK);
			assertThat(codes.subList(firstOk, codes.size())).containsOnly(Status.Code.OK);
			assertThat(server.requests()).isLessThanOrEqualTo(1000);
		}
	}

	/**
	 * A connection that lives for 1 ms is replaced at once, so that fail-fast calls wait
	 * for the next.
	 */
	private static DialOptions.Builder eager() {
		Duration base = Duration.ofMillis(1);
		return Dials.plain().block(true).backoff(new BackoffConfig(base, 1, 0, base, false));
	}

	private static void live() {
		long end = System.nanoTime() + Duration.ofMillis(5).toNanos();
		while (System.nanoTime() < end) {
			LockSupport.parkNanos(end - System.nanoTime());
		}
	}

}
