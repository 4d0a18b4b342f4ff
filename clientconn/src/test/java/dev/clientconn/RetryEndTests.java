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
import java.util.Map;
import java.util.concurrent.TimeUnit;

import dev.clientconn.RetryRig.Request;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what ends a call that a retry policy would send again.
 */
class RetryEndTests {

	private static final Duration FIRST = Duration.ofMillis(100);

	private static final int CANCEL = 8;

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
	void delayThatEndsAfterTheDeadlineIsNotWaitedFor() {
		dial(RetryRig.retryPolicy("initialBackoff", "3600s", "maxBackoff", "3600s"));
		CallRecorder call = CallRecorder.unary(this.conn, "ping", deadline(Duration.ofMinutes(10)));
		expectRequest().fail(Status.Code.UNAVAILABLE, "grpc-message", "busy");

		Status status = call.awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getDescription()).startsWith("busy")
			.contains("not sent again: the next attempt would begin in 3600.000s, after the deadline");
	}

	@Test
	void deadlineThatPassesInBackoffSaysWhatHasFailed() {
		dial(RetryRig.retryPolicy("initialBackoff", "60s", "maxBackoff", "60s"));
		CallRecorder call = CallRecorder.unary(this.conn, "ping", deadline(Duration.ofMinutes(10)));
		Request first = expectRequest();
		// The clock of the timers is ahead of the one that deadlines are read from.
		this.rig.scheduler.advance(Duration.ofSeconds(590));
		first.fail(Status.Code.UNAVAILABLE, "grpc-message", "busy");
		Scenario.soon().until(() -> this.rig.scheduler.pending().size() == 2);
		this.rig.scheduler.advance(Duration.ofSeconds(30));

		Status status = call.awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(status.getDescription()).contains("waits to be sent again; attempt 1 ended with UNAVAILABLE: busy");
	}

	@Test
	void deadlineThatPassesInAnAttemptEndsItsStream() {
		dial(RetryRig.retryPolicy());
		CallRecorder call = CallRecorder.unary(this.conn, "ping", deadline(Duration.ofMinutes(10)));
		expectRequest().fail(Status.Code.UNAVAILABLE);
		Scenario.soon().until(() -> this.rig.scheduler.pending().size() == 2);
		this.rig.scheduler.advance(FIRST);
		Request second = expectRequest();
		this.rig.scheduler.advance(Duration.ofMinutes(11));
		this.peer.expectRst(second.streamId(), CANCEL);

		assertThat(second.headers().header("grpc-timeout")).isNotNull();
		Status status = call.awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(status.getDescription()).contains("the request went to");
	}

	@Test
	void timeoutOfTheServiceConfigCoversAllAttempts() {
		dial(Map.of("retryPolicy", RetryRig.retryPolicy().get("retryPolicy"), "timeout", "60s"));
		CallRecorder call = RetryRig.unary(this.conn);
		// In microseconds, as with up to 99 seconds: the next attempt is that much later.
		Request first = expectRequest();
		first.fail(Status.Code.UNAVAILABLE);
		Scenario.soon().until(() -> this.rig.scheduler.pending().size() == 2);
		this.rig.scheduler.advance(FIRST);
		Request second = expectRequest();
		second.answer("pong");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(nanos(second)).isPositive().isLessThan(nanos(first));
	}

	@Test
	void callThatIsCancelledInBackoffIsNotSentAgain() {
		dial(RetryRig.retryPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		this.rig.awaitDelay();
		call.call().cancel("no longer wanted", null);

		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(call.awaitStatus().getDescription()).isEqualTo("no longer wanted");
		assertThat(this.rig.scheduler.pending()).isEmpty();
	}

	@Test
	void callThatIsCancelledInAnAttemptEndsItsStream() {
		dial(RetryRig.retryPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		this.rig.advance(FIRST);
		Request second = expectRequest();
		call.call().cancel("no longer wanted", null);
		this.peer.expectRst(second.streamId(), CANCEL);

		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(call.events()).containsExactly("close");
	}

	@Test
	void contextThatIsCancelledInBackoffEndsTheCall() {
		dial(RetryRig.retryPolicy());
		Context.CancellableContext context = Context.current().withCancellation();
		Context before = context.attach();
		CallRecorder call;
		try {
			call = RetryRig.unary(this.conn);
		}
		finally {
			context.detach(before);
		}
		expectRequest().fail(Status.Code.UNAVAILABLE);
		this.rig.awaitDelay();
		context.cancel(new IllegalStateException("the caller left"));

		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
	}

	@Test
	void gracefulShutdownLetsACallInBackoffGoOn() throws Exception {
		dial(RetryRig.retryPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		this.rig.awaitDelay();
		this.conn.shutdown();
		this.rig.advance(FIRST);
		expectRequest().answer("pong");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(this.conn.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.conn.snapshot().callsStarted()).isEqualTo(1);
	}

	@Test
	void shutdownNowEndsACallInBackoff() throws Exception {
		dial(RetryRig.retryPolicy("retryableStatusCodes", List.of("UNAVAILABLE", "CANCELLED")));
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		this.rig.awaitDelay();
		this.conn.shutdownNow();

		assertThat(call.awaitStatus()).isSameAs(Reasons.CLOSING);
		assertThat(this.conn.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void shutdownNowEndsARunningAttemptForGood() {
		dial(RetryRig.retryPolicy("retryableStatusCodes", List.of("CANCELLED")));
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest();
		this.conn.shutdownNow();

		assertThat(call.awaitStatus()).isEqualTo(Reasons.CLOSING);
	}

	@Test
	void callThatStartsAfterShutdownIsRefused() {
		dial(RetryRig.retryPolicy());
		this.conn.shutdown();

		assertThat(RetryRig.unary(this.conn).awaitStatus()).isSameAs(Reasons.CLOSED);
	}

	@Test
	void callThatKeepsTooMuchIsNotSentAgain() {
		dial(this.rig.options(RetryRig.config(RetryRig.retryPolicy()))
			.retry(RetryOptions.DEFAULT.withBufferPerCall(8)));
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);

		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void callsThatKeepTooMuchTogetherAreNotSentAgain() {
		dial(this.rig.options(RetryRig.config(RetryRig.retryPolicy()))
			.retry(RetryOptions.DEFAULT.withBufferPerChannel(17)));
		CallRecorder first = RetryRig.unary(this.conn);
		Request kept = expectRequest();
		CallRecorder second = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		assertThat(second.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);

		kept.fail(Status.Code.UNAVAILABLE);
		this.rig.advance(FIRST);
		expectRequest().answer("pong");
		assertThat(first.awaitStatus()).isEqualTo(Status.OK);
		CallRecorder third = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		this.rig.advance(FIRST);
		expectRequest().answer("what the others kept has been given back");
		assertThat(third.awaitStatus()).isEqualTo(Status.OK);
	}

	@Test
	void messageThatIsTooLargeEndsTheCall() {
		dial(RetryRig.retryPolicy());
		CallRecorder call = CallRecorder.unary(this.conn, "ping", CallOptions.DEFAULT.withMaxOutboundMessageSize(3));

		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(call.awaitStatus().getDescription()).contains("request message too large: 4 bytes (limit 3)");
	}

	private static CallOptions deadline(Duration after) {
		return CallOptions.DEFAULT.withDeadline(Deadline.after(after.toNanos(), TimeUnit.NANOSECONDS));
	}

	private static long nanos(Request request) {
		String text = request.headers().header("grpc-timeout");
		long value = Long.parseLong(text.substring(0, text.length() - 1));
		return switch (text.charAt(text.length() - 1)) {
			case 'u' -> TimeUnit.MICROSECONDS.toNanos(value);
			case 'm' -> TimeUnit.MILLISECONDS.toNanos(value);
			default -> throw new AssertionError(text);
		};
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
