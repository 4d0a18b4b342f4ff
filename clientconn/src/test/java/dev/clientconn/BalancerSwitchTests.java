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

import java.util.List;
import java.util.Map;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.clientconn.balancer.Balancer;
import dev.clientconn.balancer.BalancerConfig;
import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.balancer.Pick;
import dev.clientconn.balancer.PickOptions;
import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver;
import dev.clientconn.naming.Target;
import dev.clientconn.serviceconfig.ServiceConfig;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualBalancer;
import dev.clientconn.testing.ManualResolver;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A changed policy takes over the connections that are there.
 */
class BalancerSwitchTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	@RegisterExtension
	final Dials dials = new Dials();

	private final List<EchoServer> servers = List.of(EchoServer.started(), EchoServer.started(), EchoServer.started());

	private final ManualResolver resolver = new ManualResolver();

	@AfterEach
	void closeServers() {
		this.servers.forEach(EchoServer::close);
	}

	@Test
	void fromRoundRobinToPickFirstNothingConnectsAnew() {
		ClientConn conn = dial(options().balancer("round_robin"));
		try (Load load = Load.on(conn, 8)) {
			awaitOpen(1, 1, 1);

			this.dials.update(conn, "manual:///x", options().balancer("pick_first"));

			awaitOpen(1, 0, 0);
			load.awaitMore(100);
			load.stopWithoutFailure();
		}
		assertThat(accepted()).containsExactly(1, 1, 1);
		assertThat(conn.snapshot().balancer()).isEqualTo("pick_first");
		assertThat(this.resolver.resolutions()).hasSize(1);
	}

	@Test
	void fromPickFirstToRoundRobinTheConnectionStays() {
		ClientConn conn = dial(options().balancer("pick_first"));
		try (Load load = Load.on(conn, 8)) {
			assertThat(accepted()).containsExactly(1, 0, 0);

			this.dials.update(conn, "manual:///x", options().balancer("round_robin"));

			awaitOpen(1, 1, 1);
			this.servers.forEach((server) -> load.awaitMore(20, server.port()));
			load.stopWithoutFailure();
		}
		assertThat(accepted()).containsExactly(1, 1, 1);
		assertThat(conn.snapshot().balancer()).isEqualTo("round_robin");
	}

	@Test
	void thereAndBackManyTimesUnderLoad() {
		ClientConn conn = dial(options().balancer("round_robin"));
		try (Load load = Load.on(conn, 8)) {
			for (int i = 0; i < 20; i++) {
				String policy = (i % 2 == 0) ? "pick_first" : "round_robin";
				this.dials.update(conn, "manual:///x", options().balancer(policy));
				Dials.await().until(() -> conn.snapshot().balancer().equals(policy));
				load.awaitMore(20);
			}
			load.stopWithoutFailure();
		}
		assertThat(this.resolver.resolutions()).hasSize(1);
	}

	@Test
	void aServiceConfigSwitchesThePolicy() {
		try (SubmissionPublisher<ServiceConfig> configs = new SubmissionPublisher<>(Runnable::run, 16)) {
			ClientConn conn = dial(options().serviceConfigUpdates(configs));
			try (Load load = Load.on(conn, 8)) {
				awaitOpen(1, 1, 1);
				configs.submit(ServiceConfig.fromMap(Map.of("loadBalancingPolicy", "pick_first")));
				awaitOpen(1, 0, 0);
				configs.submit(ServiceConfig.empty());
				awaitOpen(1, 1, 1);
				load.stopWithoutFailure();
			}
			assertThat(conn.snapshot().balancer()).isEqualTo("round_robin");
		}
	}

	@Test
	void aServiceConfigDoesNotOverruleTheOption() {
		try (SubmissionPublisher<ServiceConfig> configs = new SubmissionPublisher<>(Runnable::run, 16)) {
			ClientConn conn = dial(options().balancer("round_robin").serviceConfigUpdates(configs));
			configs.submit(ServiceConfig.fromMap(Map.of("loadBalancingPolicy", "pick_first")));
			this.dials.update(conn, "manual:///x", options().balancer("round_robin").serviceConfigUpdates(configs));
			awaitOpen(1, 1, 1);
			assertThat(conn.snapshot().balancer()).isEqualTo("round_robin");
		}
	}

	@Test
	void theFollowerHearsWhatIsUpAndTheOldOneThatItEnds() {
		ManualBalancer old = new ManualBalancer().resolving();
		ManualBalancer follower = new ManualBalancer().resolving();
		Address first = this.servers.get(0).address();
		ClientConn conn = dial(options().balancer(ManualBalancer.provider("old", old)));
		awaitOpen(1, 1, 1);
		Dials.await().until(() -> old.events("up").size() == 3);

		this.dials.update(conn, "manual:///x", options().balancer(ManualBalancer.provider("new", follower)));

		Dials.await().until(() -> old.events("close").size() == 1);
		assertThat(conn.snapshot().balancer()).isEqualTo("new");
		assertThat(follower.events("start", "stateChanged", "up")).startsWith("start manual:///x",
				"stateChanged " + first + " READY OK", "up " + first);
		assertThat(follower.events("up")).hasSize(3);
		assertThat(old.events("down")).hasSize(3).allMatch((event) -> event.endsWith("UNAVAILABLE temporary"));
		assertThat(old.events()).endsWith("close");
		assertThat(follower.events("CONCURRENT")).isEmpty();
		int pushed = old.events().size();
		old.push(first);
		this.resolver.push(first, this.servers.get(1).address());
		awaitOpen(1, 1, 0);
		assertThat(old.events()).hasSize(pushed);
		assertThat(follower.events("down")).hasSize(1);
		assertThat(accepted()).containsExactly(1, 1, 1);
	}

	@Test
	void theFollowerHearsOfTheAddressesThatAreLeft() {
		ManualBalancer follower = new ManualBalancer().resolving();
		Address first = this.servers.get(0).address();
		Address second = this.servers.get(1).address();
		ClientConn conn = dial(options().balancer("round_robin"));
		awaitOpen(1, 1, 1);
		this.resolver.push(first, second);
		awaitOpen(1, 1, 0);
		this.resolver.push(first);
		awaitOpen(1, 0, 0);
		this.resolver.push(second);
		awaitOpen(0, 1, 0);
		this.resolver.push(first, second);
		awaitOpen(1, 1, 0);
		awaitAllReady(conn);

		this.dials.update(conn, "manual:///x", options().balancer(ManualBalancer.provider("new", follower)));

		Dials.await().until(() -> conn.snapshot().balancer().equals("new"));
		assertThat(follower.events("stateChanged")).containsExactlyInAnyOrder("stateChanged " + first + " READY OK",
				"stateChanged " + second + " READY OK");
	}

	@Test
	void aFollowerThatCannotPickWaitsVisibly() {
		ManualBalancer follower = new ManualBalancer().resolving().picking((call) -> Pick.queue());
		ClientConn conn = dial(options().balancer("round_robin"));
		try (Load load = Load.on(conn, 8)) {
			awaitOpen(1, 1, 1);
			this.dials.update(conn, "manual:///x", options().balancer(ManualBalancer.provider("shy", follower)));
			Dials.await().until(() -> follower.events("up").size() == 3);

			follower.config().control().idle(this.servers.get(0).address());
			Dials.await().until(() -> conn.snapshot().pendingUpdate() != null);
			load.awaitMore(20);
			assertThat(conn.snapshot().balancer()).isEqualTo("round_robin");
			assertThat(conn.snapshot().pendingUpdate().balancer()).isEqualTo("shy");
			assertThat(this.servers.get(0).openConnections()).isEqualTo(1);

			follower.picking((call) -> Pick.of(this.servers.get(1).address()));
			follower.config().control().picksChanged();
			Dials.await().until(() -> conn.snapshot().balancer().equals("shy"));
			awaitOpen(0, 1, 1);
			load.awaitMore(20, this.servers.get(1).port());
			load.stopWithoutFailure();
		}
		assertThat(conn.snapshot().pendingUpdate()).isNull();
		assertThat(accepted()).containsExactly(1, 1, 1);
	}

	@Test
	void whereNothingIsReadyTheFollowerTakesOverAtOnce() {
		ClientConn conn = this.dials.dial("static:127.0.0.1:1", options().balancer("round_robin"));
		Dials.awaitState(conn, ConnectivityState.TRANSIENT_FAILURE);

		this.dials.update(conn, "static:127.0.0.1:1", options().balancer("pick_first"));

		Dials.await().until(() -> conn.snapshot().balancer().equals("pick_first"));
	}

	@Test
	void aFollowerThatFailsAfterItAskedForListsLeavesTheResolutionToOthers() {
		BalancerProvider broken = new BalancerProvider() {

			@Override
			public String policy() {
				return "broken";
			}

			@Override
			public Balancer newBalancer() {
				return new BrokenBalancer();
			}

		};
		ClientConn conn = dial(options().balancer("round_robin"));
		awaitOpen(1, 1, 1);
		this.dials.update(conn, "manual:///x", options().balancer(broken));
		this.dials.update(conn, "manual:///x", options().balancer("pick_first"));
		Dials.await().until(() -> conn.snapshot().balancer().equals("pick_first"));
		assertThat(this.resolver.resolutions()).hasSize(1);

		conn.shutdownNow();

		Dials.await().until(() -> this.resolver.closes() == 1);
	}

	@Test
	void aBalancerThatCouldNotResolveDoesNotKeepTheResolutionOfTheNextOpen() {
		AtomicBoolean failed = new AtomicBoolean();
		Resolver flaky = new Resolver() {

			@Override
			public String scheme() {
				return "flaky";
			}

			@Override
			public String authority(Target target) {
				return target.endpoint();
			}

			@Override
			public Resolution resolve(Target target, Context context, AddressListener listener) {
				if (failed.compareAndSet(false, true)) {
					throw new IllegalStateException("not now");
				}
				return BalancerSwitchTests.this.resolver.resolve(target, context, listener);
			}

		};
		this.resolver.push(this.servers.get(0).address());
		ClientConn conn = this.dials.dial("flaky:///x",
				Dials.quick().resolver(flaky).lazy(true).balancer("round_robin"));
		assertThat(Rpc.unary(conn, Rpc.FF).awaitCode()).isEqualTo(Status.Code.UNAVAILABLE);
		this.dials.update(conn, "flaky:///x", Dials.quick().resolver(flaky).lazy(true).balancer("pick_first"));
		assertThat(Rpc.unary(conn, Rpc.WFR).await().isOk()).isTrue();

		conn.shutdownNow();

		Dials.await().until(() -> this.resolver.closes() == 1);
	}

	@Test
	void aFollowerThatCannotStartChangesNothing() {
		ManualBalancer follower = new ManualBalancer().failingToStart(new IllegalStateException("no"));
		ClientConn conn = dial(options().balancer("round_robin"));
		try (Load load = Load.on(conn, 8)) {
			this.dials.update(conn, "manual:///x", options().balancer(ManualBalancer.provider("bad", follower)));
			Dials.await().until(() -> follower.events("close").size() == 1);
			load.awaitMore(20);
			load.stopWithoutFailure();
		}
		assertThat(conn.snapshot().balancer()).isEqualTo("round_robin");
		assertThat(conn.snapshot().pendingUpdate()).isNull();
	}

	@Test
	void anotherPolicyReplacesOneThatWaits() {
		ManualBalancer shy = new ManualBalancer().resolving().picking((call) -> Pick.queue());
		ClientConn conn = dial(options().balancer("round_robin"));
		awaitAllReady(conn);
		this.dials.update(conn, "manual:///x", options().balancer(ManualBalancer.provider("shy", shy)));
		Dials.await().until(() -> conn.snapshot().pendingUpdate() != null);

		this.dials.update(conn, "manual:///x", options().balancer("pick_first"));

		awaitOpen(1, 0, 0);
		assertThat(shy.events("close")).hasSize(1);
		assertThat(conn.snapshot().pendingUpdate()).isNull();
	}

	@Test
	void aSleepingConnStaysAsleep() {
		ClientConn conn = dial(options().lazy(true).balancer("round_robin"));
		this.dials.update(conn, "manual:///x", options().balancer("pick_first"));
		Dials.await().until(() -> conn.snapshot().balancer().equals("pick_first"));
		assertThat(this.resolver.resolutions()).isEmpty();

		assertThat(Rpc.unary(conn, Rpc.FF).await().isOk()).isTrue();

		assertThat(accepted()).containsExactly(1, 0, 0);
	}

	@Test
	void shutdownEndsBoth() throws Exception {
		ManualBalancer shy = new ManualBalancer().resolving().picking((call) -> Pick.queue());
		ClientConn conn = dial(options().balancer("round_robin"));
		awaitAllReady(conn);
		this.dials.update(conn, "manual:///x", options().balancer(ManualBalancer.provider("shy", shy)));
		Dials.await().until(() -> conn.snapshot().pendingUpdate() != null);

		conn.close();

		awaitOpen(0, 0, 0);
		assertThat(shy.events("close")).isNotEmpty();
		assertThat(this.resolver.resolutions()).hasSize(1).allMatch(ManualResolver.ManualResolution::isClosed);
	}

	private ClientConn dial(DialOptions.Builder options) {
		this.resolver.push(this.servers.stream().map(EchoServer::address).toList());
		return this.dials.dial("manual:///x", options);
	}

	private DialOptions.Builder options() {
		return Dials.quick().resolver(this.resolver);
	}

	private List<Integer> accepted() {
		return this.servers.stream().map(EchoServer::connections).toList();
	}

	/** Servers see their connections before the client does. */
	private static void awaitAllReady(ClientConn conn) {
		Dials.await()
			.until(() -> conn.snapshot()
				.addresses()
				.stream()
				.allMatch((address) -> address.state() == ConnectivityState.READY));
	}

	private void awaitOpen(Integer... connections) {
		Dials.await()
			.untilAsserted(() -> assertThat(this.servers.stream().map(EchoServer::openConnections).toList())
				.containsExactly(connections));
	}

	/**
	 * Asks for lists, fails to start, and forgets to let go of the lists.
	 */
	private static final class BrokenBalancer implements Balancer {

		@Override
		public void start(String target, BalancerConfig config, AddressListener listener) {
			config.resolution().apply(listener);
			throw new IllegalStateException("broken");
		}

		@Override
		public Down up(Address address) {
			return null;
		}

		@Override
		public Pick get(PickOptions options) {
			return Pick.queue();
		}

		@Override
		public void close() {
		}

	}

}
