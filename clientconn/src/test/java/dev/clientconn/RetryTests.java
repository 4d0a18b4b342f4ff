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

import dev.clientconn.RetryRig.Request;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
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
		dial(RetryRig.retryPolicy());
		CallRecorder call = CallRecorder.unary(this.conn, "ping", Scenario.WAIT);
		expectRequest();
		this.peer.drop();
		Scenario.soon().until(() -> this.rig.scheduler.pending().size() == 1);
	}

	private void dial(Map<String, Object> policy) {
		dial(this.rig.options(RetryRig.config(policy)));
	}

	private void dial(DialOptions.Builder options) {
		ScriptedHttp2Server server = this.rig.server();
		this.conn = this.rig.dial("static:127.0.0.1:" + server.port(), options);
		this.peer = this.rig.connect(server);
		RetryRig.awaitReady(this.conn, 1);
	}

	private Request expectRequest() {
		return RetryRig.expectRequest(this.peer, "ping");
	}

}
