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

import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

class ClientConnEndpointAutoConfigurationTests {

	private static final String[] PROPERTIES = { "management.endpoints.web.exposure.include=clientconn",
			"clientconn.channels.greeter.target=static:127.0.0.1:1", "clientconn.channels.greeter.insecure=true" };

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(ClientConnAutoConfiguration.class, ClientConnEndpointAutoConfiguration.class))
		.withPropertyValues(PROPERTIES);

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withUserConfiguration(Application.class)
		.withPropertyValues(PROPERTIES);

	@Test
	void anExposedEndpointShowsTheChannels() {
		this.runner.run((context) -> {
			ClientConnEndpoint endpoint = context.getBean(ClientConnEndpoint.class);
			assertThat(endpoint.channels().channels()).containsOnlyKeys("greeter");
			assertThat(endpoint.channel("greeter")).extracting(ChannelDescriptor::target)
				.isEqualTo("static:127.0.0.1:1");
			assertThat(endpoint.channel("greter")).isNull();
			assertThat(endpoint.address("greeter", "127.0.0.1:9")).isNull();
			assertThat(endpoint.address("greter", "127.0.0.1:1")).isNull();
		});
	}

	@Test
	void overJmxAloneThereIsNoWebExtension() {
		this.runner
			.withPropertyValues("management.endpoints.web.exposure.include=health", "spring.jmx.enabled=true",
					"management.endpoints.jmx.exposure.include=clientconn")
			.run((context) -> {
				assertThat(context).hasSingleBean(ClientConnEndpoint.class);
				assertThat(context).hasSingleBean(ClientConnEndpointJmxExtension.class);
				assertThat(context).doesNotHaveBean(ClientConnEndpointWebExtension.class);
			});
	}

	@Test
	void overTheWebThereIsAnExtension() {
		this.runner.run((context) -> {
			assertThat(context).hasSingleBean(ClientConnEndpointWebExtension.class);
			assertThat(context).doesNotHaveBean(ClientConnEndpointJmxExtension.class);
		});
	}

	@Test
	void whenNotExposedItBacksOff() {
		this.runner.withPropertyValues("management.endpoints.web.exposure.include=health")
			.run((context) -> assertThat(context).doesNotHaveBean(ClientConnEndpoint.class));
	}

	@Test
	void whenActuatorIsAbsentItBacksOff() {
		// As in an application, where those that lack a class are filtered by name.
		this.application.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean("clientConnEndpoint");
		});
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ClientConnAutoConfiguration.class, ClientConnEndpointAutoConfiguration.class })
	static class Application {

	}

}
