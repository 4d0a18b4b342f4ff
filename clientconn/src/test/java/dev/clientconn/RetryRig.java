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
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.clientconn.testing.AutoReply;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.Frame;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Status;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A ClientConn with a retry or hedging policy, connected to servers that do what the test
 * says. Time moves when the test says so, and delays have no jitter.
 */
final class RetryRig implements AutoCloseable {

	final FakeScheduler scheduler = new FakeScheduler();

	private final Scenario scenario = new Scenario();

	/** Up to 4 attempts after UNAVAILABLE; 100 ms, then twice as long each time. */
	static Map<String, Object> retryPolicy(Object... namesAndValues) {
		Map<String, Object> policy = new HashMap<>(Map.of("maxAttempts", 4, "initialBackoff", "0.1s", "maxBackoff",
				"10s", "backoffMultiplier", 2, "retryableStatusCodes", List.of("UNAVAILABLE")));
		put(policy, namesAndValues);
		return Map.of("retryPolicy", policy);
	}

	/** Up to 3 attempts, 100 ms apart; UNAVAILABLE is not fatal. */
	static Map<String, Object> hedgingPolicy(Object... namesAndValues) {
		Map<String, Object> policy = new HashMap<>(
				Map.of("maxAttempts", 3, "hedgingDelay", "0.1s", "nonFatalStatusCodes", List.of("UNAVAILABLE")));
		put(policy, namesAndValues);
		return Map.of("hedgingPolicy", policy);
	}

	/** A service config for all methods. */
	static Map<String, Object> config(Map<String, Object> ofMethods, Object... namesAndValues) {
		Map<String, Object> method = new HashMap<>(ofMethods);
		method.put("name", List.of(Map.of()));
		Map<String, Object> config = new HashMap<>(Map.of("methodConfig", List.of(method)));
		put(config, namesAndValues);
		return config;
	}

	DialOptions.Builder options(Map<String, Object> serviceConfig) {
		return Scenario.options()
			.scheduler(this.scheduler)
			.random(() -> Long.MIN_VALUE)
			.balancer("round_robin")
			.serviceConfig(serviceConfig);
	}

	ScriptedHttp2Server server() {
		return this.scenario.scripted();
	}

	<T extends AutoCloseable> T with(T server) {
		return this.scenario.with(server);
	}

	ClientConn dial(String target, DialOptions.Builder options) {
		return this.scenario.dial(target, options);
	}

	/** Accepts a connection; the test answers its calls. */
	Peer connect(ScriptedHttp2Server server) {
		return connect(server, null);
	}

	/** Accepts a connection. */
	Peer connect(ScriptedHttp2Server server, AutoReply.Handler handler) {
		Peer peer = Scenario.accept(server);
		peer.autoReply(handler);
		return peer;
	}

	static void awaitReady(ClientConn conn, int addresses) {
		Scenario.soon()
			.until(() -> conn.snapshot()
				.addresses()
				.stream()
				.filter((each) -> each.state() == ConnectivityState.READY)
				.count() == addresses);
		Scenario.awaitState(conn, ConnectivityState.READY);
	}

	/** Waits until only the timer of the call is pending, and returns its delay. */
	Duration awaitDelay() {
		return Scenario.soon().until(this.scheduler::pending, (pending) -> pending.size() == 1).get(0).delay();
	}

	/** Has the next attempt begin, and proves when it does. */
	void advance(Duration expected) {
		assertThat(awaitDelay()).isEqualTo(expected);
		this.scheduler.advance(expected);
	}

	/** Takes the next whole unary request. */
	static Request expectRequest(Peer peer, String message) {
		Frame headers = peer.expectHeaders();
		assertThat(peer.expectMessage(headers.streamId())).isEqualTo(Scenario.bytes(message));
		return new Request(peer, headers);
	}

	static CallRecorder unary(ClientConn conn) {
		return CallRecorder.unary(conn, "ping", CallOptions.DEFAULT);
	}

	@Override
	public void close() throws Exception {
		this.scenario.close();
		assertThat(this.scheduler.pending()).isEmpty();
	}

	private static void put(Map<String, Object> map, Object... namesAndValues) {
		for (int i = 0; i < namesAndValues.length; i += 2) {
			map.put((String) namesAndValues[i], namesAndValues[i + 1]);
		}
	}

	/**
	 * A request that a server has received.
	 *
	 * @param peer the connection
	 * @param headers its headers
	 */
	record Request(Peer peer, Frame headers) {

		String previousAttempts() {
			return this.headers.header("grpc-previous-rpc-attempts");
		}

		int streamId() {
			return this.headers.streamId();
		}

		/** Ends it without a message. */
		void fail(Status.Code code, String... trailers) {
			String[] all = new String[trailers.length + 6];
			List<String> first = List.of(":status", "200", "content-type", "application/grpc", "grpc-status",
					"" + code.value());
			for (int i = 0; i < all.length; i++) {
				all[i] = (i < first.size()) ? first.get(i) : trailers[i - first.size()];
			}
			this.peer.sendHeaders(this.headers.streamId(), true, all);
		}

		void answer(String message) {
			this.peer.sendResponse(this.headers.streamId(), Scenario.bytes(message));
		}

	}

}
