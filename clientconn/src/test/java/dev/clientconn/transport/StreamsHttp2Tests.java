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
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.clientconn.testing.Frame;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What streams say and hear, frame by frame.
 */
class StreamsHttp2Tests {

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
	void requestHasTheHeadersOfGrpcInOrder() {
		ClientTransport transport = this.rig.connect(this.server.address().addr());
		Peer peer = this.server.accept();
		Frame settings = peer.handshake();
		Metadata metadata = new Metadata();
		metadata.put(Metadata.Key.of("x-own", Metadata.ASCII_STRING_MARSHALLER), "1");
		metadata.put(Metadata.Key.of("x-own-bin", Metadata.BINARY_BYTE_MARSHALLER), new byte[] { 1 });
		metadata.put(Metadata.Key.of("user-agent", Metadata.ASCII_STRING_MARSHALLER), "other");
		metadata.put(Metadata.Key.of("grpc-timeout", Metadata.ASCII_STRING_MARSHALLER), "1S");
		metadata.put(Metadata.Key.of("x-not-ascii", Metadata.ASCII_STRING_MARSHALLER), "a\nb");
		RecordingStream call = new RecordingStream();
		ClientStream stream = transport.newStream(new StreamHead(Rig.ECHO, "other.example:1",
				Deadline.after(10, TimeUnit.SECONDS), MessageFormat.of(null, "gzip"), metadata, 1, false), call);

		stream.write(Rig.frame(PING));
		stream.halfClose();
		stream.flush();

		Frame headers = peer.expectHeaders(1);
		assertThat(headers.headers().stream().map((field) -> field.getKey())).containsExactly(":method", ":scheme",
				":path", ":authority", "content-type", "user-agent", "te", "grpc-encoding", "grpc-accept-encoding",
				"grpc-timeout", "x-own", "x-own-bin");
		assertThat(headers.header(":authority")).isEqualTo("other.example:1");
		assertThat(headers.header("user-agent")).isEqualTo("test/1");
		assertThat(headers.header("x-own-bin")).isEqualTo("AQ");
		assertThat(headers.header("grpc-timeout")).matches("99\\d{5}u|9999\\d{4}u|\\d{7}u");
		Frame data = peer.expectData(1);
		assertThat(data.endStream()).isTrue();
		assertThat(settings.settings()).containsEntry(Frame.INITIAL_WINDOW_SIZE, 1024L * 1024)
			.containsEntry(Frame.MAX_HEADER_LIST_SIZE, 8192L)
			.containsEntry(2, 0L);
		stream.cancel(Status.CANCELLED);
		peer.expectRst(1, 8);
	}

	@Test
	void reservedStreamsBeyondTheLimitAreNotSent() {
		Peer peer = handshake(Frame.MAX_CONCURRENT_STREAMS, 2);
		RecordingStream unreserved = call();
		peer.expectHeaders(1);
		transport().streamsReserved(true);
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> transport().reservableStreams() == 1);
		peer.sendMaxConcurrentStreams(1);
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> transport().reservableStreams() == 0);

		RecordingStream above = call();
		assertThat(above.awaitClosed().processing).isEqualTo(Processing.NOT_SENT);
		assertThat(above.status.getDescription()).contains("the limit of the server, 1 streams, is reached");
		peer.sendResponse(1, PING);
		unreserved.awaitClosed();
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> transport().reservableStreams() == 1);
	}

	@Test
	void streamsInLineAreNotSentOnceStreamsAreReserved() {
		Peer peer = handshake(Frame.MAX_CONCURRENT_STREAMS, 1);
		RecordingStream open = call();
		peer.expectHeaders(1);
		RecordingStream inLine = call();
		transport().streamsReserved(true);

		assertThat(inLine.awaitClosed().processing).isEqualTo(Processing.NOT_SENT);
		peer.sendResponse(1, PING);
		assertThat(open.awaitClosed().status).isEqualTo(Status.OK);
	}

	@Test
	void streamsBeyondTheLimitWaitInLine() {
		Peer peer = handshake(Frame.MAX_CONCURRENT_STREAMS, 1);
		RecordingStream first = call();
		peer.expectHeaders(1);
		RecordingStream cancelled = new RecordingStream();
		ClientStream inLine = transport().newStream(Rig.head(Rig.ECHO), cancelled);
		inLine.flush();
		RecordingStream second = call();
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> transport().snapshot().queuedStreams() == 2);
		assertThat(transport().snapshot().activeStreams()).isOne();
		assertThat(transport().snapshot().maxConcurrentStreams()).isOne();

		inLine.cancel(Status.CANCELLED.withDescription("no time"));
		cancelled.awaitClosed();
		peer.sendResponse(1, PING);

		assertThat(cancelled.processing).isEqualTo(Processing.NOT_SENT);
		first.awaitClosed();
		peer.expectHeaders(3);
		peer.sendResponse(3, PING);
		assertThat(second.awaitClosed().status).isEqualTo(Status.OK);
		assertThat(transport().snapshot().streamsStarted()).isEqualTo(2);
		assertThat(transport().snapshot().queuedStreams()).isZero();
	}

	@Test
	void loweredLimitHoldsForNewStreams() {
		Peer peer = handshake();
		RecordingStream first = call();
		RecordingStream second = call();
		peer.expectHeaders(1);
		peer.expectHeaders(3);
		peer.sendMaxConcurrentStreams(1);
		peer.expectSettingsAck();
		RecordingStream third = call();
		peer.sendResponse(1, PING);
		first.awaitClosed();
		peer.expectNone(Duration.ofMillis(100), FrameType.HEADERS);
		peer.sendResponse(3, PING);
		second.awaitClosed();
		peer.expectHeaders(5);
		peer.sendResponse(5, PING);
		assertThat(third.awaitClosed().status).isEqualTo(Status.OK);
	}

	@Test
	void dropEndsSentStreamsAsPossibleAndWaitingOnesAsNotSent() {
		Peer peer = handshake(Frame.MAX_CONCURRENT_STREAMS, 1);
		RecordingStream sent = call();
		peer.expectHeaders(1);
		RecordingStream waiting = call();

		peer.drop();

		assertThat(sent.awaitClosed().processing).isEqualTo(Processing.POSSIBLE);
		assertThat(sent.status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(sent.status.getDescription()).startsWith("127.0.0.1:" + this.server.port() + ": connection lost");
		assertThat(waiting.awaitClosed().processing).isEqualTo(Processing.NOT_SENT);
		assertThat(this.rig.events.awaitClosed().getCause()).isNotNull();
		assertThat(call().awaitClosed().processing).isEqualTo(Processing.NOT_SENT);
	}

	@ParameterizedTest
	@CsvSource({ "0, INTERNAL, POSSIBLE", "1, INTERNAL, POSSIBLE", "2, INTERNAL, POSSIBLE", "3, INTERNAL, POSSIBLE",
			"7, UNAVAILABLE, REFUSED", "8, CANCELLED, POSSIBLE", "11, RESOURCE_EXHAUSTED, POSSIBLE",
			"12, PERMISSION_DENIED, POSSIBLE", "99, UNKNOWN, POSSIBLE" })
	void resetEndsTheStream(int code, Status.Code expected, Processing processing) {
		Peer peer = handshake();
		RecordingStream call = call();
		peer.expectHeaders(1);

		peer.sendRst(1, code);

		assertThat(call.awaitClosed().status.getCode()).isEqualTo(expected);
		assertThat(call.processing).isEqualTo(processing);
	}

	@Test
	void resetAfterTrailersChangesNothing() {
		Peer peer = handshake();
		RecordingStream call = new RecordingStream();
		ClientStream stream = transport().newStream(Rig.head(Rig.BIDI), call);
		stream.flush();
		peer.expectHeaders(1);

		peer.sendTrailersOnly(1, 0, "");
		peer.sendRst(1, 0);

		assertThat(call.awaitClosed().status.isOk()).isTrue();
		peer.expectRst(1, 8);
		stream.write(PING);
		stream.halfClose();
		stream.flush();
		RecordingStream next = call();
		peer.expectHeaders(3);
		peer.sendResponse(3, PING);
		assertThat(next.awaitClosed().status).isEqualTo(Status.OK);
	}

	@Test
	void lateFramesOfACancelledStreamAreIgnored() {
		Peer peer = handshake();
		RecordingStream call = new RecordingStream();
		ClientStream stream = transport().newStream(Rig.head(Rig.ECHO), call);
		stream.flush();
		peer.expectHeaders(1);
		stream.cancel(Status.CANCELLED);
		peer.expectRst(1, 8);

		peer.sendHeaders(1, false, ":status", "200", "content-type", "application/grpc", "x-new-in-table", "1");
		peer.sendData(1, new byte[1000], 10, false);
		peer.sendWindowUpdate(1, 5);
		peer.sendRst(1, 8);
		RecordingStream next = call();
		peer.expectHeaders(3);
		peer.sendHeaders(3, false, ":status", "200", "content-type", "application/grpc", "x-new-in-table", "1");
		peer.sendTrailers(3, 0, null);

		assertThat(next.awaitClosed().status).isEqualTo(Status.OK);
		assertThat(next.headers.get(Metadata.Key.of("x-new-in-table", Metadata.ASCII_STRING_MARSHALLER)))
			.isEqualTo("1");
		assertThat(call.events()).containsExactly("closed");
	}

	@Test
	void informationalHeadersAreSkipped() {
		Peer peer = handshake();
		RecordingStream call = call();
		peer.expectHeaders(1);

		peer.sendHeaders(1, false, ":status", "103", "link", "x");
		peer.sendResponse(1, PING);

		assertThat(call.awaitClosed().status).isEqualTo(Status.OK);
		assertThat(call.headers.keys()).containsExactly("content-type");
	}

	@Test
	void pageOfAProxyBecomesTheStatus() {
		Peer peer = handshake();
		RecordingStream call = call();
		peer.expectHeaders(1);

		peer.sendHeaders(1, false, ":status", "503", "content-type", "text/html");
		peer.sendData(1, "<h1>no backend</h1>".getBytes(StandardCharsets.UTF_8), 0, true);

		assertThat(call.awaitClosed().status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(call.status.getDescription()).contains("503", "text/html", "<h1>no backend</h1>");
		assertThat(call.events()).containsExactly("closed");
	}

	@Test
	void endWithoutTrailersIsAnError() {
		Peer peer = handshake();
		RecordingStream call = call();
		peer.expectHeaders(1);

		peer.sendResponseHeaders(1);
		peer.sendData(1, Rig.frame(PING), 0, true);

		assertThat(call.awaitClosed().status.getCode()).isEqualTo(Status.Code.INTERNAL);
		assertThat(call.status.getDescription()).contains("without sending trailers");
	}

	@Test
	void hugeTrailersEndOnlyTheirStream() {
		Peer peer = handshake();
		RecordingStream call = call();
		peer.expectHeaders(1);

		peer.sendHeaders(1, true, ":status", "200", "content-type", "application/grpc", "x-huge", "x".repeat(20_000));

		assertThat(call.awaitClosed().status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(call.status.getDescription()).contains("8192 bytes");
		RecordingStream next = call();
		peer.expectHeaders(3);
		peer.sendResponse(3, PING);
		assertThat(next.awaitClosed().status).isEqualTo(Status.OK);
	}

	@Test
	void headersBeyondTheServersLimitAreNotSent() {
		Peer peer = handshake(Frame.MAX_HEADER_LIST_SIZE, 200);

		RecordingStream call = call();

		assertThat(call.awaitClosed().status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		peer.expectNone(Duration.ofMillis(50), FrameType.HEADERS);
	}

	@Test
	void largeRequestHeadersAreContinued() {
		Peer peer = handshake();
		Metadata metadata = new Metadata();
		metadata.put(Metadata.Key.of("x-large", Metadata.ASCII_STRING_MARSHALLER), "y".repeat(50_000));
		RecordingStream call = new RecordingStream();
		transport().newStream(Rig.head(Rig.ECHO, metadata, null), call).flush();

		assertThat(peer.expectHeaders(1).header("x-large")).hasSize(50_000);
		peer.sendTrailersOnly(1, 0, "");
		assertThat(call.awaitClosed().status.isOk()).isTrue();
	}

	@Test
	void readCompleteComesOncePerReadAndNeverLast() {
		Peer peer = handshake();
		RecordingStream call = call();
		peer.expectHeaders(1);
		peer.sendResponseHeaders(1);
		call.awaitHeaders();
		Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> call.events().size() == 2);
		peer.sendTrailers(1, 5, "gone");

		call.awaitClosed();

		assertThat(call.events()).isEqualTo(List.of("headers", "readComplete", "closed"));
		assertThat(call.status.getDescription()).isEqualTo("gone");
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
