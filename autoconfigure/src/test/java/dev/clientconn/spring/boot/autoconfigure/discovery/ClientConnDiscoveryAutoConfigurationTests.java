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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.clientconn.ClientConn;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.spring.boot.autoconfigure.ChannelSettings;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.ClientConnProperties;
import dev.clientconn.spring.boot.autoconfigure.DiscoveryProperties.OnEmpty;
import dev.clientconn.spring.boot.autoconfigure.TestCalls;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.publisher.Flux;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.CommonsClientAutoConfiguration;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
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

	private final ApplicationContextRunner reactive = this.runner
		.withBean(ReactiveDiscoveryClient.class,
				() -> new ReactiveClient(Flux.just(FakeRegistry.instance("127.0.0.1:1", "a", Map.of()))))
		.withPropertyValues("spring.cloud.discovery.blocking.enabled=false",
				"clientconn.channels.greeter.target=discovery:///greeter", "clientconn.channels.greeter.insecure=true");

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
						.containsExactlyInAnyOrder("127.0.0.1:1", "127.0.0.1:2"));
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
	void withBlockingClientsSwitchedOffTheReactiveOnesAreAsked() {
		this.reactive.run((context) -> {
			assertThat(context).hasSingleBean(Registry.class);
			ClientConn conn = context.getBean(ClientConn.class);
			TestCalls.start(conn);

			Awaitility.await()
				.atMost(Duration.ofSeconds(20))
				.untilAsserted(() -> assertThat(conn.snapshot().addresses()).extracting(AddressState::address)
					.containsExactly("127.0.0.1:1"));
			assertThat(conn.snapshot().addressList().details()).containsEntry("client", "reactive");
		});
	}

	@Test
	void whenAReactiveClientHangsTheLookupIsGivenUp() {
		AtomicBoolean cancelled = new AtomicBoolean();
		this.withoutRegistry
			.withBean(ReactiveDiscoveryClient.class,
					() -> new ReactiveClient(Flux.<ServiceInstance>never().doOnCancel(() -> cancelled.set(true))))
			.withPropertyValues("clientconn.channels.greeter.target=discovery:///greeter",
					"clientconn.channels.greeter.insecure=true", "clientconn.channels.greeter.discovery.timeout=2s")
			.run((context) -> {
				ClientConn conn = context.getBean(ClientConn.class);
				TestCalls.start(conn);

				Awaitility.await()
					.atMost(Duration.ofSeconds(20))
					.untilAsserted(() -> assertThat(conn.snapshot().addressList().lastError())
						.contains("no answer within PT2S"));
				Awaitility.await().atMost(Duration.ofSeconds(20)).untilTrue(cancelled);
			});
	}

	@Test
	void withBothTheBlockingClientIsAsked() {
		this.reactive.withPropertyValues("spring.cloud.discovery.blocking.enabled=true").run((context) -> {
			assertThat(context).hasSingleBean(Registry.class);
			assertThat(context).hasSingleBean(ClientConnDiscoveryAutoConfiguration.BlockingConfiguration.class);
		});
	}

	@Test
	void withoutReactorTheReactiveClientsAreNotAsked() {
		this.withoutRegistry.withBean(ReactiveDiscoveryClient.class, () -> new ReactiveClient(Flux.never()))
			.withClassLoader(new FilteredClassLoader("reactor.core"))
			.run((context) -> assertThat(context).doesNotHaveBean(Registry.class));
		this.runner.withClassLoader(new FilteredClassLoader("reactor.core")).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).hasSingleBean(Registry.class);
		});
	}

	@Test
	void everyPropertyReachesTheSettings() {
		this.runner
			.withPropertyValues("clientconn.channels.greeter.target=discovery:///greeter",
					"clientconn.channels.greeter.ssl.enabled=true", "clientconn.defaults.discovery.poll-interval=3s",
					"clientconn.defaults.discovery.idle-poll-interval=90s", "clientconn.defaults.discovery.timeout=2s",
					"clientconn.defaults.discovery.on-empty=honor", "clientconn.defaults.discovery.empty-hold=1m",
					"clientconn.defaults.discovery.shrink-guard=0.3",
					"clientconn.defaults.discovery.restart-detection=false",
					"clientconn.defaults.discovery.service-config=false",
					"clientconn.channels.greeter.discovery.service-id=greeter-grpc",
					"clientconn.channels.greeter.discovery.port=9090",
					"clientconn.channels.greeter.discovery.port-metadata-keys=a,b",
					"clientconn.channels.greeter.discovery.metadata-filter.version=2",
					"clientconn.channels.greeter.discovery.snapshot-directory=snapshots")
			.run((context) -> assertThat(settings(context)).isEqualTo(new DiscoverySettings("greeter", "greeter-grpc",
					new DiscoverySettings.Lookups(
							new LookupTimer.Intervals(Duration.ofSeconds(3), Duration.ofSeconds(90)),
							Duration.ofSeconds(2), Path.of("snapshots")),
					new DiscoverySettings.Holding(OnEmpty.HONOR, Duration.ofMinutes(1), 0.3, false),
					new DiscoverySettings.Instances(9090, List.of("a", "b"), Map.of("version", "2"), false, false))));
	}

	@Test
	void withoutPropertiesTheSettingsAreTheDefaults() {
		this.runner
			.withPropertyValues("clientconn.channels.default.target=discovery:///greeter",
					"clientconn.channels.default.insecure=true")
			.run((context) -> assertThat(settings(context)).isEqualTo(DiscoverySettings.DEFAULT));
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "timeout=0s|timeout: PT0S (expected: positive)",
			"empty-hold=-1s|emptyHold: PT-1S (expected: positive)",
			"shrink-guard=0|shrinkGuard: 0.0 (expected: above 0, at most 1)",
			"shrink-guard=1.1|shrinkGuard: 1.1 (expected: above 0, at most 1)", "port=0|port: 0 (expected: 1 to 65535)",
			"port=65536|port: 65536 (expected: 1 to 65535)", "service-id=   |serviceId: \"\" (expected: not blank)" })
	void valuesOutOfRangeNameTheirProperty(String property, String message) {
		this.runner
			.withPropertyValues("clientconn.channels.greeter.target=discovery:///greeter",
					"clientconn.channels.greeter.insecure=true", "clientconn.channels.greeter.discovery." + property)
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("clientconn.channels.greeter.discovery." + property.split("=")[0])
				.rootCause()
				.hasMessageContaining(message));
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

	private static DiscoverySettings settings(AssertableApplicationContext context) {
		ClientConnProperties properties = context.getBean(ClientConnProperties.class);
		String channel = properties.getChannels().keySet().iterator().next();
		return DiscoverySettings.of(ChannelSettings.of(properties, channel), channel);
	}

	private record ReactiveClient(Flux<ServiceInstance> instances) implements ReactiveDiscoveryClient {

		@Override
		public String description() {
			return "reactive";
		}

		@Override
		public Flux<ServiceInstance> getInstances(String serviceId) {
			return this.instances;
		}

		@Override
		public Flux<String> getServices() {
			return Flux.empty();
		}

	}

}
