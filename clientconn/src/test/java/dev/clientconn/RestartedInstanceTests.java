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

import java.io.IOException;
import java.time.Duration;
import java.util.Map;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver;
import dev.clientconn.naming.Target;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualResolver;
import io.grpc.ConnectivityState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a resolver tells the connections (a new process behind an address), and what they
 * tell it (whether an address answers).
 */
class RestartedInstanceTests {

	private static final Duration BASE = Duration.ofSeconds(1);

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	private final FakeScheduler scheduler = leaks.watch(new FakeScheduler());

	private final ManualResolver resolver = new ManualResolver();

	private final ManualDialer dialer = ManualDialer.failing(new IOException("refused"));

	@Test
	void anotherInstanceIsTriedAtOnceAndWithoutBackoff() {
		ClientConn conn = failingTwice();

		this.resolver.push(instance("b"));
		this.dialer.await(2);
		Dials.awaitState(conn, ConnectivityState.TRANSIENT_FAILURE);
		awaitTimer();

		assertThat(this.scheduler.pending().get(0).delay()).as("delay after the attempt").isEqualTo(BASE);
		assertThat(conn.snapshot().addresses().get(0).events()).extracting(ConnectivitySnapshot.Event::what)
			.contains("restarted: instance b after a");
	}

	@Test
	void otherMetadataIsNoRestart() {
		ClientConn conn = failingTwice();

		this.resolver.push(instance("a").withMetadata(Map.of(Address.INSTANCE_ID, "a", "weight", "2")));
		Dials.await().until(() -> conn.snapshot().addresses().get(0).metadata().containsKey("weight"));
		this.resolver.push(Address.of("localhost:1"));
		Dials.await().until(() -> conn.snapshot().addresses().get(0).metadata().isEmpty());

		assertThat(this.dialer.count()).isEqualTo(2);
		assertThat(conn.snapshot().addresses().get(0).events()).extracting(ConnectivitySnapshot.Event::what)
			.noneMatch((what) -> what.contains("restarted"));
	}

	@Test
	void anAttemptThatRunsIsFollowedAfterTheFirstDelay() {
		ManualDialer hanging = ManualDialer.hanging();
		ClientConn conn = this.dials.dial("manual:x", options().dialer(hanging));
		this.resolver.push(instance("a"));
		for (int k = 0; k < 5; k++) {
			hanging.await(k).fail(new IOException("refused"));
			int failures = k + 1;
			Dials.await().until(() -> failures(conn) == failures);
			awaitTimer();
			this.scheduler.advanceToNext();
		}
		ManualDialer.Attempt running = hanging.await(5);
		this.resolver.push(instance("b"));
		Dials.await().until(() -> conn.snapshot().addresses().get(0).metadata().containsValue("b"));
		running.fail(new IOException("refused"));
		Dials.await()
			.untilAsserted(() -> assertThat(this.scheduler.pending()).extracting(FakeScheduler.Pending::delay)
				.containsExactly(BASE));
	}

	@Test
	void theResolverSeesWhatTheConnectionsSay() {
		try (EchoServer server = EchoServer.started()) {
			Address unknown = Address.of("localhost:1");
			this.dials.dial("manual:x", Dials.quick().resolver(this.resolver));
			this.resolver.push(server.address());
			Resolver.Connectivity connectivity = this.resolver.resolutions().get(0).context().connectivity();
			Dials.await().until(() -> connectivity.of(server.address()) == ConnectivityState.READY);
			assertThat(connectivity.of(unknown)).isEqualTo(ConnectivityState.IDLE);

			server.kill();
			Dials.await().until(() -> connectivity.of(server.address()) == ConnectivityState.TRANSIENT_FAILURE);
		}
	}

	@Test
	void theSnapshotShowsWhatTheResolverTells() {
		Resolver telling = new Resolver() {

			@Override
			public String scheme() {
				return "telling";
			}

			@Override
			public String authority(Target target) {
				return target.endpoint();
			}

			@Override
			public Resolution resolve(Target target, Context context, AddressListener listener) {
				return new Resolution() {

					@Override
					public void refresh() {
					}

					@Override
					public void close() {
					}

					@Override
					public Map<String, Object> details() {
						return Map.of("lookups", 3);
					}

				};
			}

		};

		assertThat(this.dials.dial("telling:x", Dials.plain().resolver(telling)).snapshot().addressList().details())
			.containsExactly(Map.entry("lookups", 3));
		assertThat(this.dials.dial("static:localhost:1", Dials.plain().lazy(true)).snapshot().addressList().details())
			.isEmpty();
	}

	private ClientConn failingTwice() {
		ClientConn conn = this.dials.dial("manual:x", options().dialer(this.dialer));
		this.resolver.push(instance("a"));
		this.dialer.await(0);
		awaitTimer();
		this.scheduler.advanceToNext();
		this.dialer.await(1);
		Dials.awaitState(conn, ConnectivityState.TRANSIENT_FAILURE);
		awaitTimer();
		return conn;
	}

	private DialOptions.Builder options() {
		return Dials.plain()
			.resolver(this.resolver)
			.scheduler(this.scheduler)
			.backoff(new BackoffConfig(BASE, 1.6, 0, Duration.ofSeconds(120), false));
	}

	/** Before them, the timer that is pending bounds the attempt. */
	private static long failures(ClientConn conn) {
		return conn.snapshot()
			.addresses()
			.stream()
			.flatMap((address) -> address.events().stream())
			.filter((event) -> event.what().startsWith("TRANSIENT_FAILURE"))
			.count();
	}

	private void awaitTimer() {
		Dials.await().until(() -> this.scheduler.pending().size() == 1);
	}

	private static Address instance(String id) {
		return Address.of("localhost:1").withMetadata(Map.of(Address.INSTANCE_ID, id));
	}

}
