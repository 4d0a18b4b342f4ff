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

package dev.clientconn.spring.boot.autoconfigure.actuate;

import java.util.Map;

import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class ClientConnInfoContributorAutoConfigurationTests {

	private static final String[] PROPERTIES = { "clientconn.channels.greeter.target=static:127.0.0.1:1,127.0.0.1:2",
			"clientconn.channels.greeter.insecure=true", "clientconn.channels.greeter.connect.mode=lazy" };

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClientConnAutoConfiguration.class,
				ClientConnInfoContributorAutoConfiguration.class))
		.withPropertyValues(PROPERTIES);

	@Test
	void itIsOptIn() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(ClientConnInfoContributor.class));
		this.runner.withPropertyValues("management.info.defaults.enabled=true")
			.run((context) -> assertThat(context).doesNotHaveBean(ClientConnInfoContributor.class));
	}

	@Test
	void itCountsChannelsAndAddresses() {
		this.runner.withPropertyValues("management.info.clientconn.enabled=true").run((context) -> {
			Info.Builder builder = new Info.Builder();
			context.getBean(ClientConnInfoContributor.class).contribute(builder);

			// Nothing is dialled before the first call.
			assertThat(builder.build().get("clientconn")).asInstanceOf(InstanceOfAssertFactories.MAP)
				.containsOnlyKeys("version", "channels", "addresses")
				.containsEntry("channels", 1)
				.containsEntry("addresses", Map.of());
		});
	}

	@Test
	void whenActuatorIsAbsentItBacksOff() {
		new ApplicationContextRunner().withUserConfiguration(Application.class)
			.withPropertyValues(PROPERTIES)
			.withPropertyValues("management.info.clientconn.enabled=true")
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).doesNotHaveBean("clientConnInfoContributor");
			});
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ClientConnAutoConfiguration.class, ClientConnInfoContributorAutoConfiguration.class })
	static class Application {

	}

}
