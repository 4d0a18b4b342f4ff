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

import java.util.concurrent.TimeUnit;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import dev.clientconn.spring.boot.autoconfigure.TestCalls;
import dev.clientconn.spring.boot.autoconfigure.metrics.ClientConnMetricsAutoConfiguration;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class ClientConnObservationAutoConfigurationTests {

	private static final String[] PROPERTIES = { "clientconn.channels.greeter.target=static:127.0.0.1:1",
			"clientconn.channels.greeter.insecure=true" };

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(ClientConnObservationAutoConfiguration.class, ClientConnAutoConfiguration.class))
		.withPropertyValues(PROPERTIES);

	private final ApplicationContextRunner withBoot = this.runner
		.withConfiguration(AutoConfigurations.of(ObservationAutoConfiguration.class));

	private final ApplicationContextRunner withMetrics = this.withBoot.withConfiguration(
			AutoConfigurations.of(ClientConnMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class));

	@Test
	void callsAreObserved() {
		this.withBoot.run((context) -> assertThat(context).hasSingleBean(ObservationDialOptionsCustomizer.class));
	}

	/**
	 * Interceptors that differ would count as a change of the channel at each refresh.
	 */
	@Test
	void aChannelKeepsItsInterceptor() {
		this.withBoot.run((context) -> {
			Observations observations = context.getBean(ObservationDialOptionsCustomizer.class).observations();
			assertThat(new ObservationInterceptor("greeter", observations))
				.isEqualTo(new ObservationInterceptor("greeter", observations));
		});
	}

	@Test
	void whenThereIsNoRegistryItBacksOff() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(ClientConns.class)
			.doesNotHaveBean(ObservationDialOptionsCustomizer.class));
	}

	@Test
	void whenSwitchedOffItBacksOff() {
		this.withBoot.withPropertyValues("clientconn.observation.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean(ObservationDialOptionsCustomizer.class)
				.doesNotHaveBean("clientConnObservationMeterFilter"));
	}

	@Test
	void whenObservationIsAbsentItBacksOff() {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues(PROPERTIES)
			.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ClientConns.class)
				.doesNotHaveBean("observationDialOptionsCustomizer"));
	}

	@Test
	void withoutMetersCallsAreObservedAllTheSame() {
		new ApplicationContextRunner().withUserConfiguration(ObservedApplication.class)
			.withPropertyValues(PROPERTIES)
			.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("observationDialOptionsCustomizer")
				.doesNotHaveBean("clientConnObservationMeterFilter"));
	}

	@Test
	void observationsDoNotRepeatTheMeters() {
		this.withMetrics.run((context) -> {
			TestCalls.start(context.getBean(ClientConn.class)).get(20, TimeUnit.SECONDS);
			assertThat(meterNames(context.getBean(MeterRegistry.class))).contains("grpc.client.call.duration")
				.noneMatch((name) -> name.startsWith("clientconn.rpc"));
		});
	}

	@Test
	void withoutOurMetersObservationsMakeTheirOwn() {
		this.withMetrics.withPropertyValues("clientconn.metrics.enabled=false").run((context) -> {
			TestCalls.start(context.getBean(ClientConn.class)).get(20, TimeUnit.SECONDS);
			assertThat(meterNames(context.getBean(MeterRegistry.class)))
				.contains("clientconn.rpc", "clientconn.rpc.attempt")
				.noneMatch((name) -> name.startsWith("grpc."));
		});
	}

	@Test
	void conventionsOfTheApplicationNameSpans() {
		this.withBoot.withUserConfiguration(Tracing.class, OwnConventions.class).run((context) -> {
			TestCalls.start(context.getBean(ClientConn.class)).get(20, TimeUnit.SECONDS);
			assertThat(context.getBean(InMemorySpanExporter.class).getFinishedSpanItems())
				.extracting((span) -> span.getName())
				.containsExactlyInAnyOrder("call greeter", "attempt greeter");
		});
	}

	private static Iterable<String> meterNames(MeterRegistry registry) {
		return registry.getMeters().stream().map(Meter::getId).map(Meter.Id::getName).distinct().toList();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ClientConnAutoConfiguration.class, ClientConnObservationAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ClientConnAutoConfiguration.class, ClientConnObservationAutoConfiguration.class,
			ObservationAutoConfiguration.class })
	static class ObservedApplication {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnConventions {

		@Bean
		ClientConnCallObservationConvention callConvention() {
			return new DefaultClientConnCallObservationConvention() {

				@Override
				public String getContextualName(ClientConnCallContext context) {
					return "call " + context.getChannel();
				}

			};
		}

		@Bean
		ClientConnAttemptObservationConvention attemptConvention() {
			return new DefaultClientConnAttemptObservationConvention() {

				@Override
				public String getContextualName(ClientConnAttemptContext context) {
					return "attempt " + context.getCall().getChannel();
				}

			};
		}

	}

}
