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

package dev.clientconn.spring.boot.autoconfigure.discovery;

import java.time.Duration;

import dev.clientconn.ClientConn;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.TestCalls;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.CommonsClientAutoConfiguration;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;

import static org.assertj.core.api.Assertions.assertThat;

class ClientConnDiscoveryAutoConfigurationTests {

	private final ApplicationContextRunner withoutRegistry = new ApplicationContextRunner().withConfiguration(
			AutoConfigurations.of(ClientConnAutoConfiguration.class, ClientConnDiscoveryAutoConfiguration.class));

	private final ApplicationContextRunner runner = this.withoutRegistry
		.withConfiguration(AutoConfigurations.of(UtilAutoConfiguration.class, CommonsClientAutoConfiguration.class,
				SimpleDiscoveryClientAutoConfiguration.class, CompositeDiscoveryClientAutoConfiguration.class));

	@Test
	void addressesComeFromTheRegistry() {
		this.runner
			.withPropertyValues("spring.cloud.discovery.client.simple.instances.greeter[0].uri=http://127.0.0.1:1",
					"spring.cloud.discovery.client.simple.instances.greeter[1].uri=http://127.0.0.1:8080",
					"spring.cloud.discovery.client.simple.instances.greeter[1].metadata.grpc.port=2",
					"clientconn.channels.greeter.target=discovery:///greeter",
					"clientconn.channels.greeter.insecure=true")
			.run((context) -> {
				ClientConn conn = context.getBean(ClientConn.class);
				assertThat(conn.authority()).isEqualTo("greeter");
				assertThat(conn.snapshot().addresses()).isEmpty();

				TestCalls.start(conn);

				Awaitility.await()
					.atMost(Duration.ofSeconds(5))
					.untilAsserted(() -> assertThat(conn.snapshot().addresses()).extracting(AddressState::address)
						.containsExactly("127.0.0.1:1", "127.0.0.1:2"));
			});
	}

	@Test
	void whenSpringCloudIsAbsentItBacksOff() {
		this.withoutRegistry.withClassLoader(new FilteredClassLoader(DiscoveryClient.class)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(RegistryEvents.class);
		});
	}

	@Test
	void whenSpringCloudContextIsAbsentItDoesWithoutItsEvents() {
		this.runner.withClassLoader(new FilteredClassLoader(EnvironmentChangeEvent.class)).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).hasSingleBean(RegistryEvents.class);
			assertThat(context).doesNotHaveBean(RefreshEvents.class);
		});
	}

	@Test
	void whenThereIsNoRegistryItBacksOff() {
		this.withoutRegistry.run((context) -> assertThat(context).doesNotHaveBean(RegistryEvents.class));
	}

	@Test
	void whenDisabledItBacksOff() {
		this.runner.withPropertyValues("clientconn.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(RegistryEvents.class));
	}

	@Test
	void badSettingsNameTheirProperty() {
		this.runner
			.withPropertyValues("clientconn.channels.greeter.target=discovery:///greeter",
					"clientconn.channels.greeter.insecure=true", "clientconn.defaults.discovery.poll-interval=-1s")
			.run((context) -> assertThat(context.getStartupFailure()).rootCause()
				.hasMessageContaining("pollInterval: PT-1S (expected: positive)"));
	}

}
