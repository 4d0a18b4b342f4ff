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

package dev.clientconn.spring.boot.autoconfigure.discovery;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.clientconn.BackoffConfig;
import dev.clientconn.ClientConn;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.ConnectivitySnapshot.Event;
import dev.clientconn.DialOptions;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver;
import dev.clientconn.naming.Target;
import dev.clientconn.spring.boot.autoconfigure.TestCalls;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FakeScheduler;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A real ClientConn to real servers, whose registry is a fake and lives in virtual time:
 * ten minutes of trouble pass in no time, while the connections are what they are.
 */
final class LiveDiscovery implements AfterEachCallback {

	static final Duration TIMEOUT = Duration.ofSeconds(20);

	/** No attempt follows a failed one within {@link #TIMEOUT}. */
	private static final BackoffConfig ONE_ATTEMPT = new BackoffConfig(Duration.ofMinutes(10), 1.6, 0,
			Duration.ofMinutes(10), false);

	final FakeScheduler scheduler = new FakeScheduler();

	final FakeRegistry registry = new FakeRegistry();

	private final List<EchoServer> servers = new ArrayList<>();

	private final List<ClientConn> conns = new ArrayList<>();

	EchoServer server() {
		EchoServer server = EchoServer.started();
		this.servers.add(server);
		return server;
	}

	ClientConn dial(String policy) {
		DiscoveryResolver resolver = new DiscoveryResolver(Discoveries.registryOf(this.registry), new RegistryEvents(),
				(lookup) -> {
					lookup.run();
					return () -> {
					};
				}, () -> 1L << 63, DiscoverySettings.DEFAULT);
		ClientConn conn = ClientConn.dial("discovery:///greeter",
				DialOptions.builder()
					.insecure()
					.balancer(policy)
					.backoff(ONE_ATTEMPT)
					.resolver(new VirtualTime(resolver, this.scheduler))
					.build());
		this.conns.add(conn);
		return conn;
	}

	/** Lets the time of the registry pass. */
	void seconds(int seconds) {
		this.scheduler.advance(Duration.ofSeconds(seconds));
	}

	/** Makes a call, which must reach a server. */
	void call(ClientConn conn) {
		CompletableFuture<Status> ended = TestCalls.start(conn);
		assertThat(ended).succeedsWithin(TIMEOUT)
			.extracting(Status::getCode)
			.as("what a server says of an unknown method")
			.isEqualTo(Status.Code.UNIMPLEMENTED);
	}

	/**
	 * Waits until an address is in a state and, if that is READY, until calls go there:
	 * an address is connected before the balancer, told of it, picks it.
	 */
	void awaitState(ClientConn conn, EchoServer server, ConnectivityState state) {
		await().until(() -> address(conn, server).state() == state);
		if (state == ConnectivityState.READY) {
			await().until(() -> conn.getState(false) == ConnectivityState.READY);
		}
	}

	ConditionFactory await() {
		return Awaitility.await().atMost(TIMEOUT).pollInterval(Duration.ofMillis(2));
	}

	static AddressState address(ClientConn conn, EchoServer server) {
		return conn.snapshot()
			.addresses()
			.stream()
			.filter((address) -> address.address().equals(server.address().addr()))
			.findFirst()
			.orElseThrow();
	}

	/**
	 * How often an address became READY: more than once means that it was reconnected.
	 */
	static long connects(ClientConn conn, EchoServer server) {
		return address(conn, server).events().stream().map(Event::what).filter("READY"::equals).count();
	}

	@Override
	public void afterEach(ExtensionContext context) throws InterruptedException {
		this.conns.forEach(ClientConn::shutdownNow);
		for (ClientConn conn : this.conns) {
			assertThat(conn.awaitTermination(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
		this.servers.forEach(EchoServer::close);
	}

	private record VirtualTime(Resolver resolver, FakeScheduler time) implements Resolver {

		@Override
		public String scheme() {
			return this.resolver.scheme();
		}

		@Override
		public String authority(Target target) {
			return this.resolver.authority(target);
		}

		@Override
		public Resolution resolve(Target target, Context context, AddressListener listener) {
			return this.resolver.resolve(target, new Context(context.blocking(), this.time, context.connectivity()),
					listener);
		}

	}

}
