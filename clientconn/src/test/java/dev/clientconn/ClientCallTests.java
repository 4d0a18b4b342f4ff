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

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * The contract of {@link io.grpc.ClientCall}: order of callbacks, back-pressure,
 * cancellation, compression and deadlines, frame by frame.
 */
class ClientCallTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	private final ScriptedHttp2Server server = this.scenario.scripted();

	private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();

	@AfterEach
	void close() throws Exception {
		this.timers.shutdownNow();
		this.scenario.close();
	}

	@Test
	void callbacksComeInOrder() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.bidi(conn);
		peer.expectHeaders(1);
		call.awaitEvent("ready");
		call.send("question").halfClose();
		assertThat(peer.expectMessage(1)).asString().isEqualTo("question");
		peer.sendResponseHeaders(1);
		peer.sendMessage(1, Scenario.bytes("one"));
		peer.sendMessage(1, Scenario.bytes("two"));
		peer.sendHeaders(1, true, "grpc-status", "0", "last", "words");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(call.events()).containsExactly("ready", "headers", "message", "message", "close");
		assertThat(call.messages()).containsExactly("one", "two");
		assertThat(call.awaitTrailers().get(key("last"))).isEqualTo("words");
	}

	@Test
	void messagesWaitUntilTheyAreAskedFor() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.bidi(conn, CallOptions.DEFAULT, 1);
		peer.expectHeaders(1);
		peer.sendResponseHeaders(1);
		for (String message : List.of("one", "two", "three")) {
			peer.sendMessage(1, Scenario.bytes(message));
		}
		peer.sendTrailers(1, 5, "gone");
		assertThat(call.awaitMessages(1)).containsExactly("one");
		peer.sendPing(1);
		peer.expectPingAck();
		assertThat(call.messages()).containsExactly("one");
		assertThat(call.isClosed()).as("closed before its messages were asked for").isFalse();

		call.call().request(1);
		assertThat(call.awaitMessages(2)).containsExactly("one", "two");
		call.call().request(5);
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
		assertThat(call.messages()).containsExactly("one", "two", "three");
	}

	@Test
	void windowReturnsOnlyAsMessagesAreUsed() {
		ClientConn conn = dialWithSmallWindow();
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.bidi(conn, CallOptions.DEFAULT, 0);
		peer.expectHeaders(1);
		peer.sendResponseHeaders(1);
		for (int i = 0; i < 4; i++) {
			peer.sendMessage(1, Scenario.bytes("x".repeat(15_000)));
		}
		call.awaitHeaders();
		peer.sendPing(1);
		peer.expectPingAck();
		peer.expectWindowUpdate(0);
		peer.expectNone(Duration.ofMillis(100), FrameType.WINDOW_UPDATE);

		call.call().request(4);
		call.awaitMessages(4);
		assertThat(peer
			.expect("stream credit", (frame) -> frame.type() == FrameType.WINDOW_UPDATE && frame.streamId() == 1)
			.windowIncrement()).isGreaterThanOrEqualTo(15_000);
		call.call().cancel("done", null);
	}

	@Test
	void messageLargerThanTheWindowArrives() {
		ClientConn conn = dialWithSmallWindow();
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.bidi(conn, CallOptions.DEFAULT, 0);
		peer.expectHeaders(1);
		peer.sendResponseHeaders(1);
		byte[] whole = ByteBuffer.allocate(300_005).put((byte) 0).putInt(300_000).array();
		int sent = 0;
		while (sent < whole.length) {
			int size = Math.min(16_000, whole.length - sent);
			int needed = sent + size;
			Scenario.soon().until(() -> Scenario.window(peer, 1) >= needed);
			peer.sendData(1, Arrays.copyOfRange(whole, sent, needed), 0, false);
			sent = needed;
		}
		peer.sendTrailers(1, 0, null);
		call.call().request(1);
		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(call.messages()).singleElement().satisfies((message) -> assertThat(message).hasSize(300_000));
	}

	@Test
	void cancelResetsTheStreamAndDropsWhatWaits() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.bidi(conn, CallOptions.DEFAULT, 0);
		peer.expectHeaders(1);
		peer.sendResponseHeaders(1);
		peer.sendMessage(1, Scenario.bytes("unread"));
		call.awaitHeaders();
		IllegalStateException why = new IllegalStateException("why");
		call.call().cancel("no longer needed", why);
		call.call().cancel("again", null);

		peer.expectRst(1, 8);
		Status status = call.awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(status.getDescription()).isEqualTo("no longer needed");
		assertThat(status.getCause()).isSameAs(why);
		assertThat(call.messages()).isEmpty();
		call.call().request(1);
		call.send("ignored").halfClose();
		assertThat(call.events()).endsWith("close").containsOnlyOnce("close");
	}

	@Test
	void shutdownNowDropsWhatWaits() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.bidi(conn, CallOptions.DEFAULT, 0);
		peer.expectHeaders(1);
		peer.sendResponseHeaders(1);
		peer.sendMessage(1, Scenario.bytes("unread"));
		peer.sendPing(1);
		peer.expectPingAck();
		call.awaitHeaders();
		conn.shutdownNow();
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(call.messages()).isEmpty();
	}

	@Test
	void cancelWithoutAReasonHasOne() {
		ClientConn conn = this.scenario.dial(this.server);
		Scenario.accept(this.server);
		CallRecorder call = CallRecorder.bidi(conn);
		call.call().cancel(null, null);
		assertThat(call.awaitStatus().getCause()).isInstanceOf(CancellationException.class);
	}

	@Test
	void callIsStartedOnce() {
		ClientConn conn = this.scenario.dial(this.server);
		CallRecorder call = new CallRecorder(conn, CallRecorder.UNARY, CallOptions.DEFAULT);
		assertThatIllegalStateException().isThrownBy(() -> call.send("early")).withMessageContaining("before start");
		assertThatIllegalStateException().isThrownBy(() -> call.call().request(1));
		call.start(new Metadata());
		assertThatIllegalStateException().isThrownBy(() -> call.start(new Metadata()))
			.withMessage("call already started");
		assertThatThrownBy(() -> call.call().request(-1)).hasMessageContaining("-1");
		call.call().cancel("enough", null);
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
	}

	@Test
	void requestsAreCompressedUnlessSwitchedOff() throws IOException {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.bidi(conn, CallOptions.DEFAULT.withCompression("gzip"), 1);
		assertThat(peer.expectHeaders(1).header("grpc-encoding")).isEqualTo("gzip");
		call.send("squeezed");
		byte[] first = peer.expectData(1).data();
		call.call().setMessageCompression(false);
		call.send("plain");
		byte[] second = peer.expectData(1).data();
		call.call().setMessageCompression(true);
		call.send("again");
		byte[] third = peer.expectData(1).data();

		assertThat(first[0]).isEqualTo((byte) 1);
		assertThat(new GZIPInputStream(new ByteArrayInputStream(first, 5, first.length - 5)).readAllBytes()).asString()
			.isEqualTo("squeezed");
		assertThat(second[0]).isZero();
		assertThat(new String(second, 5, second.length - 5)).isEqualTo("plain");
		assertThat(third[0]).isEqualTo((byte) 1);
		call.call().cancel("done", null);
	}

	@Test
	void compressedResponseIsRead() throws IOException {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, "hello");
		assertThat(peer.expectHeaders(1).header("grpc-accept-encoding")).contains("gzip");
		sendGzip(peer, 1, "x".repeat(100_000));
		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(call.messages()).containsExactly("x".repeat(100_000));
	}

	/** A small message may unpack to any size: the limit counts what comes out. */
	@Test
	void compressedResponseIsLimitedByItsPlainSize() throws IOException {
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().maxInboundMessageSize(50_000));
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, "hello");
		peer.expectHeaders(1);
		sendGzip(peer, 1, "x".repeat(100_000));
		Status status = call.awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(status.getDescription()).contains("50000");
		assertThat(call.messages()).isEmpty();
	}

	@Test
	void unknownCompressionIsAnError() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		assertThat(CallRecorder.unary(conn, "x", CallOptions.DEFAULT.withCompression("zip")).awaitStatus().toString())
			.contains("INTERNAL", "zip");
		CallRecorder call = CallRecorder.unary(conn, "hello");
		peer.expectHeaders(1);
		peer.sendHeaders(1, false, ":status", "200", "content-type", "application/grpc", "grpc-encoding", "snappy");
		Status status = call.awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
		assertThat(status.getDescription()).contains("snappy", "gzip");
		peer.expectRst(1, 8);
	}

	@Test
	void deadlineIsSentAndEndsTheStream() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, "slow",
				Scenario.WAIT.withDeadlineAfter(300, TimeUnit.MILLISECONDS));
		assertThat(peer.expectHeaders(1).header("grpc-timeout")).matches("\\d{1,8}[num]");
		peer.expectRst(1, 8);
		Status status = call.awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(status.getDescription()).contains("CallOptions", "127.0.0.1:" + this.server.port());
	}

	@Test
	void contextEndsTheCall() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		Context.CancellableContext context = Context.ROOT.withCancellation();
		CallRecorder[] call = new CallRecorder[1];
		context.run(() -> call[0] = CallRecorder.bidi(conn));
		peer.expectHeaders(1);
		IllegalStateException why = new IllegalStateException("the caller has gone");
		context.cancel(why);
		peer.expectRst(1, 8);
		assertThat(call[0].awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(call[0].awaitStatus().getCause()).isSameAs(why);
	}

	@Test
	void deadlineOfTheContextCountsIfItIsEarlier() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		Context.CancellableContext context = Context.ROOT.withDeadline(Deadline.after(200, TimeUnit.MILLISECONDS),
				this.timers);
		CallRecorder[] call = new CallRecorder[1];
		context
			.run(() -> call[0] = CallRecorder.bidi(conn, CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.HOURS), 1));
		assertThat(peer.expectHeaders(1).header("grpc-timeout")).matches("\\d{1,8}[num]");
		peer.expectRst(1, 8);
		Status status = call[0].awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		context.cancel(null);
	}

	@Test
	void listenerThatThrowsCancelsItsCall() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		int id = 1;
		for (String callback : List.of("ready", "headers", "message")) {
			IllegalStateException thrown = new IllegalStateException("in " + callback);
			CallRecorder call = new CallRecorder(conn, CallRecorder.BIDI, CallOptions.DEFAULT).hook((event) -> {
				if (event.equals(callback)) {
					throw thrown;
				}
			}).start(new Metadata());
			call.call().request(10);
			peer.expectHeaders(id);
			if (!callback.equals("ready")) {
				peer.sendResponseHeaders(id);
				peer.sendMessage(id, Scenario.bytes("one"));
				peer.sendMessage(id, Scenario.bytes("two"));
			}
			Status status = call.awaitStatus();
			assertThat(status.getCode()).as(callback).isEqualTo(Status.Code.CANCELLED);
			assertThat(status.getCause()).isSameAs(thrown);
			assertThat(call.events()).containsOnlyOnce(callback).endsWith("close");
			peer.expectRst(id, 8);
			id += 2;
		}
	}

	@Test
	void unaryResponseHasExactlyOneMessage() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder none = CallRecorder.unary(conn, "none");
		peer.expectHeaders(1);
		peer.sendHeaders(1, true, ":status", "200", "content-type", "application/grpc", "grpc-status", "0");
		assertThat(none.awaitStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
		CallRecorder two = CallRecorder.unary(conn, "two");
		peer.expectHeaders(3);
		peer.sendResponseHeaders(3);
		peer.sendMessage(3, Scenario.bytes("one"));
		peer.sendMessage(3, Scenario.bytes("two"));
		peer.sendTrailers(3, 0, null);
		assertThat(two.awaitStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
		assertThat(two.awaitStatus().getDescription()).contains("more than one message");
	}

	private ClientConn dialWithSmallWindow() {
		return this.scenario.dial(this.server, Scenario.options().flowControlWindow(65_535));
	}

	private static void sendGzip(Peer peer, int id, String message) throws IOException {
		ByteArrayOutputStream packed = new ByteArrayOutputStream();
		try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
			gzip.write(Scenario.bytes(message));
		}
		peer.sendHeaders(id, false, ":status", "200", "content-type", "application/grpc", "grpc-encoding", "gzip");
		ByteBuffer framed = ByteBuffer.allocate(5 + packed.size()).put((byte) 1).putInt(packed.size());
		peer.sendData(id, framed.put(packed.toByteArray()).array(), 0, false);
		peer.sendTrailers(id, 0, null);
	}

	private static Metadata.Key<String> key(String name) {
		return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
	}

}
