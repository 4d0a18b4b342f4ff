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
import java.util.Map;
import java.util.stream.Collectors;

import dev.clientconn.RetryRig.Request;
import dev.clientconn.testing.Frame;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for calls that a hedging policy sends to several addresses, after the examples of
 * gRFC A6.
 */
class HedgingTests {

	private static final Duration DELAY = Duration.ofMillis(100);

	private static final int CANCEL = 8;

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final RetryRig rig = new RetryRig();

	private final List<Peer> peers = new ArrayList<>();

	/** The server of each request that was taken. */
	private final List<Peer> taken = new ArrayList<>();

	/** Requests before the test. */
	private int before;

	private ClientConn conn;

	@AfterEach
	void close() throws Exception {
		this.rig.close();
	}

	@Test
	void answerInTimeIsNotHedged() {
		dial(3, RetryRig.hedgingPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		Request first = expectRequest();
		this.rig.awaitDelay();
		first.answer("pong");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(this.rig.scheduler.pending()).isEmpty();
		assertThat(requests()).isEqualTo(1);
	}

	@Test
	void firstAnswerWinsAndTheOthersAreCancelled() {
		dial(3, RetryRig.hedgingPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		Request first = expectRequest();
		this.rig.advance(DELAY);
		Request second = expectRequest();
		this.rig.advance(DELAY);
		Request third = expectRequest();
		second.answer("second");
		first.peer().expectRst(first.streamId(), CANCEL);
		third.peer().expectRst(third.streamId(), CANCEL);

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(call.messages()).containsExactly("second");
		assertThat(call.events()).containsExactly("headers", "message", "close");
		assertThat(first.previousAttempts()).isNull();
		assertThat(second.previousAttempts()).isEqualTo("1");
		assertThat(third.previousAttempts()).isEqualTo("2");
		assertThat(List.of(first.peer(), second.peer(), third.peer())).doesNotHaveDuplicates();
	}

	@Test
	void noDelayMeansAllAtOnce() {
		dial(3, RetryRig.hedgingPolicy("hedgingDelay", "0s"));
		CallRecorder call = RetryRig.unary(this.conn);
		Request first = expectRequest();
		Request second = expectHedge();
		Request third = expectHedge();
		third.answer("pong");
		first.peer().expectRst(first.streamId(), CANCEL);
		second.peer().expectRst(second.streamId(), CANCEL);

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
	}

	@Test
	void fatalStatusEndsTheCall() {
		dial(3, RetryRig.hedgingPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		Request first = expectRequest();
		this.rig.advance(DELAY);
		Request second = expectRequest();
		first.fail(Status.Code.INVALID_ARGUMENT);
		second.peer().expectRst(second.streamId(), CANCEL);

		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
	}

	@Test
	void nonFatalStatusSendsTheNextAtOnce() {
		dial(3, RetryRig.hedgingPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		Request first = expectRequest();
		this.rig.awaitDelay();
		first.fail(Status.Code.UNAVAILABLE);
		Request second = expectHedge();
		this.rig.advance(DELAY);
		Request third = expectRequest();
		second.answer("pong");
		third.peer().expectRst(third.streamId(), CANCEL);

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
	}

	@Test
	void lastFailureIsTheCallsWhenAllHaveFailed() {
		dial(3, RetryRig.hedgingPolicy("maxAttempts", 2));
		CallRecorder call = RetryRig.unary(this.conn);
		Request first = expectRequest();
		this.rig.advance(DELAY);
		Request second = expectRequest();
		second.fail(Status.Code.UNAVAILABLE, "grpc-message", "second");
		Scenario.soon().until(() -> failed() == 1);
		first.fail(Status.Code.UNAVAILABLE, "grpc-message", "first");

		assertThat(call.awaitStatus().getDescription()).isEqualTo("first");
		assertThat(requests()).isEqualTo(2);
	}

	@Test
	void wishForNoHedgeLeavesThoseThatRun() {
		dial(3, RetryRig.hedgingPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		Request first = expectRequest();
		this.rig.advance(DELAY);
		Request second = expectRequest();
		this.rig.awaitDelay();
		first.fail(Status.Code.UNAVAILABLE, "grpc-retry-pushback-ms", "-1");
		Scenario.soon().until(() -> this.rig.scheduler.pending().isEmpty());
		second.answer("pong");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(requests()).isEqualTo(2);
	}

	@Test
	void pushbackSaysWhenTheNextIsSent() {
		dial(3, RetryRig.hedgingPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		Request first = expectRequest();
		this.rig.awaitDelay();
		first.fail(Status.Code.UNAVAILABLE, "grpc-retry-pushback-ms", "700");
		Scenario.soon().until(() -> this.rig.awaitDelay().equals(Duration.ofMillis(700)));
		this.rig.advance(Duration.ofMillis(700));
		Request second = expectRequest();
		this.rig.advance(DELAY);
		Request third = expectRequest();
		third.answer("pong");
		second.peer().expectRst(second.streamId(), CANCEL);

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
	}

	@Test
	void throttleStopsHedges() {
		dial(3, RetryRig.hedgingPolicy(), "retryThrottling", Map.of("maxTokens", 2, "tokenRatio", 0.1));
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);

		CallRecorder second = RetryRig.unary(this.conn);
		Request only = expectRequest();
		this.rig.advance(DELAY);
		only.answer("pong");
		assertThat(second.awaitStatus()).isEqualTo(Status.OK);
		assertThat(requests()).isEqualTo(2);
	}

	@Test
	void noHedgeIsSentWhereThereIsNoOtherAddress() {
		dial(1, RetryRig.hedgingPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		Request only = expectRequest();
		this.rig.advance(DELAY);
		this.rig.advance(DELAY);
		assertThat(this.rig.scheduler.pending()).isEmpty();
		only.answer("pong");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(requests()).isEqualTo(1);
	}

	@Test
	void failedAttemptIsReplacedOnItsAddressWhereThereIsNoOther() {
		dial(1, RetryRig.hedgingPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		expectHedge().answer("pong");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
	}

	@Test
	void callThatWaitsForAConnectionIsNotHedged() {
		ScriptedHttp2Server server = this.rig.server();
		this.conn = this.rig.dial("static:127.0.0.1:" + server.port(),
				this.rig.options(RetryRig.config(RetryRig.hedgingPolicy("hedgingDelay", "0s"))));
		CallRecorder call = RetryRig.unary(this.conn);
		Scenario.soon().until(() -> this.conn.snapshot().pendingCalls() == 1);
		this.peers.add(this.rig.connect(server));
		expectRequest().answer("pong");

		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
	}

	@Test
	void cancellationEndsAllAttempts() {
		dial(2, RetryRig.hedgingPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		Request first = expectRequest();
		this.rig.advance(DELAY);
		Request second = expectRequest();
		call.call().cancel("no longer wanted", null);
		first.peer().expectRst(first.streamId(), CANCEL);
		second.peer().expectRst(second.streamId(), CANCEL);

		assertThat(call.awaitStatus().getDescription()).isEqualTo("no longer wanted");
		assertThat(call.events()).containsExactly("close");
	}

	@Test
	void whatKeepsTooMuchGoesOnWithOneAttempt() {
		dial(2, this.rig.options(RetryRig.config(RetryRig.hedgingPolicy()))
			.retry(RetryOptions.DEFAULT.withBufferPerCall(15)));
		CallRecorder call = new CallRecorder(this.conn, CallRecorder.BIDI, CallOptions.DEFAULT).start(new Metadata());
		call.call().request(1);
		call.send("ping");
		Request first = expectRequest();
		this.rig.advance(DELAY);
		Request second = expectRequest();
		call.send("and more");

		// Which one is kept depends on what each has sent; either way it is one.
		Scenario.soon().until(() -> resets() == 1);
		Peer kept = first.peer().frames(FrameType.RST_STREAM).isEmpty() ? first.peer() : second.peer();
		Request winner = (kept == first.peer()) ? first : second;
		assertThat(kept.expectMessage(winner.streamId())).isEqualTo(Scenario.bytes("and more"));
		winner.answer("pong");
		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
	}

	private void dial(int servers, Map<String, Object> policy, Object... namesAndValues) {
		dial(servers, this.rig.options(RetryRig.config(policy, namesAndValues)));
	}

	private void dial(int servers, DialOptions.Builder options) {
		List<ScriptedHttp2Server> all = new ArrayList<>();
		for (int i = 0; i < servers; i++) {
			all.add(this.rig.server());
		}
		this.conn = this.rig.dial(
				all.stream().map((each) -> each.address().addr()).collect(Collectors.joining(",", "static:", "")),
				options);
		all.forEach((each) -> this.peers.add(this.rig.connect(each)));
		RetryRig.awaitReady(this.conn, servers);
		awaitPicks();
	}

	/** Returns once the balancer, which hears of a connection last, picks each server. */
	private void awaitPicks() {
		while (this.taken.stream().distinct().count() < this.peers.size()) {
			CallRecorder call = RetryRig.unary(this.conn);
			expectRequest().answer("");
			call.awaitStatus();
			this.before++;
		}
	}

	/** Takes the next request that has reached any of the servers. */
	private Request expectRequest() {
		return Scenario.soon().until(this::nextRequest, (got) -> got != null);
	}

	/** The same where a timer that is due at once has to run first. */
	private Request expectHedge() {
		return Scenario.soon().until(() -> {
			this.rig.scheduler.runDue();
			return nextRequest();
		}, (got) -> got != null);
	}

	private Request nextRequest() {
		for (Peer peer : this.peers) {
			List<Frame> frames = peer.frames(FrameType.HEADERS);
			long taken = this.taken.stream().filter((each) -> each == peer).count();
			if (frames.size() > taken) {
				this.taken.add(peer);
				return RetryRig.expectRequest(peer, "ping");
			}
		}
		return null;
	}

	private long requests() {
		return this.peers.stream().mapToLong((peer) -> peer.frames(FrameType.HEADERS).size()).sum() - this.before;
	}

	private long resets() {
		return this.peers.stream().mapToLong((peer) -> peer.frames(FrameType.RST_STREAM).size()).sum();
	}

	private long failed() {
		return this.conn.snapshot().addresses().stream().mapToLong((each) -> each.callsFailed()).sum();
	}

}
