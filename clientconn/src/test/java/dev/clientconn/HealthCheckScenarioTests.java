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

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualResolver;
import io.grpc.ConnectivityState;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.slf4j.LoggerFactory;

import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Health checks (gRFC A17) of grpc-java servers with grpc-java's health service.
 */
class HealthCheckScenarioTests {

	private static final String SHOP = "shop.Orders";

	private static final Map<String, Object> ASKS_SHOP = Map.of("healthCheckConfig", Map.of("serviceName", SHOP));

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	private final ManualResolver resolver = new ManualResolver();

	private final List<EchoServer> servers = new ArrayList<>();

	private final HealthStatusManager health = new HealthStatusManager();

	@AfterEach
	void stop() {
		this.servers.forEach(EchoServer::close);
	}

	@Test
	void callsGoOnlyToServersThatServe() {
		HealthStatusManager other = new HealthStatusManager();
		EchoServer first = server(this.health);
		EchoServer second = server(other);
		this.health.setStatus(SHOP, ServingStatus.SERVING);
		other.setStatus(SHOP, ServingStatus.NOT_SERVING);
		ClientConn conn = dial(Dials.quick().serviceConfig(ASKS_SHOP), first, second);

		awaitState(conn, first, READY);
		awaitState(conn, second, TRANSIENT_FAILURE);
		assertThat(state(conn, second).cause())
			.isEqualTo(second.address() + ": connected, but the health check says NOT_SERVING of " + SHOP);
		assertThat(state(conn, second).nextAttempt()).isNull();
		assertThat(servedBy(conn, 10)).containsOnly(Integer.toString(first.port()));

		other.setStatus(SHOP, ServingStatus.SERVING);
		awaitState(conn, second, READY);
		// The balancer hears of the state after it is to be seen.
		Dials.await().until(() -> servedBy(conn, 10).contains(Integer.toString(second.port())));
		assertThat(second.connections()).as("the connection stayed").isOne();
	}

	@Test
	void aServerThatStopsServingKeepsItsConnectionAndItsCalls() {
		EchoServer server = serving();
		ClientConn conn = dial(Dials.quick().healthCheck(SHOP), server);
		Rpc stream = Rpc.bidi(conn, Rpc.WFR);
		Dials.await().until(() -> !stream.replies().isEmpty());

		this.health.setStatus(SHOP, ServingStatus.NOT_SERVING);
		awaitState(conn, server, TRANSIENT_FAILURE);
		Status failed = Rpc.unary(conn, Rpc.FF).await();
		assertThat(failed.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(failed.getDescription()).contains("the health check says NOT_SERVING of " + SHOP);
		Rpc waiting = Rpc.unary(conn, Rpc.WFR);
		assertThat(stream.isEnded()).isFalse();

		this.health.setStatus(SHOP, ServingStatus.SERVING);
		assertThat(waiting.await()).isEqualTo(Status.OK);
		stream.call().halfClose();
		assertThat(stream.await()).isEqualTo(Status.OK);
		assertThat(server.connections()).isOne();
	}

	@Test
	void aServiceThatIsNotKnownDoesNotServe() {
		EchoServer server = server(this.health);
		ClientConn conn = dial(Dials.quick().healthCheck("shop.Oders"), server);

		awaitState(conn, server, TRANSIENT_FAILURE);
		assertThat(state(conn, server).cause()).endsWith("the health check says SERVICE_UNKNOWN of shop.Oders");
		assertThat(state(conn, server).healthCheck()).satisfies((check) -> {
			assertThat(check.serviceName()).isEqualTo("shop.Oders");
			assertThat(check.status()).isEqualTo("SERVICE_UNKNOWN");
		});
	}

	@Test
	void theServerAsAWholeHasTheEmptyName() {
		EchoServer server = server(this.health);
		ClientConn conn = dial(Dials.quick().healthCheck(""), server);

		awaitState(conn, server, READY);
		assertThat(state(conn, server).healthCheck().status()).isEqualTo("SERVING");
	}

	@Test
	void whoCannotBeAskedIsHealthyAndThatIsToldOnce() {
		Logger logger = (Logger) LoggerFactory.getLogger(ClientConn.class);
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		log.start();
		logger.addAppender(log);
		try {
			EchoServer first = started(new EchoServer());
			EchoServer second = started(new EchoServer());
			ClientConn conn = dial(Dials.quick().healthCheck(SHOP), first, second);

			awaitState(conn, first, READY);
			awaitState(conn, second, READY);
			assertThat(state(conn, first).healthCheck().status()).isEqualTo("UNIMPLEMENTED");
			assertThat(log.list).filteredOn((event) -> event.getLevel() == Level.ERROR)
				.singleElement()
				.satisfies((event) -> assertThat(event.getFormattedMessage())
					.contains("does not implement grpc.health.v1.Health/Watch"));
		}
		finally {
			logger.detachAppender(log);
		}
	}

	@Test
	void updatesSwitchItOnAndOffWithoutANewConnection() {
		EchoServer server = server(this.health);
		this.health.setStatus(SHOP, ServingStatus.NOT_SERVING);
		ClientConn conn = dial(Dials.quick(), server);
		awaitState(conn, server, READY);

		this.dials.update(conn, "manual:///x", options(Dials.quick().healthCheck(SHOP)));
		awaitState(conn, server, TRANSIENT_FAILURE);
		this.dials.update(conn, "manual:///x", options(Dials.quick().healthCheck("")));
		awaitState(conn, server, READY);
		this.dials.update(conn, "manual:///x", options(Dials.quick().serviceConfig(ASKS_SHOP)));
		awaitState(conn, server, TRANSIENT_FAILURE);
		this.dials.update(conn, "manual:///x", options(Dials.quick().serviceConfig(ASKS_SHOP).disableHealthCheck()));
		awaitState(conn, server, READY);
		assertThat(state(conn, server).healthCheck()).isNull();
		assertThat(server.connections()).isOne();
	}

	@Test
	void serviceConfigsOfTheResolverSwitchItToo() {
		EchoServer server = server(this.health);
		this.health.setStatus(SHOP, ServingStatus.NOT_SERVING);
		ClientConn conn = dial(Dials.quick(), server);
		awaitState(conn, server, READY);

		this.resolver.pushConfig(ASKS_SHOP);
		awaitState(conn, server, TRANSIENT_FAILURE);
		this.resolver.pushConfig(Map.of());
		awaitState(conn, server, READY);
		assertThat(server.connections()).isOne();
	}

	@Test
	void pickFirstDoesNotAsk() {
		EchoServer server = server(this.health);
		this.health.setStatus(SHOP, ServingStatus.NOT_SERVING);
		ClientConn conn = dial(Dials.quick().healthCheck(SHOP).balancer("pick_first"), server);
		assertThat(Rpc.unary(conn, Rpc.WFR).await()).isEqualTo(Status.OK);
		assertThat(state(conn, server).healthCheck()).isNull();

		this.dials.update(conn, "manual:///x", options(Dials.quick().healthCheck(SHOP).balancer("round_robin")));
		awaitState(conn, server, TRANSIENT_FAILURE);
		this.dials.update(conn, "manual:///x", options(Dials.quick().healthCheck(SHOP).balancer("pick_first")));
		assertThat(Rpc.unary(conn, Rpc.WFR).await()).isEqualTo(Status.OK);
	}

	@Test
	void theWatchIsNoCall() {
		EchoServer server = serving();
		FakeScheduler scheduler = leaks.watch(new FakeScheduler());
		ClientConn conn = dial(Dials.plain().scheduler(scheduler).healthCheck(SHOP).idleTimeout(Duration.ofSeconds(10)),
				server);
		awaitState(conn, server, READY);
		assertThat(state(conn, server).transport().activeStreams()).isOne();
		assertThat(state(conn, server).callsInFlight()).isZero();
		assertThat(conn.snapshot().callsStarted()).isZero();

		Dials.await().until(() -> {
			scheduler.advance(Duration.ofSeconds(1));
			return conn.getState(false) == ConnectivityState.IDLE;
		});
		Dials.await().until(() -> server.openConnections() == 0);
		assertThat(Rpc.unary(conn, Rpc.FF).await()).isEqualTo(Status.OK);
	}

	@Test
	void aRemovedAddressDoesNotWaitForItsWatch() {
		EchoServer removed = serving();
		EchoServer kept = serving();
		ClientConn conn = dial(Dials.quick().healthCheck(SHOP), removed, kept);
		awaitState(conn, removed, READY);

		this.resolver.push(kept.address());
		Dials.await().until(() -> removed.openConnections() == 0);
	}

	@Test
	void aConnectionThatIsRenewedDoesNotWaitForItsWatch() {
		EchoServer server = serving();
		ClientConn conn = dial(Dials.quick().healthCheck(SHOP), server);
		awaitState(conn, server, READY);

		conn.operations().reconnect();
		Dials.await().until(() -> server.connections() == 2 && server.openConnections() == 1);
	}

	@Test
	void closeDoesNotWaitForWatches() {
		EchoServer server = serving();
		ClientConn conn = dial(Dials.quick().healthCheck(SHOP), server);
		awaitState(conn, server, READY);

		conn.shutdown();
		Dials.await().until(conn::isTerminated);
	}

	@Test
	void compressedAnswersAreRead() {
		ServerInterceptor gzip = new ServerInterceptor() {

			@Override
			public <ReqT, RespT> ServerCall.Listener<ReqT> interceptCall(ServerCall<ReqT, RespT> call, Metadata headers,
					ServerCallHandler<ReqT, RespT> next) {
				call.setCompression("gzip");
				return next.startCall(call, headers);
			}

		};
		EchoServer server = started(new EchoServer()
			.with((builder) -> builder.addService(ServerInterceptors.intercept(this.health.getHealthService(), gzip))));
		ClientConn conn = dial(Dials.quick().healthCheck(""), server);

		awaitState(conn, server, READY);
	}

	private EchoServer serving() {
		this.health.setStatus(SHOP, ServingStatus.SERVING);
		return server(this.health);
	}

	private EchoServer server(HealthStatusManager manager) {
		return started(new EchoServer().with((builder) -> builder.addService(manager.getHealthService())));
	}

	private EchoServer started(EchoServer server) {
		this.servers.add(server);
		return server.start();
	}

	private ClientConn dial(DialOptions.Builder options, EchoServer... to) {
		ClientConn conn = this.dials.dial("manual:///x", options(options));
		this.resolver.push(List.of(to).stream().map(EchoServer::address).toList());
		return conn;
	}

	private DialOptions.Builder options(DialOptions.Builder options) {
		return options.resolver(this.resolver);
	}

	private static List<String> servedBy(ClientConn conn, int calls) {
		List<String> servers = new ArrayList<>();
		for (int i = 0; i < calls; i++) {
			Rpc rpc = Rpc.unary(conn, Rpc.FF);
			assertThat(rpc.await()).isEqualTo(Status.OK);
			servers.add(rpc.replies().get(0).getServer());
		}
		return servers;
	}

	private static void awaitState(ClientConn conn, EchoServer server, ConnectivityState expected) {
		Dials.await()
			.alias(server.address() + " is " + expected)
			.until(() -> conn.snapshot()
				.addresses()
				.stream()
				.anyMatch(
						(address) -> address.address().equals(server.address().addr()) && address.state() == expected));
	}

	private static AddressState state(ClientConn conn, EchoServer server) {
		return conn.snapshot()
			.addresses()
			.stream()
			.filter((address) -> address.address().equals(server.address().addr()))
			.findFirst()
			.orElseThrow();
	}

}
