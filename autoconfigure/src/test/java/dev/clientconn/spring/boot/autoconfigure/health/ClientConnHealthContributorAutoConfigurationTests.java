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

package dev.clientconn.spring.boot.autoconfigure.health;

import java.util.List;
import java.util.Objects;
import java.util.Set;

import dev.clientconn.ClientConn;
import dev.clientconn.DialOptions;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class ClientConnHealthContributorAutoConfigurationTests {

	private static final String[] PROPERTIES = { "clientconn.channels.greeter.target=static:127.0.0.1:1",
			"clientconn.channels.greeter.insecure=true", "clientconn.channels.billing.target=static:127.0.0.1:2",
			"clientconn.channels.billing.insecure=true" };

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClientConnAutoConfiguration.class,
				ClientConnHealthContributorAutoConfiguration.class, HealthContributorAutoConfiguration.class,
				HealthContributorRegistryAutoConfiguration.class))
		.withPropertyValues(PROPERTIES);

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues(PROPERTIES);

	@Test
	void eachChannelIsAnIndicatorOfTheComponent() {
		this.runner.run((context) -> {
			CompositeHealthContributor component = (CompositeHealthContributor) context
				.getBean(HealthContributorRegistry.class)
				.getContributor("clientconn");
			assertThat(component.stream()).extracting(HealthContributors.Entry::name)
				.containsExactlyInAnyOrder("greeter", "billing");
		});
	}

	@Test
	void aChannelCanBeLeftOut() {
		this.runner.withPropertyValues("clientconn.channels.billing.health.enabled=false")
			.run((context) -> assertThat(names(context)).containsExactly("greeter"));
		this.runner
			.withPropertyValues("clientconn.defaults.health.enabled=false",
					"clientconn.channels.billing.health.enabled=true")
			.run((context) -> assertThat(names(context)).containsExactly("billing"));
	}

	@Test
	void aChannelThatOnlyTheApplicationKnowsHasTheDefaults() {
		ClientConns own = Mockito.mock(ClientConns.class);
		Mockito.when(own.names()).thenReturn(Set.of("own"));
		Mockito.when(own.get("own"))
			.thenReturn(ClientConn.dial("static:127.0.0.1:1", DialOptions.builder().insecure().lazy(true).build()));
		this.runner.withBean(ClientConns.class, () -> own).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(names(context)).containsExactly("own");
		});
		assertThat(own.get("own").isShutdown()).isTrue();
	}

	@Test
	void aChannelNeedNotBeRequired() {
		this.runner
			.withPropertyValues("clientconn.health.status.idle=DOWN", "clientconn.health.show-addresses=false",
					"clientconn.channels.billing.health.required=false")
			.run((context) -> {
				assertThat(health(context, "greeter")).isEqualTo(Health.down()
					.withDetail("state", "IDLE")
					.withDetail("target", "static:127.0.0.1:1")
					.withDetail("ready", 0)
					.withDetail("total", 0)
					.build());
				assertThat(health(context, "billing")).isEqualTo(Health.unknown()
					.withDetail("state", "IDLE")
					.withDetail("required", false)
					.withDetail("target", "static:127.0.0.1:2")
					.withDetail("ready", 0)
					.withDetail("total", 0)
					.build());
			});
	}

	@Test
	void aStatusWithoutANameFailsTheStart() {
		this.runner.withPropertyValues("clientconn.health.status.transient-failure= ")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("the name of a health status is empty"));
		this.runner.withPropertyValues("clientconn.health.status.transient-failure= ")
			.run((context) -> assertThat(context).getFailure()
				.hasStackTraceContaining("clientconn.health.status.transient-failure"));
	}

	@Test
	void whenSwitchedOffItBacksOff() {
		this.runner.withPropertyValues("management.health.clientconn.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(CompositeHealthContributor.class));
	}

	@Test
	void whenTheHealthModuleIsAbsentItBacksOff() {
		// As in an application, where those that lack a class are filtered by name.
		this.application.withClassLoader(new FilteredClassLoader("org.springframework.boot.health")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean("clientconnHealthContributor");
		});
	}

	@Test
	void theApplicationsOwnContributorWins() {
		this.runner
			.withBean("clientconnHealthContributor", CompositeHealthContributor.class,
					() -> CompositeHealthContributor.fromMap(java.util.Map.of()))
			.run((context) -> assertThat(context.getBean(CompositeHealthContributor.class).stream()).isEmpty());
	}

	private static List<String> names(ApplicationContext context) {
		return component(context).stream().map(HealthContributors.Entry::name).toList();
	}

	private static Health health(ApplicationContext context, String channel) {
		HealthIndicator indicator = (HealthIndicator) component(context).getContributor(channel);
		return Objects.requireNonNull(indicator).health();
	}

	private static CompositeHealthContributor component(ApplicationContext context) {
		HealthContributorRegistry registry = context.getBean(HealthContributorRegistry.class);
		return (CompositeHealthContributor) Objects.requireNonNull(registry.getContributor("clientconn"));
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ClientConnAutoConfiguration.class, ClientConnHealthContributorAutoConfiguration.class })
	static class Application {

	}

}
