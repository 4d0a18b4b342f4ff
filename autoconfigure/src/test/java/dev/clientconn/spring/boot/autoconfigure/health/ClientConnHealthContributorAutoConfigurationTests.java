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

import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributors;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
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

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ClientConnAutoConfiguration.class, ClientConnHealthContributorAutoConfiguration.class })
	static class Application {

	}

}
