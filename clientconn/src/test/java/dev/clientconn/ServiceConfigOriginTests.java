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
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;

import dev.clientconn.ServiceConfigState.Origin;
import dev.clientconn.naming.Address;
import dev.clientconn.serviceconfig.ServiceConfig;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which of several service configs is in force, and what an invalid one does.
 */
class ServiceConfigOriginTests {

	private static final Map<String, Object> BROKEN = Map.of("methodConfig",
			List.of(Map.of("name", List.of(Map.of()), "timeout", "5x")));

	private static final String ERROR = "methodConfig[0].timeout: \"5x\" (expected: a duration such as \"1.5s\")";

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	private final ManualResolver resolver = new ManualResolver();

	private final SubmissionPublisher<ServiceConfig> updates = new SubmissionPublisher<>(Runnable::run, 16);

	private EchoServer server;

	@BeforeEach
	void start() {
		this.server = EchoServer.started();
	}

	@AfterEach
	void stop() {
		this.updates.close();
		this.server.close();
	}

	@Test
	void nobodyHasSetOne() {
		ClientConn conn = dial(options());

		assertThat(state(conn).origin()).isEqualTo(Origin.NONE);
		assertThat(state(conn).version()).isZero();
		assertThat(state(conn).config()).isEqualTo(ServiceConfig.empty());
		assertThat(state(conn).rejected()).isNull();
	}

	@Test
	void theResolversIsInForceBeforeItsList() {
		ClientConn conn = this.dials.dial("manual:///x", options());
		this.resolver.pushConfig(timeout("3s"));
		this.resolver.push(address());
		assertThat(Rpc.unary(conn, Rpc.WFR).await().isOk()).isTrue();

		assertTimeout(conn, 3);
		assertThat(state(conn).origin()).isEqualTo(Origin.RESOLVER);
		assertThat(state(conn).version()).isEqualTo(1);
	}

	@Test
	void theOneOfTheOptionsWinsOverTheResolvers() {
		ClientConn conn = dial(options().serviceConfig(timeout("2s")));
		this.resolver.pushConfig(timeout("3s"));
		assertTimeout(conn, 2);
		assertThat(state(conn).origin()).isEqualTo(Origin.OPTIONS);

		this.dials.update(conn, "manual:///x", options());
		awaitVersion(conn, 2);
		assertTimeout(conn, 3);
		assertThat(state(conn).origin()).isEqualTo(Origin.RESOLVER);
	}

	@Test
	void theOneOfTheStreamWinsOverBoth() {
		ClientConn conn = dial(options().serviceConfig(timeout("2s")).serviceConfigUpdates(this.updates));
		this.resolver.pushConfig(timeout("3s"));
		this.updates.submit(ServiceConfig.fromMap(timeout("1s")));

		assertTimeout(conn, 1);
		awaitVersion(conn, 2);
		assertThat(state(conn).origin()).isEqualTo(Origin.UPDATES);
	}

	@Test
	void anotherConfigCountsOnceAndTheSameNotAtAll() {
		ClientConn conn = dial(options());
		this.resolver.pushConfig(timeout("3s"));
		awaitVersion(conn, 1);
		this.resolver.pushConfig(timeout("3.0s"));
		this.resolver.pushConfig(timeout("4s"));

		awaitVersion(conn, 2);
		assertThat(state(conn).config()).isEqualTo(ServiceConfig.fromMap(timeout("4s")));
	}

	@Test
	void anInvalidOneOfTheResolverKeepsTheLast() {
		ClientConn conn = dial(options());
		this.resolver.pushConfig(timeout("3s"));
		awaitVersion(conn, 1);
		this.resolver.pushConfig(BROKEN);

		assertTimeout(conn, 3);
		assertThat(state(conn).version()).isEqualTo(1);
		assertThat(state(conn).rejected()).isNotNull().satisfies((rejected) -> {
			assertThat(rejected.origin()).isEqualTo(Origin.RESOLVER);
			assertThat(rejected.error()).isEqualTo(ERROR);
		});
	}

	@Test
	void theSameErrorIsToldOnce() {
		ClientConn conn = dial(options());
		this.resolver.pushConfig(BROKEN);
		ServiceConfigState.Rejected first = state(conn).rejected();
		this.resolver.pushConfig(BROKEN);
		assertThat(state(conn).rejected()).isSameAs(first);

		this.resolver.failConfig("no JSON");
		assertThat(state(conn).rejected()).isNotNull().isNotEqualTo(first);
	}

	@Test
	void aValidOneEndsTheRejection() {
		ClientConn conn = dial(options());
		this.resolver.failConfig("no JSON");
		assertThat(state(conn).rejected()).isNotNull();
		this.resolver.pushConfig(timeout("3s"));

		assertThat(state(conn).rejected()).isNull();
		assertTimeout(conn, 3);
	}

	@Test
	void theResolverCanTakeItsConfigBack() {
		ClientConn conn = dial(options());
		this.resolver.pushConfig(timeout("3s"));
		awaitVersion(conn, 1);
		this.resolver.pushConfig(Map.of());

		assertThat(conn.methodConfig("s/m").timeout()).isNull();
		awaitVersion(conn, 2);
		assertThat(state(conn).origin()).isEqualTo(Origin.NONE);
	}

	@Test
	void theResolverChoosesTheBalancer() {
		ClientConn conn = dial(options());
		this.resolver.pushConfig(Map.of("loadBalancingPolicy", "pick_first"));

		Dials.await().until(() -> "pick_first".equals(conn.snapshot().balancer()));
	}

	@Test
	void anInvalidOneOfTheStreamKeepsTheLast() {
		ClientConn conn = dial(options().serviceConfig(timeout("2s")).serviceConfigUpdates(this.updates));
		this.updates.submit(ServiceConfig.fromMap(timeout("1s")));
		this.updates.submit(ServiceConfig.fromMap(Map.of("loadBalancingPolicy", "unheard_of")));

		assertTimeout(conn, 1);
		assertThat(state(conn).rejected()).isNotNull().satisfies((rejected) -> {
			assertThat(rejected.origin()).isEqualTo(Origin.UPDATES);
			assertThat(rejected.error()).startsWith("loadBalancingPolicy: unheard_of (expected: one of");
		});
	}

	@Test
	void aBlockingDialGoesOnWithTheOptionsAfterAnInvalidOne() throws Exception {
		var dialling = this.dials.dialing("static:" + address(),
				Dials.quick().block(true).serviceConfig(timeout("2s")).serviceConfigUpdates(this.updates));
		Dials.await().until(() -> this.updates.getNumberOfSubscribers() == 1);
		this.updates.submit(ServiceConfig.fromMap(Map.of("loadBalancingPolicy", "unheard_of")));

		assertTimeout(dialling.get(20, TimeUnit.SECONDS), 2);
	}

	@Test
	void anotherTargetHasItsOwn() {
		ManualResolver other = new ManualResolver("other");
		ClientConn conn = dial(options());
		this.resolver.pushConfig(timeout("3s"));
		awaitVersion(conn, 1);

		this.dials.update(conn, "other:///x", options().resolver(other));
		Dials.await().until(() -> !other.resolutions().isEmpty());
		other.pushConfig(timeout("4s"));
		assertTimeout(conn, 3);
		other.push(address());
		awaitVersion(conn, 2);
		assertTimeout(conn, 4);
	}

	private ClientConn dial(DialOptions.Builder options) {
		ClientConn conn = this.dials.dial("manual:///x", options);
		this.resolver.push(address());
		assertThat(Rpc.unary(conn, Rpc.WFR).await().isOk()).isTrue();
		return conn;
	}

	private Address address() {
		return this.server.address();
	}

	private DialOptions.Builder options() {
		return Dials.quick().resolver(this.resolver);
	}

	private static Map<String, Object> timeout(String timeout) {
		return Map.of("methodConfig", List.of(Map.of("name", List.of(Map.of()), "timeout", timeout)));
	}

	private static ServiceConfigState state(ClientConn conn) {
		return conn.snapshot().serviceConfig();
	}

	private static void assertTimeout(ClientConn conn, int seconds) {
		assertThat(conn.methodConfig("s/m").timeout()).isEqualTo(Duration.ofSeconds(seconds));
	}

	private static void awaitVersion(ClientConn conn, int version) {
		Dials.await().until(() -> state(conn).version() == version);
	}

}
