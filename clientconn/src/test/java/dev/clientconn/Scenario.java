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

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.AutoReply;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.Frame;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import org.awaitility.core.ConditionFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The servers and the {@link ClientConn}s of one test; closes them and proves that each
 * call of each ClientConn has ended, and each ClientConn too.
 */
final class Scenario implements AutoCloseable {

	/** Long enough for any machine; nothing here takes nearly as long. */
	static final Duration SOON = Duration.ofSeconds(20);

	static final CallOptions WAIT = CallOptions.DEFAULT.withWaitForReady();

	private final List<AutoCloseable> servers = new ArrayList<>();

	private final List<ClientConn> conns = new ArrayList<>();

	/** Plain text, and a backoff of 100 ms without jitter. */
	static DialOptions.Builder options() {
		return DialOptions.builder().insecure().backoff(backoff(Duration.ofMillis(100)));
	}

	static BackoffConfig backoff(Duration base) {
		return new BackoffConfig(base, 1.6, 0, Duration.ofSeconds(120), false);
	}

	ScriptedHttp2Server scripted(ScriptedHttp2Server.Script... scripts) {
		return with(new ScriptedHttp2Server(scripts));
	}

	EchoServer echo() {
		return with(EchoServer.started());
	}

	/** A server that takes so many streams on each connection. */
	EchoServer limited(int streams) {
		return with(new EchoServer().with((builder) -> builder.maxConcurrentCallsPerConnection(streams)).start());
	}

	<T extends AutoCloseable> T with(T server) {
		this.servers.add(server);
		return server;
	}

	ClientConn dial(ScriptedHttp2Server server) {
		return dial(server, options());
	}

	ClientConn dial(ScriptedHttp2Server server, DialOptions.Builder options) {
		return dial("static:127.0.0.1:" + server.port(), options);
	}

	ClientConn dial(EchoServer server) {
		return dial("static:127.0.0.1:" + server.port(), options());
	}

	ClientConn dial(String target, DialOptions.Builder options) {
		ClientConn conn = ClientConn.dial(target, options.build());
		this.conns.add(conn);
		return conn;
	}

	/** Answers each unary call with its own message. */
	static AutoReply.Handler echoing() {
		return (streamId, headers, message) -> AutoReply.Reply.message(message);
	}

	static ScriptedHttp2Server.Script answering() {
		return (peer) -> {
			peer.handshake();
			peer.autoReply(echoing());
		};
	}

	/** Accepts a connection and makes it READY. */
	static Peer accept(ScriptedHttp2Server server, long... settings) {
		Peer peer = server.accept();
		peer.handshake(settings);
		return peer;
	}

	/**
	 * Returns what a stream's window has been in all: like any server this counts the
	 * later SETTINGS too, with which the client opens its windows.
	 */
	static long window(Peer peer, int streamId) {
		long window = 65_535;
		for (Frame frame : peer.frames(FrameType.SETTINGS)) {
			if (!frame.ack()) {
				window = frame.settings().getOrDefault(Frame.INITIAL_WINDOW_SIZE, window);
			}
		}
		for (Frame frame : peer.frames(FrameType.WINDOW_UPDATE)) {
			window += (frame.streamId() == streamId) ? frame.windowIncrement() : 0;
		}
		return window;
	}

	static byte[] bytes(String message) {
		return message.getBytes(StandardCharsets.ISO_8859_1);
	}

	/** Makes an echo call and returns which server answered. */
	static String ask(ClientConn conn, CallOptions options) {
		return ClientCalls
			.blockingUnaryCall(conn, EchoGrpc.getUnaryMethod(), options.withDeadlineAfter(20, TimeUnit.SECONDS),
					EchoRequest.newBuilder().setMessage("ping").build())
			.getServer();
	}

	/** Makes an echo call and returns its status. */
	static Status tryAsk(ClientConn conn, CallOptions options) {
		try {
			ask(conn, options);
			return Status.OK;
		}
		catch (StatusRuntimeException ex) {
			return ex.getStatus();
		}
	}

	static ClientCall<EchoRequest, ?> echoBidi(ClientConn conn) {
		return conn.newCall(EchoGrpc.getBidiMethod(), CallOptions.DEFAULT);
	}

	static void awaitState(ClientConn conn, ConnectivityState state) {
		soon().until(() -> conn.getState(true) == state);
	}

	/**
	 * Proves that the second attempt waited for the base delay of {@link #options}: by
	 * the client's clock, as a busy machine may accept the first connection late.
	 */
	static void assertSecondAttemptIsSpaced(ClientConn conn) {
		List<Instant> attempts = soon().until(() -> conn.snapshot()
			.addresses()
			.get(0)
			.events()
			.stream()
			.filter((event) -> event.what().startsWith("CONNECTING"))
			.map(ConnectivitySnapshot.Event::at)
			.toList(), (got) -> got.size() > 1);
		// Instants are whole milliseconds.
		assertThat(Duration.between(attempts.get(0), attempts.get(1))).isGreaterThanOrEqualTo(Duration.ofMillis(98));
	}

	static ConditionFactory soon() {
		return await().pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(5)).atMost(SOON);
	}

	@Override
	public void close() throws Exception {
		this.conns.forEach(ClientConn::shutdownNow);
		for (ClientConn conn : this.conns) {
			assertThat(conn.awaitTermination(20, TimeUnit.SECONDS)).as("%s terminated", conn).isTrue();
			soon().untilAsserted(() -> {
				ConnectivitySnapshot end = conn.snapshot();
				assertThat(end.callsEnded()).as("each call has ended").isEqualTo(end.callsStarted());
			});
		}
		for (AutoCloseable server : this.servers) {
			server.close();
		}
	}

}
