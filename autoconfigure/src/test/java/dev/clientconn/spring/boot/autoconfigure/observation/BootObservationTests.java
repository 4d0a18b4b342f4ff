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

package dev.clientconn.spring.boot.autoconfigure.observation;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.metrics.ClientConnMetricsAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.springgrpc.ClientConnSpringGrpcAutoConfiguration;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.CompositeChannelFactoryAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientObservationAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.grpc.client.ImportGrpcClients;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Next to Boot's own observation of gRPC clients, which is a global interceptor of Spring
 * gRPC: nothing is recorded twice, whoever made the stub.
 */
class BootObservationTests {

	private final EchoServer server = EchoServer.started();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class,
				GrpcClientAutoConfiguration.class, ClientConnSpringGrpcAutoConfiguration.class,
				CompositeChannelFactoryAutoConfiguration.class, GrpcClientObservationAutoConfiguration.class))
		.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
				ClientConnMetricsAutoConfiguration.class, ClientConnObservationAutoConfiguration.class))
		.withUserConfiguration(Tracing.class, Stubs.class)
		.withPropertyValues("clientconn.channels.echo.target=static:" + this.server.address(),
				"clientconn.channels.echo.insecure=true");

	@AfterEach
	void stop() {
		this.server.close();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void eachCallIsOneSpanWithItsAttemptAndOneTimerOfEachKind(boolean ofSpringGrpc) {
		this.runner.run((context) -> {
			stub(context, ofSpringGrpc).unary(EchoRequest.getDefaultInstance());

			List<SpanData> spans = spans(context);
			SpanData attempt = spans.stream()
				.filter((span) -> span.getName().startsWith("Attempt."))
				.findFirst()
				.orElseThrow();
			assertThat(spans).filteredOn((span) -> span != attempt)
				.singleElement()
				.extracting(SpanData::getSpanId)
				.isEqualTo(attempt.getParentSpanId());
			assertThat(timers(context)).containsExactlyInAnyOrderEntriesOf(
					Map.of("grpc.client", 1L, "grpc.client.call.duration", 1L, "grpc.client.attempt.duration", 1L));
			assertThat(context.getBean(MeterRegistry.class).get("grpc.client.attempt.started").counter().count())
				.isOne();
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void withoutBootsItIsTheSame(boolean ofSpringGrpc) {
		this.runner.withPropertyValues("spring.grpc.client.observation.enabled=false").run((context) -> {
			stub(context, ofSpringGrpc).unary(EchoRequest.getDefaultInstance());

			assertThat(spans(context)).extracting((span) -> span.getName().split("\\.")[0])
				.containsExactlyInAnyOrder("Sent", "Attempt");
			assertThat(timers(context)).containsExactlyInAnyOrderEntriesOf(
					Map.of("grpc.client.call.duration", 1L, "grpc.client.attempt.duration", 1L));
		});
	}

	private static EchoGrpc.EchoBlockingStub stub(ApplicationContext context, boolean ofSpringGrpc) {
		EchoGrpc.EchoBlockingStub stub = ofSpringGrpc ? context.getBean(EchoGrpc.EchoBlockingStub.class)
				: EchoGrpc.newBlockingStub(context.getBean(ClientConn.class));
		return stub.withWaitForReady().withDeadlineAfter(Duration.ofSeconds(20));
	}

	/** Closes the connection: what has not ended by then never will. */
	private static List<SpanData> spans(ApplicationContext context) {
		InMemorySpanExporter exporter = context.getBean(InMemorySpanExporter.class);
		Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.until(() -> exporter.getFinishedSpanItems().size() >= 2 && timers(context).size() >= 2);
		context.getBean(ClientConn.class).close();
		return exporter.getFinishedSpanItems();
	}

	/** Without those of delays: whether the call had to wait is up to the machine. */
	private static Map<String, Long> timers(ApplicationContext context) {
		return context.getBean(MeterRegistry.class)
			.getMeters()
			.stream()
			.filter(Timer.class::isInstance)
			.map(Timer.class::cast)
			.filter((timer) -> !timer.getId().getName().endsWith(".delay.duration"))
			.collect(Collectors.toMap((timer) -> timer.getId().getName(), Timer::count, Long::sum));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportGrpcClients(target = "echo", types = EchoGrpc.EchoBlockingStub.class)
	static class Stubs {

	}

}
