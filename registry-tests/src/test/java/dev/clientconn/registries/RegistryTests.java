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

package dev.clientconn.registries;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import com.google.common.util.concurrent.ListenableFuture;
import dev.clientconn.ClientConn;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What holds with every registry. The application and two backends are there in all
 * tests; a proxy through which the application talks to the registry makes the outages.
 */
@TestInstance(Lifecycle.PER_CLASS)
abstract class RegistryTests {

	/** Look-ups that must have been tried before an outage counts. */
	private static final int LOOKUPS_IN_AN_OUTAGE = 3;

	private final String profile;

	private final List<Outage> outages;

	private final List<EchoServer> extras = new ArrayList<>();

	private TestRegistry registry;

	private EchoServer one;

	private EchoServer two;

	private FaultyProxy proxy;

	private RegistryApplication application;

	/**
	 * The tests of one registry.
	 * @param profile the profile of the application
	 * @param outages what can happen to the registry
	 */
	RegistryTests(String profile, Outage... outages) {
		this.profile = profile;
		this.outages = Arrays.asList(outages);
	}

	abstract TestRegistry startRegistry() throws Exception;

	/**
	 * What an operator is told when the registry refuses connections, or a part of it.
	 */
	abstract String refused();

	@BeforeAll
	final void startAll() throws Exception {
		this.registry = startRegistry();
		this.one = this.registry.newBackend();
		this.two = this.registry.newBackend();
		this.registry.register(this.one);
		this.registry.register(this.two);
		this.proxy = new FaultyProxy(this.registry.port());
		this.application = RegistryApplication.start(this.profile, this.registry.properties(this.proxy.port()));
	}

	@AfterAll
	final void stopAll() {
		this.application.close();
		this.proxy.close();
		this.registry.close();
		this.one.close();
		this.two.close();
	}

	@BeforeEach
	final void awaitBothBackends() {
		conn().getState(true);
		awaitReady(this.one, this.two);
	}

	@AfterEach
	final void removeExtras() {
		this.proxy.end();
		this.extras.forEach((backend) -> {
			this.registry.deregister(backend);
			backend.close();
		});
		this.extras.clear();
	}

	@Test
	void instancesAreCalledOnTheirGrpcPort() throws Exception {
		assertThat(this.application.lookUp()).allMatch((instance) -> instance.endsWith(":" + TestRegistry.HTTP_PORT));

		try (Load load = Load.on(conn())) {
			awaitCalls(this.one);
			awaitCalls(this.two);
		}
		assertThat(this.application.actuator().channel("$.source.type")).isEqualTo("discovery");
		assertThat(this.application.actuator().channel("$.source.stale")).isEqualTo(false);
		assertThat(this.application.actuator().channel("$.addresses['" + this.one.address() + "'].state"))
			.isEqualTo("READY");
		assertThat(this.application.actuator().health("$.status")).isEqualTo("UP");
	}

	@Test
	void newInstanceTakesCalls() throws Exception {
		try (Load load = Load.on(conn())) {
			EchoServer third = extra();

			this.registry.register(third);

			awaitCalls(third);
		}
	}

	@Test
	void instanceThatLeavesLosesNoCall() throws Exception {
		EchoServer third = extra();
		this.registry.register(third);
		try (Load load = Load.on(conn())) {
			awaitCalls(third);

			// As an application does it: leaves the registry, then ends gracefully.
			this.registry.deregister(third);
			third.stop();

			awaitReady(this.one, this.two);
			awaitCalls(this.one);
		}
	}

	@Test
	void instanceThatLeavesAndServesOnIsLeftAlone() throws Exception {
		EchoServer third = extra();
		this.registry.register(third);
		try (Load load = Load.on(conn())) {
			awaitCalls(third);

			this.registry.deregister(third);

			awaitReady(this.one, this.two);
			await().until(third::openConnections, (open) -> open == 0);
		}
	}

	@Test
	void registryThatForgetsEveryInstanceCostsNoCall() throws Exception {
		try (Load load = Load.on(conn())) {
			this.registry.deregister(this.one);
			this.registry.deregister(this.two);
			awaitLookups(LOOKUPS_IN_AN_OUTAGE);
			awaitCalls(this.one);
			awaitCalls(this.two);

			this.registry.register(this.one);
			EchoServer third = extra();
			this.registry.register(third);
			this.registry.register(this.two);

			awaitCalls(third);
			awaitReady(this.one, this.two, third);
		}
	}

	@ParameterizedTest
	@MethodSource("outages")
	void outageCostsNoCallAndEnds(Outage outage) throws Exception {
		try (Load load = Load.on(conn())) {
			this.proxy.begin(outage);
			EchoServer third = extra();
			this.registry.register(third);
			// A client without a timeout of its own never ends the first look-up.
			awaitLookups((outage != Outage.SILENT) ? LOOKUPS_IN_AN_OUTAGE : 1);
			awaitCalls(this.one);
			awaitCalls(this.two);
			assertThat(third.requests()).isZero();
			assertThat(this.application.actuator().health("$.status")).isEqualTo("UP");

			this.proxy.end();

			awaitCalls(third);
			await().untilAsserted(
					() -> assertThat(this.application.actuator().channel("$.source.stale")).isEqualTo(false));
		}
	}

	@ParameterizedTest
	@MethodSource("outages")
	void applicationStartsWithoutTheRegistry(Outage outage) throws Exception {
		try (FaultyProxy broken = new FaultyProxy(this.registry.port())) {
			broken.begin(outage);
			List<String> properties = new ArrayList<>(this.registry.properties(broken.port()));
			properties.add("clientconn.channels.svc.connect.mode=eager");

			// Would never return if it waited for the registry: that comes back below.
			try (RegistryApplication early = RegistryApplication.start(this.profile, properties)) {
				ListenableFuture<EchoReply> waiting = EchoGrpc.newFutureStub(early.conn())
					.withWaitForReady()
					.unary(EchoRequest.getDefaultInstance());
				if (outage != Outage.SILENT) {
					assertFailureIsExplained(early, (outage == Outage.REFUSED) ? refused() : "svc");
				}
				assertThat(waiting.isDone()).isFalse();

				broken.end();

				waiting.get(30, TimeUnit.SECONDS);
				await().untilAsserted(() -> assertThat(early.actuator().health("$.details.ready")).isEqualTo(2));
			}
		}
	}

	final TestRegistry registry() {
		return this.registry;
	}

	final ClientConn conn() {
		return this.application.conn();
	}

	final List<EchoServer> backends() {
		return List.of(this.one, this.two);
	}

	/** Awaits look-ups that begin from now on. */
	final void awaitLookups(int count) {
		LookupCounter lookups = this.application.bean(LookupCounter.class);
		int before = lookups.count();
		await().until(lookups::count, (now) -> now >= before + count);
	}

	static void awaitCalls(EchoServer backend) {
		int before = backend.requests();
		await().until(backend::requests, (requests) -> requests > before);
	}

	/** A backend that is not registered, for the current test. */
	final EchoServer extra() {
		EchoServer backend = this.registry.newBackend();
		this.extras.add(backend);
		return backend;
	}

	private static void assertFailureIsExplained(RegistryApplication early, String reason) {
		await().untilAsserted(() -> {
			assertThat(early.actuator().channel("$.source.error")).asString().contains("svc").contains(reason);
			assertThat(early.actuator().health("$.details.addressListError")).asString().contains(reason);
		});
		assertThatExceptionOfType(StatusRuntimeException.class)
			.isThrownBy(() -> EchoGrpc.newBlockingStub(early.conn()).unary(EchoRequest.getDefaultInstance()))
			.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE))
			.withMessageContaining(reason);
	}

	private Stream<Outage> outages() {
		return this.outages.stream();
	}

	private void awaitReady(EchoServer... backends) {
		List<String> expected = Stream.of(backends).map((backend) -> backend.address().addr()).toList();
		await().untilAsserted(() -> {
			List<AddressState> addresses = conn().snapshot().addresses();
			assertThat(addresses).extracting(AddressState::address).containsExactlyInAnyOrderElementsOf(expected);
			assertThat(addresses).extracting(AddressState::state).containsOnly(ConnectivityState.READY);
		});
	}

	private static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
	}

}
