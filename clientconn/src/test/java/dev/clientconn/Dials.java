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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import dev.clientconn.naming.Address;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.testing.Certificates;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.transport.TransportCredentials;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.netty.GrpcSslContexts;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Dials for a test. After it every ClientConn must end: all sockets closed, all calls
 * told.
 */
final class Dials implements AfterEachCallback {

	static final Duration TIMEOUT = Duration.ofSeconds(20);

	/** Long enough to see something that must not happen, most of the time. */
	static final Duration A_WHILE = Duration.ofMillis(150);

	private static final BackoffConfig QUICK = new BackoffConfig(Duration.ofMillis(20), 1, 0, Duration.ofMillis(20),
			false);

	/** All states of all addresses, in order. */
	final List<ConnectivityState> states = new CopyOnWriteArrayList<>();

	private final StatsHandler recorder = new Recorder();

	private final List<ClientConn> conns = new CopyOnWriteArrayList<>();

	static DialOptions.Builder plain() {
		return DialOptions.builder().insecure();
	}

	/** Plaintext, and the next attempt 20 ms after the last one began. */
	static DialOptions.Builder quick() {
		return plain().backoff(QUICK);
	}

	static DialOptions.Builder tls(TransportCredentials credentials) {
		return DialOptions.builder().backoff(QUICK).transportCredentials(credentials);
	}

	static TransportCredentials trusting(Certificates certificates) {
		try {
			return TransportCredentials
				.tls(GrpcSslContexts.forClient().trustManager(certificates.authority().getCertificate()).build());
		}
		catch (javax.net.ssl.SSLException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static String target(EchoServer server) {
		return "static:" + server.address();
	}

	ClientConn dial(Address address, DialOptions.Builder options) {
		return dial("static:" + address, options);
	}

	ClientConn dial(String target, DialOptions.Builder options) {
		ClientConn conn = ClientConn.dial(target, options.statsHandler(this.recorder).build());
		this.conns.add(conn);
		return conn;
	}

	/** Updates a dialled one, which keeps its stats handler. */
	void update(ClientConn conn, String target, DialOptions.Builder options) {
		conn.update(target, options.statsHandler(this.recorder).build());
	}

	/** Dials on another thread, in the current context. */
	CompletableFuture<ClientConn> dialing(String target, DialOptions.Builder options) {
		CompletableFuture<ClientConn> dialled = new CompletableFuture<>();
		Thread thread = new Thread(Context.current().wrap(() -> {
			try {
				dialled.complete(dial(target, options));
			}
			catch (Throwable ex) {
				dialled.completeExceptionally(ex);
			}
		}), "dialing-" + target);
		thread.setDaemon(true);
		thread.start();
		return dialled;
	}

	static ConditionFactory await() {
		return Awaitility.await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(2));
	}

	/** Asserts later that something has stayed true for a while. */
	static ConditionFactory during() {
		return Awaitility.await().atMost(TIMEOUT).during(A_WHILE).pollInterval(Duration.ofMillis(10));
	}

	static void awaitState(ClientConn conn, ConnectivityState state) {
		await().alias(conn + " is " + state).until(() -> conn.getState(false) == state);
	}

	static Map<String, Object> methodConfig(String service, String method, Object... namesAndValues) {
		Map<String, Object> name = method.isEmpty() ? Map.of("service", service)
				: Map.of("service", service, "method", method);
		Map<String, Object> config = new java.util.HashMap<>();
		config.put("name", List.of(name));
		for (int i = 0; i < namesAndValues.length; i += 2) {
			config.put((String) namesAndValues[i], namesAndValues[i + 1]);
		}
		return config;
	}

	@Override
	public void afterEach(ExtensionContext context) throws InterruptedException {
		this.conns.forEach(ClientConn::shutdownNow);
		for (ClientConn conn : this.conns) {
			if (!conn.awaitTermination(TIMEOUT.toNanos(), TimeUnit.NANOSECONDS)) {
				throw new AssertionError("not terminated: " + conn.snapshot());
			}
		}
	}

	private final class Recorder implements StatsHandler {

		@Override
		public void stateChanged(String target, Address address, ConnectivityState from, ConnectivityState to,
				Status cause) {
			Dials.this.states.add(to);
		}

	}

}
