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
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.RetryRig.Request;
import dev.clientconn.testing.AutoReply;
import dev.clientconn.testing.AutoReply.Reply;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for calls that a retry policy sends again, after the examples of gRFC A6.
 */
class RetryTests {

	private static final int REFUSED_STREAM = 7;

	private static final int CANCEL = 8;

	private static final Duration FIRST = Duration.ofMillis(100);

	private static final Duration SECOND = Duration.ofMillis(200);

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final RetryRig rig = new RetryRig();

	private ClientConn conn;

	private Peer peer;

	@AfterEach
	void close() throws Exception {
		this.rig.close();
	}

	@Test
	void failsThenSucceeds() {
		dial(RetryRig.retryPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		Request first = expectRequest();
		first.fail(Status.Code.UNAVAILABLE);
		this.rig.advance(FIRST);
		Request second = expectRequest();
		second.answer("pong");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(call.events()).containsExactly("headers", "message", "close");
		assertThat(first.previousAttempts()).isNull();
		assertThat(second.previousAttempts()).isEqualTo("1");
	}

	@Test
	void lastFailureIsTheCallsWhenAttemptsAreSpent() {
		dial(RetryRig.retryPolicy("maxAttempts", 3));
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE, "grpc-message", "one");
		this.rig.advance(FIRST);
		expectRequest().fail(Status.Code.UNAVAILABLE, "grpc-message", "two");
		this.rig.advance(SECOND);
		Request last = expectRequest();
		last.fail(Status.Code.UNAVAILABLE, "grpc-message", "three");

		assertThat(last.previousAttempts()).isEqualTo("2");
		assertThat(call.awaitStatus().getDescription()).isEqualTo("three");
		assertThat(call.events()).containsExactly("close");
	}

	@Test
	void moreThanFiveAttemptsAreNotMade() {
		dial(RetryRig.retryPolicy("maxAttempts", 20, "backoffMultiplier", 1));
		CallRecorder call = RetryRig.unary(this.conn);
		for (int i = 0; i < 4; i++) {
			expectRequest().fail(Status.Code.UNAVAILABLE);
			this.rig.advance(FIRST);
		}
		expectRequest().fail(Status.Code.UNAVAILABLE);

		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void backoffEndsAtItsMaximum() {
		dial(RetryRig.retryPolicy("maxBackoff", "0.15s"));
		RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		this.rig.advance(FIRST);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		this.rig.advance(Duration.ofMillis(150));
		expectRequest().answer("");
	}

	@Test
	void anotherStatusIsFinal() {
		dial(RetryRig.retryPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.INVALID_ARGUMENT);

		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
	}

	@Test
	void pushbackIsTheDelayAndRestartsTheBackoff() {
		dial(RetryRig.retryPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		this.rig.advance(FIRST);
		expectRequest().fail(Status.Code.UNAVAILABLE, "grpc-retry-pushback-ms", "750");
		this.rig.advance(Duration.ofMillis(750));
		expectRequest().fail(Status.Code.UNAVAILABLE);
		this.rig.advance(FIRST);
		expectRequest().answer("");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "soon", "", "99999999999" })
	void pushbackThatIsNoDelayIsFinal(String pushback) {
		dial(RetryRig.retryPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE, "grpc-retry-pushback-ms", pushback);

		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void responseHeadersCommitTheCall() {
		dial(RetryRig.retryPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		Request request = expectRequest();
		this.peer.sendResponseHeaders(request.streamId());
		this.peer.sendTrailers(request.streamId(), Status.Code.UNAVAILABLE.value(), "");

		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void policiesCanBeSwitchedOff() {
		dial(this.rig.options(RetryRig.config(RetryRig.retryPolicy())).retryEnabled(false));
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);

		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void lostConnectionIsAFailureToo() {
		ScriptedHttp2Server server = dial(RetryRig.retryPolicy());
		CallRecorder call = CallRecorder.unary(this.conn, "ping", Scenario.WAIT);
		expectRequest();
		this.peer.drop();
		// For the call, and for the connection.
		Scenario.soon().until(() -> this.rig.scheduler.pending().size() == 2);
		this.rig.scheduler.advance(FIRST);
		this.peer = this.rig.connect(server);
		Request second = expectRequest();
		second.answer("pong");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(second.previousAttempts()).isEqualTo("1");
	}

	@Test
	void callThatFindsNoConnectionIsTriedAgain() {
		ScriptedHttp2Server server = dial(RetryRig.retryPolicy("initialBackoff", "60s", "maxBackoff", "60s"));
		this.peer.drop();
		Scenario.awaitState(this.conn, ConnectivityState.TRANSIENT_FAILURE);
		CallRecorder call = RetryRig.unary(this.conn);
		Scenario.soon().until(() -> this.rig.scheduler.pending().size() == 2);
		this.rig.scheduler.advance(FIRST);
		this.peer = this.rig.connect(server);
		RetryRig.awaitReady(this.conn, 1);
		this.rig.advance(Duration.ofSeconds(60).minus(FIRST));
		expectRequest().answer("pong");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
	}

	@Test
	void refusedStreamIsRepeatedOnceForTheWholeCall() {
		dial(RetryRig.retryPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		Request first = expectRequest();
		this.peer.sendRst(first.streamId(), REFUSED_STREAM);
		Request repeated = expectRequest();
		this.peer.sendRst(repeated.streamId(), REFUSED_STREAM);
		this.rig.advance(FIRST);
		Request retried = expectRequest();
		this.peer.sendRst(retried.streamId(), REFUSED_STREAM);
		this.rig.advance(SECOND);
		expectRequest().answer("pong");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(repeated.previousAttempts()).isNull();
		assertThat(retried.previousAttempts()).isEqualTo("1");
	}

	@Test
	void retryGoesToAnotherAddress() {
		ScriptedHttp2Server failing = this.rig.server();
		ScriptedHttp2Server good = this.rig.server();
		this.conn = this.rig.dial("static:127.0.0.1:" + failing.port() + ",127.0.0.1:" + good.port(),
				this.rig.options(RetryRig.config(RetryRig.retryPolicy("backoffMultiplier", 1))));
		AutoReply.Handler fails = (stream, headers, message) -> Reply.status(Status.Code.UNAVAILABLE.value(), "");
		Peer bad = this.rig.connect(failing, fails);
		Peer other = this.rig.connect(good, Scenario.echoing());
		RetryRig.awaitReady(this.conn, 2);
		// The balancer hears of a connection last.
		Scenario.soon().until(() -> {
			finish(RetryRig.unary(this.conn));
			return !bad.frames(FrameType.HEADERS).isEmpty() && !other.frames(FrameType.HEADERS).isEmpty();
		});

		for (int i = 0; i < 10; i++) {
			assertThat(finish(RetryRig.unary(this.conn))).isEqualTo(Status.OK);
		}
	}

	@Test
	void attemptWithoutAnAnswerIsReplaced() {
		dial(RetryRig.retryPolicy("perAttemptRecvTimeout", "1s"));
		CallRecorder call = RetryRig.unary(this.conn);
		Request first = expectRequest();
		this.rig.advance(Duration.ofSeconds(1));
		this.peer.expectRst(first.streamId(), CANCEL);
		this.rig.advance(FIRST);
		expectRequest().answer("pong");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(call.events()).containsExactly("headers", "message", "close");
	}

	@Test
	void lastAttemptMayTakeAsLongAsItLikes() {
		dial(RetryRig.retryPolicy("perAttemptRecvTimeout", "1s", "maxAttempts", 2));
		CallRecorder call = RetryRig.unary(this.conn);
		Request first = expectRequest();
		this.rig.advance(Duration.ofSeconds(1));
		this.peer.expectRst(first.streamId(), CANCEL);
		this.rig.advance(FIRST);
		Request second = expectRequest();
		this.rig.advance(Duration.ofSeconds(1));
		second.answer("pong");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
	}

	@Test
	void credentialsAreAskedForEachAttempt() {
		AtomicInteger asked = new AtomicInteger();
		dial(this.rig.options(RetryRig.config(RetryRig.retryPolicy())));
		CallRecorder call = CallRecorder.unary(this.conn, "ping",
				CallOptions.DEFAULT.withCallCredentials(new CallCredentials() {
					@Override
					public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
						Metadata token = new Metadata();
						token.put(Metadata.Key.of("token", Metadata.ASCII_STRING_MARSHALLER),
								"t" + asked.incrementAndGet());
						applier.apply(token);
					}
				}));
		Request first = expectRequest();
		first.fail(Status.Code.UNAVAILABLE);
		this.rig.advance(FIRST);
		Request second = expectRequest();
		second.answer("pong");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(first.headers().headers("token")).containsExactly("t1");
		assertThat(second.headers().headers("token")).containsExactly("t2");
	}

	private Status finish(CallRecorder call) {
		Scenario.soon().until(() -> {
			this.rig.scheduler.advance(FIRST);
			return call.isClosed();
		});
		return call.awaitStatus();
	}

	private ScriptedHttp2Server dial(Map<String, Object> policy) {
		return dial(this.rig.options(RetryRig.config(policy)));
	}

	private ScriptedHttp2Server dial(DialOptions.Builder options) {
		ScriptedHttp2Server server = this.rig.server();
		this.conn = this.rig.dial("static:127.0.0.1:" + server.port(), options);
		this.peer = this.rig.connect(server);
		RetryRig.awaitReady(this.conn, 1);
		return server;
	}

	private Request expectRequest() {
		return RetryRig.expectRequest(this.peer, "ping");
	}

}
