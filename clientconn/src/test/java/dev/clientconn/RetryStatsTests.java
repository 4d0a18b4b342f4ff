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
import java.util.concurrent.CopyOnWriteArrayList;

import dev.clientconn.RetryRig.Request;
import dev.clientconn.naming.Address;
import dev.clientconn.stats.AttemptStats;
import dev.clientconn.stats.Repeats;
import dev.clientconn.stats.RpcStats;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.ClientStreamTracer;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what observers hear of a call that is sent more than once.
 */
class RetryStatsTests implements StatsHandler {

	private static final Duration FIRST = Duration.ofMillis(100);

	private static final int REFUSED_STREAM = 7;

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final RetryRig rig = new RetryRig();

	private final List<String> events = new CopyOnWriteArrayList<>();

	private ClientConn conn;

	private Peer peer;

	@AfterEach
	void close() throws Exception {
		this.rig.close();
	}

	@Test
	void callIsToldOnceAndEachAttemptToo() {
		dial(RetryRig.retryPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		Request refused = expectRequest();
		this.peer.sendRst(refused.streamId(), REFUSED_STREAM);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		this.rig.advance(FIRST);
		expectRequest().answer("pong");
		call.awaitStatus();

		Scenario.soon()
			.untilAsserted(() -> assertThat(this.events).containsExactly("started", "attempt 0 false", "sent 9",
					"attempt ended UNAVAILABLE 4 0", "attempt 1 true", "attempt ended UNAVAILABLE 4 0",
					"attempt 2 false", "headers", "received 9", "attempt ended OK 4 4",
					"repeated Repeats[retries=1, transparentRetries=1, hedges=0, delayNanos=100000000]", "ended OK"));
	}

	@Test
	void plainCallThatIsRepeatedSaysSo() {
		dial(Map.of());
		CallRecorder call = RetryRig.unary(this.conn);
		this.peer.sendRst(expectRequest().streamId(), REFUSED_STREAM);
		expectRequest().answer("pong");
		call.awaitStatus();

		Scenario.soon()
			.untilAsserted(() -> assertThat(this.events).contains("attempt 1 true",
					"repeated Repeats[retries=0, transparentRetries=1, hedges=0, delayNanos=0]"));
	}

	@Test
	void callThatIsSentOnceRepeatsNothing() {
		dial(RetryRig.retryPolicy());
		CallRecorder call = RetryRig.unary(this.conn);
		expectRequest().answer("pong");
		call.awaitStatus();

		assertThat(this.events).contains("ended OK").noneMatch((event) -> event.startsWith("repeated"));
	}

	@Test
	void tracersAreToldWhichAttemptTheyAreOf() {
		dial(RetryRig.retryPolicy());
		List<String> infos = new CopyOnWriteArrayList<>();
		CallRecorder call = CallRecorder.unary(this.conn, "ping",
				CallOptions.DEFAULT.withStreamTracerFactory(new ClientStreamTracer.Factory() {
					@Override
					public ClientStreamTracer newClientStreamTracer(ClientStreamTracer.StreamInfo info,
							Metadata headers) {
						infos
							.add(info.getPreviousAttempts() + " " + info.isTransparentRetry() + " " + info.isHedging());
						return new ClientStreamTracer() {
							@Override
							public void streamClosed(Status status) {
								infos.add("closed " + status.getCode());
							}
						};
					}
				}));
		Request refused = expectRequest();
		this.peer.sendRst(refused.streamId(), REFUSED_STREAM);
		expectRequest().fail(Status.Code.UNAVAILABLE);
		this.rig.advance(FIRST);
		expectRequest().answer("pong");
		call.awaitStatus();

		Scenario.soon()
			.untilAsserted(() -> assertThat(infos).containsExactly("0 false false", "closed UNAVAILABLE",
					"0 true false", "closed UNAVAILABLE", "1 false false", "closed OK"));
	}

	@Override
	public RpcStats rpcStarted(String target, MethodDescriptor<?, ?> method) {
		this.events.add("started");
		return new RpcStats() {

			@Override
			public AttemptStats attemptStarted(Address address, int previousAttempts, boolean transparentRetry,
					long waitedNanos) {
				RetryStatsTests.this.events.add("attempt " + previousAttempts + " " + transparentRetry);
				return (status, durationNanos, sentBytes, receivedBytes) -> RetryStatsTests.this.events
					.add("attempt ended " + status.getCode() + " " + sentBytes + " " + receivedBytes);
			}

			@Override
			public void messageSent(long wireBytes) {
				RetryStatsTests.this.events.add("sent " + wireBytes);
			}

			@Override
			public void headersReceived() {
				RetryStatsTests.this.events.add("headers");
			}

			@Override
			public void messageReceived(long wireBytes) {
				RetryStatsTests.this.events.add("received " + wireBytes);
			}

			@Override
			public void repeated(Repeats repeats) {
				RetryStatsTests.this.events.add("repeated " + repeats);
			}

			@Override
			public void ended(Status status, long durationNanos) {
				RetryStatsTests.this.events.add("ended " + status.getCode());
			}

		};
	}

	private void dial(Map<String, Object> policy) {
		ScriptedHttp2Server server = this.rig.server();
		this.conn = this.rig.dial("static:127.0.0.1:" + server.port(),
				this.rig.options(RetryRig.config(policy)).statsHandler(this));
		this.peer = this.rig.connect(server);
		RetryRig.awaitReady(this.conn, 1);
	}

	private Request expectRequest() {
		return RetryRig.expectRequest(this.peer, "ping");
	}

}
