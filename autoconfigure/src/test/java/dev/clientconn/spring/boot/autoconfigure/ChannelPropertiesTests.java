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

package dev.clientconn.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.List;

import dev.clientconn.ClientConn;
import dev.clientconn.ConnectionsConfig;
import dev.clientconn.DeadlinePropagation;
import dev.clientconn.HedgingOptions;
import dev.clientconn.QueueLimits;
import dev.clientconn.RetryOptions;
import dev.clientconn.transport.KeepaliveParams;
import io.grpc.Codec;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What properties of a channel make of its options.
 */
class ChannelPropertiesTests {

	private final CapturedOptions captured = new CapturedOptions();

	private final ApplicationContextRunner runner = this.captured.runner();

	@Test
	void sizesAndCompression() {
		this.captured.options("message.max-outbound-size=1KB", "call.compression=gzip");

		assertThat(this.captured.greeter()).extracting("maxOutboundMessageSize").isEqualTo(1024);
		assertThat(this.captured.greeter()).extracting("compressor").isInstanceOf(Codec.Gzip.class);
	}

	@Test
	void idleTimeoutOfTheChannelReplacesThatOfTheDefaults() {
		this.captured.options("idle-timeout=0");
		assertThat(this.captured.greeter()).extracting("idleTimeout").isEqualTo(Duration.ZERO);

		this.runner
			.withPropertyValues("clientconn.defaults.idle-timeout=30m", "clientconn.channels.greeter.idle-timeout=90s")
			.run((context) -> assertThat(this.captured.greeter()).extracting("idleTimeout")
				.isEqualTo(Duration.ofSeconds(90)));
	}

	@Test
	void healthChecksFollowTheServiceConfigUnlessSet() {
		this.captured.options();
		assertThat(this.captured.greeter()).extracting("healthCheck")
			.hasToString("HealthCheckOption[disabled=false, serviceName=null]");
		this.captured.options("health-check.service-name=shop.Orders");
		assertThat(this.captured.greeter()).extracting("healthCheck")
			.hasToString("HealthCheckOption[disabled=false, serviceName=shop.Orders]");
		this.captured.options("health-check.enabled=true");
		assertThat(this.captured.greeter()).extracting("healthCheck")
			.hasToString("HealthCheckOption[disabled=false, serviceName=]");
		this.captured.options("health-check.enabled=false", "health-check.service-name=shop.Orders");
		assertThat(this.captured.greeter()).extracting("healthCheck")
			.hasToString("HealthCheckOption[disabled=true, serviceName=null]");
	}

	@Test
	void keepaliveIsOffUnlessATimeIsSet() {
		this.runner
			.withPropertyValues("clientconn.defaults.keepalive.timeout=5s",
					"clientconn.defaults.keepalive.without-calls=true")
			.run((context) -> assertThat(this.captured.greeter()).extracting("keepalive").isNull());
	}

	@Test
	void keepaliveOfTheChannelJoinsThatOfTheDefaults() {
		this.runner
			.withPropertyValues("clientconn.defaults.keepalive.time=2m", "clientconn.defaults.keepalive.timeout=5s",
					"clientconn.channels.greeter.keepalive.time=1m",
					"clientconn.channels.greeter.keepalive.without-calls=true")
			.run((context) -> assertThat(this.captured.greeter()).extracting("keepalive")
				.isEqualTo(new KeepaliveParams(Duration.ofMinutes(1), Duration.ofSeconds(5), true)));
	}

	@Test
	void connectionsOfTheChannelJoinThoseOfTheDefaults() {
		this.runner
			.withPropertyValues("clientconn.defaults.connections.max-per-address=4",
					"clientconn.defaults.connections.min-headroom=0.2",
					"clientconn.defaults.connections.scale-down-after=30s",
					"clientconn.channels.greeter.connections.max-per-address=2",
					"clientconn.channels.greeter.connections.max-age=1h")
			.run((context) -> assertThat(this.captured.greeter()).extracting("connections")
				.isEqualTo(new ConnectionsConfig(2, 0.2, Duration.ofSeconds(30), Duration.ofHours(1))));
	}

	@Test
	void connectionsHaveTheDefaultsOfTheEngine() {
		this.captured.options("call.wait-for-ready=true");

		assertThat(this.captured.greeter()).extracting("connections").isEqualTo(ConnectionsConfig.DEFAULT);
	}

	@Test
	void keepaliveHasTheDefaultsOfTheEngine() {
		this.captured.options("keepalive.time=1m");

		assertThat(this.captured.greeter()).extracting("keepalive")
			.isEqualTo(KeepaliveParams.ofTime(Duration.ofMinutes(1)));
	}

	@Test
	void retriesOfTheChannelJoinThoseOfTheDefaults() {
		this.runner
			.withPropertyValues("clientconn.defaults.retry.budget.ratio=0.1",
					"clientconn.defaults.retry.buffer-per-call=64KB", "clientconn.defaults.retry.enabled=true",
					"clientconn.channels.greeter.retry.enabled=false",
					"clientconn.channels.greeter.retry.buffer-per-channel=1MB",
					"clientconn.defaults.retry.avoid-used-addresses=false",
					"clientconn.channels.greeter.retry.budget.min-per-second=3",
					"clientconn.channels.greeter.retry.idempotent-methods=shop.Orders/*,shop.Stock/Get")
			.run((context) -> assertThat(this.captured.greeter()).extracting("retry")
				.isEqualTo(RetryOptions.DEFAULT.withAvoidUsedAddresses(false)
					.withEnabled(false)
					.withBufferPerCall(64 * 1024)
					.withBufferPerChannel(1024 * 1024)
					.withBudget(new RetryOptions.Budget(0.1, 3))
					.withIdempotentMethods(List.of("shop.Orders/*", "shop.Stock/Get"))));
	}

	@Test
	void retriesHaveTheDefaultsOfTheEngine() {
		this.captured.options();

		assertThat(this.captured.greeter()).extracting("retry").isEqualTo(RetryOptions.DEFAULT);
	}

	@Test
	void hedgingIsOffUnlessAModeIsSet() {
		this.captured.options("hedging.methods=shop.Orders/*", "hedging.delay=1s");

		assertThat(this.captured.greeter()).extracting("hedging")
			.isEqualTo(HedgingOptions.off().methods("shop.Orders/*"));
	}

	@Test
	void hedgingOfTheChannelJoinsThatOfTheDefaults() {
		this.runner
			.withPropertyValues("clientconn.defaults.hedging.max-extra-load=0.05",
					"clientconn.defaults.hedging.methods=shop.Stock/*", "clientconn.defaults.hedging.mode=fixed",
					"clientconn.channels.greeter.hedging.mode=adaptive",
					"clientconn.channels.greeter.hedging.max-attempts=3",
					"clientconn.channels.greeter.hedging.methods=shop.Orders/Get,shop.Orders/List")
			.run((context) -> assertThat(this.captured.greeter()).extracting("hedging")
				.isEqualTo(
						HedgingOptions.adaptive(0.05).maxAttempts(3).methods("shop.Orders/Get", "shop.Orders/List")));
	}

	@Test
	void hedgingAfterAFixedTime() {
		this.captured.options("hedging.mode=fixed", "hedging.delay=20ms");

		assertThat(this.captured.greeter()).extracting("hedging")
			.isEqualTo(HedgingOptions.fixed(Duration.ofMillis(20)));
	}

	@Test
	void deadlinesAndQueueOfTheChannelJoinThoseOfTheDefaults() {
		this.runner
			.withPropertyValues("clientconn.defaults.deadline.margin=50ms", "clientconn.defaults.queue.max-calls=7",
					"clientconn.channels.greeter.deadline.propagation=false",
					"clientconn.channels.greeter.queue.max-bytes=2MB")
			.run((context) -> {
				assertThat(this.captured.greeter()).extracting("deadlinePropagation")
					.isEqualTo(new DeadlinePropagation(false, Duration.ofMillis(50)));
				assertThat(this.captured.greeter()).extracting("queueLimits")
					.isEqualTo(new QueueLimits(7, 2 * 1024 * 1024));
			});
	}

	@Test
	void deadlinesAndQueueHaveTheDefaultsOfTheEngine() {
		this.captured.options("call.deadline=1s");

		assertThat(this.captured.greeter()).extracting("deadlinePropagation").isEqualTo(DeadlinePropagation.DEFAULT);
		assertThat(this.captured.greeter()).extracting("queueLimits")
			.isEqualTo(new QueueLimits(10_000, 64 * 1024 * 1024));
	}

	@Test
	void identitySwitchesTheCompressionOfTheDefaultsOff() {
		this.runner
			.withPropertyValues("clientconn.defaults.call.compression=gzip",
					"clientconn.channels.greeter.call.compression=identity")
			.run((context) -> assertThat(this.captured.greeter()).extracting("compressor")
				.isSameAs(Codec.Identity.NONE));
	}

	@Test
	void serviceConfigOfAChannelReplacesThatOfTheDefaults() {
		this.runner
			.withPropertyValues("clientconn.defaults.service-config.methodConfig[0].name[0].service=",
					"clientconn.defaults.service-config.methodConfig[0].waitForReady=true",
					"clientconn.channels.greeter.service-config.method-config[0].name[0].service=shop.Orders",
					"clientconn.channels.greeter.service-config.method-config[0].timeout=50ms")
			.run((context) -> {
				ClientConn conn = context.getBean(ClientConn.class);

				assertThat(conn.methodConfig("shop.Orders/Get").timeout()).hasMillis(50);
				assertThat(conn.methodConfig("shop.Other/Get").waitForReady()).isNull();
			});
	}

	@Test
	void serviceConfigFromAFile() {
		this.runner
			.withPropertyValues("clientconn.defaults.service-config.loadBalancingPolicy=none",
					"clientconn.channels.greeter.service-config-location=classpath:service-config.json")
			.run((context) -> assertThat(context.getBean(ClientConn.class).methodConfig("shop.Orders/Get").timeout())
				.hasMillis(1500));
	}

}
