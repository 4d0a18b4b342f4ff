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

import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class ClientConnMetricsAutoConfigurationTests {

	private static final String[] PROPERTIES = { "clientconn.channels.greeter.target=static:127.0.0.1:1",
			"clientconn.channels.greeter.insecure=true" };

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(ClientConnMetricsAutoConfiguration.class, ClientConnAutoConfiguration.class))
		.withPropertyValues(PROPERTIES);

	private final ApplicationContextRunner withBoot = this.runner
		.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class));

	@Test
	void channelsAreMeasuredInTheRegistryOfBoot() {
		this.withBoot.run((context) -> {
			assertThat(context).hasSingleBean(MetricsDialOptionsCustomizer.class);
			assertThat(context.getBean(MeterRegistry.class)
				.get("clientconn.queue.size")
				.tag("channel", "greeter")
				.gauge()
				.value()).isZero();
		});
	}

	@Test
	void severalRegistriesAreAllFed() {
		this.withBoot.withBean("first", MeterRegistry.class, SimpleMeterRegistry::new)
			.withBean("second", MeterRegistry.class, SimpleMeterRegistry::new)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean("first", MeterRegistry.class).find("clientconn.list.version").gauge())
					.isNotNull();
				assertThat(context.getBean("second", MeterRegistry.class).find("clientconn.list.version").gauge())
					.isNotNull();
			});
	}

	/** Handlers that differ would have every update of a connection dial again. */
	@Test
	void aChannelKeepsItsHandler() {
		this.withBoot.run((context) -> {
			MetricsDialOptionsCustomizer customizer = context.getBean(MetricsDialOptionsCustomizer.class);
			assertThat(customizer.handler("greeter")).isSameAs(customizer.handler("greeter"))
				.isNotSameAs(customizer.handler("billing"));
		});
	}

	@Test
	void whenThereIsNoRegistryItBacksOff() {
		this.runner.run((context) -> assertThat(context).hasNotFailed()
			.hasSingleBean(ClientConns.class)
			.doesNotHaveBean(MetricsDialOptionsCustomizer.class));
	}

	@Test
	void whenSwitchedOffItBacksOff() {
		this.withBoot.withPropertyValues("clientconn.metrics.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MetricsDialOptionsCustomizer.class));
	}

	@Test
	void whenChannelsAreSwitchedOffItBacksOff() {
		this.withBoot.withPropertyValues("clientconn.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(MetricsDialOptionsCustomizer.class));
	}

	@Test
	void whenMicrometerIsAbsentItBacksOff() {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues(PROPERTIES)
			.withClassLoader(new FilteredClassLoader("io.micrometer.core"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasSingleBean(ClientConns.class)
				.doesNotHaveBean("metricsDialOptionsCustomizer"));
	}

	@Test
	void aNegativeNumberOfAddressesIsAnErrorThatNamesTheProperty() {
		this.withBoot.withPropertyValues("clientconn.metrics.per-address.max=-1")
			.run((context) -> assertThat(context).getFailure().rootCause().hasMessageContaining("-1 (expected: >= 0)"));
		this.withBoot.withPropertyValues("clientconn.metrics.per-address.max=-1")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("clientconn.metrics.per-address.max = \"-1\""));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ClientConnAutoConfiguration.class, ClientConnMetricsAutoConfiguration.class })
	static class Application {

	}

}
