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

package dev.clientconn.spring.boot.autoconfigure.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.TestCalls;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.distribution.CountAtBucket;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Exact values after known calls, over real connections.
 */
class MeteredCallsTests {

	private static final String METHOD = EchoGrpc.getUnaryMethod().getFullMethodName();

	private static final EchoRequest PING = EchoRequest.newBuilder().setMessage("ping").build();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClientConnAutoConfiguration.class,
				ClientConnMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class))
		.withPropertyValues("clientconn.channels.greeter.insecure=true",
				"clientconn.channels.greeter.call.wait-for-ready=true");

	@Test
	void callsAreCountedByMethodAndStatus() {
		onEchoServer((context) -> {
			EchoReply reply = ping(context);
			ping(context);
			assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(
					() -> stub(context).unary(PING.toBuilder().setStatusCode(Status.Code.NOT_FOUND.value()).build()));
			MeterRegistry meters = context.getBean(MeterRegistry.class);

			assertThat(meters.get("grpc.client.attempt.started").tags("grpc.method", METHOD).counter().count())
				.isEqualTo(3);
			soon().untilAsserted(() -> assertThat(attempts(meters, METHOD, "OK").count()).isEqualTo(2));
			assertThat(attempts(meters, METHOD, "NOT_FOUND").count()).isEqualTo(1);
			assertThat(calls(meters, METHOD, "OK").count()).isEqualTo(2);
			assertThat(calls(meters, METHOD, "NOT_FOUND").count()).isEqualTo(1);
			assertThat(calls(meters, METHOD, "OK").totalTime(TimeUnit.NANOSECONDS)).isPositive();
			assertThat(size(meters, "sent", "OK").totalAmount()).isEqualTo(2 * PING.getSerializedSize());
			assertThat(size(meters, "rcvd", "OK").totalAmount()).isEqualTo(2 * reply.getSerializedSize());
			assertThat(size(meters, "rcvd", "NOT_FOUND").totalAmount()).isZero();
			assertThat(meters.find("grpc.client.call.duration").timers())
				.allSatisfy((timer) -> assertThat(timer.getId().getTag("grpc.target"))
					.isEqualTo(context.getBean(ClientConn.class).target()));
		});
	}

	@Test
	void callThatIsSentAgainIsCountedAsOne() {
		onEchoServer((context) -> {
			assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(
					() -> stub(context).unary(PING.toBuilder().setStatusCode(Status.Code.NOT_FOUND.value()).build()));
			ping(context);
			MeterRegistry meters = context.getBean(MeterRegistry.class);

			DistributionSummary retries = meters.get("grpc.client.call.retries").tags("grpc.method", METHOD).summary();
			assertThat(retries.count()).isEqualTo(1);
			assertThat(retries.totalAmount()).isEqualTo(2);
			assertThat(meters.get("grpc.client.call.retry_delay").timer().count()).isEqualTo(1);
			assertThat(meters.get("grpc.client.call.retry_delay").timer().totalTime(TimeUnit.NANOSECONDS)).isPositive();
			assertThat(meters.find("grpc.client.call.hedges").summary()).isNull();
			assertThat(meters.find("grpc.client.call.transparent_retries").summary()).isNull();
			assertThat(calls(meters, METHOD, "NOT_FOUND").count()).isEqualTo(1);
			soon().untilAsserted(() -> assertThat(attempts(meters, METHOD, "NOT_FOUND").count()).isEqualTo(3));
		}, "clientconn.channels.greeter.service-config={\"methodConfig\": [{\"name\": [{}], \"retryPolicy\": {"
				+ "\"maxAttempts\": 3, \"initialBackoff\": \"0.001s\", \"maxBackoff\": \"1s\","
				+ " \"backoffMultiplier\": 1, \"retryableStatusCodes\": [\"NOT_FOUND\"]}}]}");
	}

	@Test
	void methodsThatNoGeneratedCodeKnowsAreOne() {
		onEchoServer((context) -> {
			assertThat(TestCalls.start(context.getBean(ClientConn.class)).join().getCode())
				.isEqualTo(Status.Code.UNIMPLEMENTED);
			MeterRegistry meters = context.getBean(MeterRegistry.class);

			assertThat(calls(meters, "other", "UNIMPLEMENTED").count()).isEqualTo(1);
			assertThat(meters.find("grpc.client.attempt.started").counters()).hasSize(1);
		});
	}

	@Test
	void aCallThatFindsNoAddressCountsAsOneAttempt() {
		this.runner
			.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:1",
					"clientconn.channels.greeter.call.wait-for-ready=false")
			.run((context) -> {
				assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> ping(context));
				MeterRegistry meters = context.getBean(MeterRegistry.class);

				assertThat(meters.get("grpc.client.attempt.started").counter().count()).isEqualTo(1);
				assertThat(attempts(meters, METHOD, "UNAVAILABLE").count()).isEqualTo(1);
				assertThat(size(meters, "sent", "UNAVAILABLE").count()).isEqualTo(1);
				assertThat(calls(meters, METHOD, "UNAVAILABLE").count()).isEqualTo(1);
				assertThat(meters.get("grpc.subchannel.connection_attempts_failed").counter().count()).isPositive();
				assertThat(meters.find("grpc.subchannel.connection_attempts_succeeded").counter()).isNull();
			});
	}

	@Test
	void connectionsAreCountedAndTheirEndsToldApart() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			this.runner
				.withPropertyValues("clientconn.channels.greeter.target=static:" + server.address(),
						"clientconn.channels.greeter.connect.mode=eager",
						"clientconn.channels.greeter.backoff.base-delay=10ms")
				.run((context) -> {
					MeterRegistry meters = context.getBean(MeterRegistry.class);
					Peer first = accept(server);
					soon().untilAsserted(() -> assertThat(open(meters)).isEqualTo(1));
					first.sendGoAway(0, 0, "restart");
					Peer second = accept(server);
					soon().untilAsserted(() -> assertThat(disconnections(meters, "GOAWAY NO_ERROR")).isEqualTo(1));
					soon().untilAsserted(() -> assertThat(open(meters)).isEqualTo(1));
					second.drop();
					accept(server);
					soon().untilAsserted(() -> assertThat(disconnections(meters, "connection reset")).isEqualTo(1));
					soon().untilAsserted(() -> assertThat(open(meters)).isEqualTo(1));
					assertThat(meters.get("grpc.subchannel.connection_attempts_succeeded").counter().count())
						.isEqualTo(3);
					assertThat(meters.get("grpc.subchannel.open_connections")
						.gauge()
						.getId()
						.getTag("grpc.security_level")).isEqualTo("none");
					context.getBean(ClientConn.class).enterIdle();
					soon().untilAsserted(() -> assertThat(disconnections(meters, "subchannel shutdown")).isEqualTo(1));
					assertThat(open(meters)).isZero();
				});
		}
	}

	@Test
	void thereAreNoHistogramsUnlessTheyAreAskedFor() {
		onEchoServer((context) -> {
			ping(context);
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(calls(meters, METHOD, "OK").takeSnapshot().histogramCounts()).isEmpty();
		});
	}

	@Test
	void histogramsHaveTheBoundariesOfTheGrfc() {
		onEchoServer((context) -> {
			ping(context);
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			List<Double> seconds = Arrays.stream(calls(meters, METHOD, "OK").takeSnapshot().histogramCounts())
				.map((bucket) -> bucket.bucket(TimeUnit.SECONDS))
				.toList();
			assertThat(seconds).hasSize(40).startsWith(0.00001, 0.00005, 0.0001).endsWith(20.0, 50.0, 100.0);
			soon().untilAsserted(() -> assertThat(size(meters, "sent", "OK").takeSnapshot().histogramCounts())
				.extracting(CountAtBucket::bucket)
				.startsWith(1024.0, 2048.0)
				.endsWith(1024.0 * 1024 * 1024, 4096.0 * 1024 * 1024));
		}, "clientconn.metrics.histogram=true");
	}

	@Test
	void boundariesMayComeFromBootsProperties() {
		onEchoServer((context) -> {
			ping(context);
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			assertThat(calls(meters, METHOD, "OK").takeSnapshot().histogramCounts())
				.extracting((bucket) -> bucket.bucket(TimeUnit.MILLISECONDS))
				.containsExactly(100.0, 500.0);
		}, "management.metrics.distribution.slo.grpc.client.call.duration=100ms,500ms");
	}

	private void onEchoServer(Consumer<ApplicationContext> test, String... properties) {
		try (EchoServer server = EchoServer.started()) {
			this.runner.withPropertyValues("clientconn.channels.greeter.target=static:" + server.address())
				.withPropertyValues(properties)
				.run((context) -> {
					assertThat(context).hasNotFailed();
					test.accept(context);
				});
		}
	}

	private static Peer accept(ScriptedHttp2Server server) {
		Peer peer = server.accept();
		peer.handshake();
		return peer;
	}

	private static EchoGrpc.EchoBlockingStub stub(ApplicationContext context) {
		return EchoGrpc.newBlockingStub(context.getBean(ClientConn.class)).withDeadlineAfter(20, TimeUnit.SECONDS);
	}

	private static EchoReply ping(ApplicationContext context) {
		return EchoGrpc.newBlockingStub(context.getBean(ClientConn.class))
			.withDeadlineAfter(20, TimeUnit.SECONDS)
			.unary(PING);
	}

	private static Timer attempts(MeterRegistry meters, String method, String status) {
		return meters.get("grpc.client.attempt.duration").tags("grpc.method", method, "grpc.status", status).timer();
	}

	private static Timer calls(MeterRegistry meters, String method, String status) {
		return meters.get("grpc.client.call.duration").tags("grpc.method", method, "grpc.status", status).timer();
	}

	private static DistributionSummary size(MeterRegistry meters, String direction, String status) {
		return meters.get("grpc.client.attempt." + direction + "_total_compressed_message_size")
			.tags("grpc.status", status)
			.summary();
	}

	private static double open(MeterRegistry meters) {
		return meters.get("grpc.subchannel.open_connections").gauge().value();
	}

	private static double disconnections(MeterRegistry meters, String reason) {
		return meters.get("grpc.subchannel.disconnections").tag("grpc.disconnect_error", reason).counter().count();
	}

	private static ConditionFactory soon() {
		return Awaitility.await().ignoreExceptions().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5));
	}

}
