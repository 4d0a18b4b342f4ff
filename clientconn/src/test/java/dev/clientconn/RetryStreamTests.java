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
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for streams that a retry policy sends again.
 */
class RetryStreamTests {

	private static final Duration FIRST = Duration.ofMillis(100);

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final RetryRig rig = new RetryRig();

	private final ExecutorService executor = Executors.newFixedThreadPool(4);

	private ClientConn conn;

	private Peer peer;

	@BeforeEach
	void dial() {
		ScriptedHttp2Server server = this.rig.server();
		this.conn = this.rig.dial("static:127.0.0.1:" + server.port(),
				this.rig.options(RetryRig.config(RetryRig.retryPolicy())));
		this.peer = this.rig.connect(server);
		RetryRig.awaitReady(this.conn, 1);
	}

	@AfterEach
	void close() throws Exception {
		this.rig.close();
		this.executor.shutdown();
	}

	@Test
	void whatWasSentIsSentAgainInOrder() {
		CallRecorder call = CallRecorder.bidi(this.conn).send("a").send("b");
		int first = expectStream("a", "b");
		fail(first);
		this.rig.advance(FIRST);
		int second = expectStream("a", "b");
		call.send("c").halfClose();
		expectMessages(second, "c");
		this.peer.sendResponse(second, Scenario.bytes("done"));

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(call.messages()).containsExactly("done");
	}

	@Test
	void whatIsSentInBackoffIsSentAfterIt() {
		CallRecorder call = CallRecorder.bidi(this.conn).send("a");
		fail(expectStream("a"));
		this.rig.awaitDelay();
		call.send("b").halfClose();
		assertThat(call.call().isReady()).isFalse();
		this.rig.advance(FIRST);
		int second = expectStream("a", "b");
		this.peer.sendResponse(second, Scenario.bytes("done"));

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
	}

	@Test
	void requestThatWasWholeIsWholeAgain() {
		CallRecorder call = CallRecorder.bidi(this.conn).halfClose();
		int first = expectStream();
		fail(first);
		this.rig.advance(FIRST);
		int second = this.peer
			.expect("the end of another request", (frame) -> frame.endStream() && frame.streamId() != first)
			.streamId();
		this.peer.sendResponse(second, Scenario.bytes("done"));

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
	}

	@Test
	void listenerHearsOfOneEventAtATime() {
		AtomicInteger inside = new AtomicInteger();
		CallRecorder call = new CallRecorder(this.conn, CallRecorder.BIDI,
				CallOptions.DEFAULT.withExecutor(this.executor));
		call.hook((event) -> {
			assertThat(inside.getAndIncrement()).as(event).isZero();
			Thread.yield();
			inside.decrementAndGet();
		}).start(new Metadata()).call().request(Integer.MAX_VALUE);
		call.send("a");
		fail(expectStream("a"));
		this.rig.advance(FIRST);
		int second = expectStream("a");
		this.peer.sendResponseHeaders(second);
		for (int i = 0; i < 50; i++) {
			this.peer.sendMessage(second, Scenario.bytes("m"));
		}
		this.peer.sendTrailers(second, Status.Code.OK.value(), "");

		// A hook that fails ends the call with CANCELLED.
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.OK);
		assertThat(call.messages()).hasSize(50);
		assertThat(call.events()).containsSubsequence("ready", "headers", "message", "close");
	}

	@Test
	void responseIsGivenAsItIsAskedFor() {
		CallRecorder call = CallRecorder.bidi(this.conn, CallOptions.DEFAULT, 1).send("a");
		fail(expectStream("a"));
		this.rig.advance(FIRST);
		int second = expectStream("a");
		this.peer.sendResponseHeaders(second);
		this.peer.sendMessage(second, Scenario.bytes("one"));
		this.peer.sendMessage(second, Scenario.bytes("two"));
		assertThat(call.awaitMessages(1)).containsExactly("one");
		call.call().request(1);

		assertThat(call.awaitMessages(2)).containsExactly("one", "two");
	}

	@Test
	void callThatGoesOnKeepsNothing() {
		CallRecorder call = CallRecorder.bidi(this.conn).send("a");
		int stream = expectStream("a");
		this.peer.sendResponseHeaders(stream);
		call.awaitHeaders();
		call.send("b");
		expectMessages(stream, "b");
		this.peer.sendTrailers(stream, Status.Code.UNAVAILABLE.value(), "");

		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(this.rig.scheduler.pending()).isEmpty();
	}

	@Test
	void attributesAreThoseOfTheAttemptThatRuns() {
		CallRecorder call = CallRecorder.bidi(this.conn).send("a");
		int first = expectStream("a");
		assertThat(call.call().getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)).isNotNull();
		fail(first);
		this.rig.awaitDelay();

		assertThat(call.call().getAttributes()).isEqualTo(Attributes.EMPTY);
	}

	private int expectStream(String... messages) {
		int stream = this.peer.expectHeaders().streamId();
		expectMessages(stream, messages);
		return stream;
	}

	private void expectMessages(int stream, String... messages) {
		for (String message : List.of(messages)) {
			assertThat(this.peer.expectMessage(stream)).isEqualTo(Scenario.bytes(message));
		}
	}

	private void fail(int stream) {
		this.peer.sendTrailersOnly(stream, Status.Code.UNAVAILABLE.value(), "");
	}

}
