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
import dev.clientconn.serviceconfig.RetryThrottling;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RetryThrottle} and the calls that share one.
 */
class RetryThrottleTests {

	private static final Duration FIRST = Duration.ofMillis(100);

	/** Three failures leave half of it. */
	private static final Map<String, Object> SIX_TOKENS = Map.of("maxTokens", 6, "tokenRatio", 0.5);

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final RetryRig rig = new RetryRig();

	private String target;

	private ClientConn conn;

	private Peer peer;

	@AfterEach
	void close() throws Exception {
		this.rig.close();
	}

	@Test
	void moreThanHalfOfTheTokensMustBeThere() {
		RetryThrottle throttle = new RetryThrottle("x", new RetryThrottling(4, 0.1));
		throttle.failed();
		assertThat(throttle.take()).isTrue();
		throttle.failed();
		assertThat(throttle.take()).isFalse();
		throttle.succeeded();
		assertThat(throttle.take()).isTrue();
	}

	@Test
	void tokensStayBetweenZeroAndTheMaximum() {
		RetryThrottle throttle = new RetryThrottle("x", new RetryThrottling(2, 0.501));
		throttle.succeeded();
		throttle.failed();
		assertThat(throttle.take()).isFalse();
		throttle.failed();
		throttle.failed();
		throttle.succeeded();
		assertThat(throttle.take()).isFalse();
		throttle.succeeded();
		assertThat(throttle.take()).isTrue();
	}

	@Test
	void failuresOfAllCallsStopRetries() {
		dial(SIX_TOKENS);
		CallRecorder first = RetryRig.unary(this.conn);
		failOnce();
		failOnce();
		expectRequest().fail(Status.Code.UNAVAILABLE);
		assertThat(first.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);

		CallRecorder second = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		assertThat(second.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void successesAllowThemAgain() {
		failuresOfAllCallsStopRetries();
		for (int i = 0; i < 5; i++) {
			CallRecorder call = RetryRig.unary(this.conn);
			expectRequest().answer("pong");
			assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		}
		RetryRig.unary(this.conn);
		failOnce();
		expectRequest().answer("pong");
	}

	@Test
	void statusThatIsNotTriedAgainCostsNothing() {
		dial(SIX_TOKENS);
		for (int i = 0; i < 4; i++) {
			CallRecorder call = RetryRig.unary(this.conn);
			expectRequest().fail(Status.Code.NOT_FOUND);
			call.awaitStatus();
		}
		RetryRig.unary(this.conn);
		failOnce();
		expectRequest().answer("pong");
	}

	@Test
	void wishForNoRetryCostsAToken() {
		dial(SIX_TOKENS);
		for (int i = 0; i < 3; i++) {
			CallRecorder call = RetryRig.unary(this.conn);
			expectRequest().fail(Status.Code.NOT_FOUND, "grpc-retry-pushback-ms", "-1");
			call.awaitStatus();
		}
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void tokensOutliveAnUpdateThatDoesNotChangeTheirNumbers() {
		failuresOfAllCallsStopRetries();
		update(RetryRig.retryPolicy("maxAttempts", 3), SIX_TOKENS);
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void otherNumbersStartWithAllTokens() {
		failuresOfAllCallsStopRetries();
		update(RetryRig.retryPolicy("maxAttempts", 3), Map.of("maxTokens", 7, "tokenRatio", 0.5));
		RetryRig.unary(this.conn);
		failOnce();
		expectRequest().answer("pong");
	}

	private void dial(Map<String, Object> throttling) {
		ScriptedHttp2Server server = this.rig.server();
		this.target = "static:127.0.0.1:" + server.port();
		this.conn = this.rig.dial(this.target, this.rig
			.options(RetryRig.config(RetryRig.retryPolicy("backoffMultiplier", 1), "retryThrottling", throttling)));
		this.peer = this.rig.connect(server);
		RetryRig.awaitReady(this.conn, 1);
	}

	private void update(Map<String, Object> policy, Map<String, Object> throttling) {
		this.conn.update(this.target, this.rig.options(RetryRig.config(policy, "retryThrottling", throttling)).build());
		int attempts = (int) ((Map<?, ?>) policy.get("retryPolicy")).get("maxAttempts");
		Scenario.soon().until(() -> this.conn.methodConfig("x/Y").retryPolicy().maxAttempts() == attempts);
	}

	private void failOnce() {
		expectRequest().fail(Status.Code.UNAVAILABLE);
		this.rig.advance(FIRST);
	}

	private Request expectRequest() {
		return RetryRig.expectRequest(this.peer, "ping");
	}

}
