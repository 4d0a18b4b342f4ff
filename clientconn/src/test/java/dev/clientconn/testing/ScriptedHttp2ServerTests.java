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

package dev.clientconn.testing;

import java.net.ConnectException;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.ByteString;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link ScriptedHttp2Server}, with the client of grpc-java on the other side.
 */
@ExtendWith(LeakCheckExtension.class)
class ScriptedHttp2ServerTests {

	private ManagedChannel channel;

	@AfterEach
	void close() throws InterruptedException {
		if (this.channel != null) {
			this.channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
		}
	}

	@Test
	void drivenByHandItSeesAndAnswersACall() throws Exception {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ListenableFuture<EchoReply> reply = call(server, "hello");
			Peer peer = server.accept();
			peer.handshake(Frame.MAX_CONCURRENT_STREAMS, 100);

			Frame headers = peer.expectHeaders();
			int stream = headers.streamId();
			assertThat(headers.header(":path")).isEqualTo("/dev.clientconn.test.Echo/Unary");
			assertThat(headers.header("te")).isEqualTo("trailers");
			assertThat(EchoRequest.parseFrom(peer.expectMessage(stream)).getMessage()).isEqualTo("hello");
			peer.sendResponse(stream, reply("scripted"));

			assertThat(reply.get(5, TimeUnit.SECONDS).getMessage()).isEqualTo("scripted");
			this.channel.shutdown();
			assertThat(peer.expectEof()).isNotEmpty();
			assertThat(server.connections()).isEqualTo(1);
			assertThat(server.openConnections()).isZero();
		}
	}

	/** Many times: an accept() that runs would now and then take one more. */
	@RepeatedTest(50)
	void nobodyConnectsAfterItHasStoppedToListen() throws Exception {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server();
				Socket before = new Socket("127.0.0.1", server.port())) {
			server.accept();
			server.stopListening();

			assertThatExceptionOfType(ConnectException.class)
				.isThrownBy(() -> new Socket("127.0.0.1", server.port()).close());
			assertThat(before.isConnected()).isTrue();
		}
	}

	@Test
	void eachConnectionRunsItsOwnScript() throws Exception {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server(Peer::drop, (peer) -> {
			peer.handshake();
			int stream = peer.expectHeaders().streamId();
			peer.sendGoAway(0, 0, "later");
			peer.expectNone(Duration.ofMillis(20), FrameType.RST_STREAM);
			assertThat(stream).isEqualTo(3);
		}, (peer) -> {
			peer.sendSettings();
			peer.autoReply((stream, headers, message) -> AutoReply.Reply.message(reply("third")));
		})) {
			assertThat(call(server, "x").get(10, TimeUnit.SECONDS).getMessage()).isEqualTo("third");
			assertThat(server.connections()).isEqualTo(3);
		}
	}

	@Test
	void autoReplyReturnsCreditSoLargeMessagesPass() throws Exception {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((peer) -> {
			peer.sendSettings();
			peer.autoReply((stream, headers, message) -> AutoReply.Reply
				.message(EchoReply.newBuilder().setMessage("" + message.length).build().toByteArray()));
		})) {
			ListenableFuture<EchoReply> reply = call(server,
					EchoRequest.newBuilder().setPayload(ByteString.copyFrom(new byte[300_000])).build());

			assertThat(Integer.parseInt(reply.get(5, TimeUnit.SECONDS).getMessage())).isGreaterThan(300_000);
		}
	}

	@Test
	void paddedDataAndTrailersArrive() throws Exception {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((peer) -> {
			peer.handshake();
			int stream = peer.expectHeaders().streamId();
			peer.sendResponseHeaders(stream);
			peer.sendData(stream, GrpcMessages.frame(reply("padded")), 77, false);
			peer.sendTrailers(stream, 0, "fine");
		})) {
			assertThat(call(server, "x").get(5, TimeUnit.SECONDS).getMessage()).isEqualTo("padded");
		}
	}

	@Test
	void statusRstAndGoAwayReachTheClient() {
		assertThat(failureOf((peer, stream) -> peer.sendTrailersOnly(stream, 5, "nothing here")).getDescription())
			.isEqualTo("nothing here");
		assertThat(failureOf((peer, stream) -> peer.sendRst(stream, 8)).getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(failureOf((peer, stream) -> {
			peer.sendGoAway(stream, 11, "too_many_pings");
			peer.close();
		}).getDescription()).contains("too_many_pings");
		assertThat(failureOf((peer, stream) -> peer.drop()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void cancelIsSeenAsRst() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ListenableFuture<EchoReply> reply = call(server, "x");
			Peer peer = server.accept();
			peer.handshake();
			int stream = peer.expectHeaders().streamId();

			reply.cancel(true);

			peer.expectRst(stream, 8);
		}
	}

	@Test
	void largeHeadersNeedContinuations() {
		String large = "x".repeat(40_000);
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((peer) -> {
			peer.handshake();
			int stream = peer.expectHeaders().streamId();
			peer.sendTrailersOnly(stream, 5, large);
		})) {
			this.channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
				.usePlaintext()
				.maxInboundMetadataSize(100_000)
				.build();

			assertThatExceptionOfType(StatusRuntimeException.class)
				.isThrownBy(() -> EchoGrpc.newBlockingStub(this.channel)
					.withDeadlineAfter(5, TimeUnit.SECONDS)
					.unary(EchoRequest.getDefaultInstance()))
				.satisfies((ex) -> assertThat(ex.getStatus().getDescription()).isEqualTo(large));
		}
	}

	@Test
	void speaksTlsWithAlpn() throws Exception {
		Certificates certificates = new Certificates();
		try (ScriptedHttp2Server server = ScriptedHttp2Server.tls(certificates.localhost(), (peer) -> {
			peer.sendSettings();
			peer.autoReply((stream, headers, message) -> AutoReply.Reply.message(reply("tls")));
		})) {
			this.channel = NettyChannelBuilder.forAddress("localhost", server.port())
				.sslContext(GrpcSslContexts.forClient().trustManager(certificates.authority().getCertificate()).build())
				.build();

			assertThat(EchoGrpc.newBlockingStub(this.channel)
				.withDeadlineAfter(5, TimeUnit.SECONDS)
				.unary(EchoRequest.getDefaultInstance())
				.getMessage()).isEqualTo("tls");
		}
	}

	@Test
	void closeTellsWhatFailedInAScript() {
		ScriptedHttp2Server server = new ScriptedHttp2Server((peer) -> {
			peer.handshake();
			peer.expectHeaders();
			throw new IllegalStateException("the script is wrong");
		});
		ListenableFuture<EchoReply> reply = call(server, "x");
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> reply.get(5, TimeUnit.SECONDS));

		assertThatExceptionOfType(AssertionError.class).isThrownBy(server::close)
			.withMessageContaining("script of connection 0")
			.withMessageContaining("the script is wrong");
	}

	@Test
	void failedExpectationListsTheFrames() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			call(server, "x");
			Peer peer = server.accept();
			peer.handshake();
			peer.drop();

			assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> peer.expectData(99))
				.withMessageContaining("expected DATA on stream 99")
				.withMessageContaining("dropped by the server")
				.withMessageContaining("SETTINGS(0");
		}
	}

	@Test
	void closeIsSilentAboutScriptsItInterrupts() {
		ScriptedHttp2Server server = new ScriptedHttp2Server(Peer::expectHeaders);
		call(server, "x");
		server.accept();

		server.close();
	}

	private Status failureOf(Answer answer) {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((peer) -> {
			peer.handshake();
			answer.send(peer, peer.expectHeaders().streamId());
		})) {
			return assertThatExceptionOfType(Exception.class)
				.isThrownBy(() -> call(server, "x").get(5, TimeUnit.SECONDS))
				.extracting(Status::fromThrowable)
				.actual();
		}
	}

	private ListenableFuture<EchoReply> call(ScriptedHttp2Server server, String message) {
		return call(server, EchoRequest.newBuilder().setMessage(message).build());
	}

	private ListenableFuture<EchoReply> call(ScriptedHttp2Server server, EchoRequest request) {
		if (this.channel != null) {
			this.channel.shutdownNow();
		}
		this.channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
		return ClientCalls.futureUnaryCall(
				this.channel.newCall(EchoGrpc.getUnaryMethod(), CallOptions.DEFAULT.withWaitForReady()), request);
	}

	private static byte[] reply(String message) {
		return EchoReply.newBuilder().setMessage(message).build().toByteArray();
	}

	/** How a server answers a request. */
	private interface Answer {

		void send(Peer peer, int streamId);

	}

}
