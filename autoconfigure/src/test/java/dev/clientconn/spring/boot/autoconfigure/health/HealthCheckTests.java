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

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.actuate.ClientConnEndpoint;
import dev.clientconn.spring.boot.autoconfigure.actuate.ClientConnEndpointAutoConfiguration;
import io.grpc.ConnectivityState;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.health.registry.HealthContributorRegistry;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What an application sees of a server that says it does not serve.
 */
class HealthCheckTests {

	private final HealthStatusManager manager = new HealthStatusManager();

	private Server server;

	@BeforeEach
	void start() throws IOException {
		this.server = NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", 0))
			.addService(this.manager.getHealthService())
			.build()
			.start();
	}

	@AfterEach
	void stop() {
		this.server.shutdownNow();
	}

	@Test
	void aServerThatDoesNotServeLowersTheHealthAndSaysWhy() {
		this.manager.setStatus("shop.Orders", ServingStatus.NOT_SERVING);
		runner("health-check.service-name=shop.Orders").run((context) -> {
			ClientConn conn = context.getBean(ClientConn.class);
			await(conn, ConnectivityState.TRANSIENT_FAILURE);
			String address = "127.0.0.1:" + this.server.getPort();

			Health health = health(context);
			assertThat(health.getStatus()).isEqualTo(Status.OUT_OF_SERVICE);
			assertThat(health.getDetails()).containsEntry("causes",
					Map.of(address, address + ": connected, but the health check says NOT_SERVING of shop.Orders"));
			assertThat(context.getBean(ClientConnEndpoint.class).address("greeter", address).healthCheck())
				.satisfies((check) -> {
					assertThat(check.serviceName()).isEqualTo("shop.Orders");
					assertThat(check.status()).isEqualTo("NOT_SERVING");
					assertThat(check.since()).isNotNull();
				});

			this.manager.setStatus("shop.Orders", ServingStatus.SERVING);
			await(conn, ConnectivityState.READY);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
		});
	}

	@Test
	void theServiceConfigSwitchesItOnAndThePropertyOff() {
		this.manager.setStatus("shop.Orders", ServingStatus.NOT_SERVING);
		String config = "service-config.health-check-config.service-name=shop.Orders";
		runner(config).run((context) -> await(context.getBean(ClientConn.class), ConnectivityState.TRANSIENT_FAILURE));
		runner(config, "health-check.enabled=false")
			.run((context) -> await(context.getBean(ClientConn.class), ConnectivityState.READY));
	}

	private ApplicationContextRunner runner(String... properties) {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ClientConnAutoConfiguration.class,
					ClientConnEndpointAutoConfiguration.class, ClientConnHealthContributorAutoConfiguration.class,
					HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class))
			.withPropertyValues("management.endpoints.web.exposure.include=clientconn",
					"clientconn.channels.greeter.insecure=true",
					"clientconn.channels.greeter.target=static:127.0.0.1:" + this.server.getPort());
		for (String property : properties) {
			runner = runner.withPropertyValues("clientconn.channels.greeter." + property);
		}
		return runner;
	}

	private static Health health(ApplicationContext context) {
		CompositeHealthContributor component = (CompositeHealthContributor) context
			.getBean(HealthContributorRegistry.class)
			.getContributor("clientconn");
		return ((HealthIndicator) component.getContributor("greeter")).health(true);
	}

	private static void await(ClientConn conn, ConnectivityState state) {
		Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> conn.getState(true) == state);
	}

}
