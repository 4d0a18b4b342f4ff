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

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import dev.clientconn.ClientConn;
import dev.clientconn.ConnectionsConfig;
import dev.clientconn.DeadlinePropagation;
import dev.clientconn.DialOptions;
import dev.clientconn.HedgingOptions;
import dev.clientconn.QueueLimits;
import dev.clientconn.RetryOptions;
import dev.clientconn.transport.KeepaliveParams;
import io.grpc.Codec;
import io.grpc.Metadata;
import io.netty.channel.EventLoopGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.core.task.TaskExecutor;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What properties of a channel make of its options.
 */
class ChannelPropertiesTests {

	private final CapturedOptions captured = new CapturedOptions();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class,
				TaskExecutionAutoConfiguration.class))
		.withBean(CapturedOptions.class, () -> this.captured)
		.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:1",
				"clientconn.channels.greeter.insecure=true");

	@Test
	void sizesAndCompression() {
		options("message.max-outbound-size=1KB", "call.compression=gzip");

		assertThat(greeter()).extracting("maxOutboundMessageSize").isEqualTo(1024);
		assertThat(greeter()).extracting("compressor").isInstanceOf(Codec.Gzip.class);
	}

	@Test
	void idleTimeoutOfTheChannelReplacesThatOfTheDefaults() {
		options("idle-timeout=0");
		assertThat(greeter()).extracting("idleTimeout").isEqualTo(Duration.ZERO);

		this.runner
			.withPropertyValues("clientconn.defaults.idle-timeout=30m", "clientconn.channels.greeter.idle-timeout=90s")
			.run((context) -> assertThat(greeter()).extracting("idleTimeout").isEqualTo(Duration.ofSeconds(90)));
	}

	@Test
	void healthChecksFollowTheServiceConfigUnlessSet() {
		options();
		assertThat(greeter()).extracting("healthCheck")
			.hasToString("HealthCheckOption[disabled=false, serviceName=null]");
		options("health-check.service-name=shop.Orders");
		assertThat(greeter()).extracting("healthCheck")
			.hasToString("HealthCheckOption[disabled=false, serviceName=shop.Orders]");
		options("health-check.enabled=true");
		assertThat(greeter()).extracting("healthCheck").hasToString("HealthCheckOption[disabled=false, serviceName=]");
		options("health-check.enabled=false", "health-check.service-name=shop.Orders");
		assertThat(greeter()).extracting("healthCheck")
			.hasToString("HealthCheckOption[disabled=true, serviceName=null]");
	}

	@Test
	void keepaliveIsOffUnlessATimeIsSet() {
		this.runner
			.withPropertyValues("clientconn.defaults.keepalive.timeout=5s",
					"clientconn.defaults.keepalive.without-calls=true")
			.run((context) -> assertThat(greeter()).extracting("keepalive").isNull());
	}

	@Test
	void keepaliveOfTheChannelJoinsThatOfTheDefaults() {
		this.runner
			.withPropertyValues("clientconn.defaults.keepalive.time=2m", "clientconn.defaults.keepalive.timeout=5s",
					"clientconn.channels.greeter.keepalive.time=1m",
					"clientconn.channels.greeter.keepalive.without-calls=true")
			.run((context) -> assertThat(greeter()).extracting("keepalive")
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
			.run((context) -> assertThat(greeter()).extracting("connections")
				.isEqualTo(new ConnectionsConfig(2, 0.2, Duration.ofSeconds(30), Duration.ofHours(1))));
	}

	@Test
	void connectionsHaveTheDefaultsOfTheEngine() {
		options("call.wait-for-ready=true");

		assertThat(greeter()).extracting("connections").isEqualTo(ConnectionsConfig.DEFAULT);
	}

	@Test
	void keepaliveHasTheDefaultsOfTheEngine() {
		options("keepalive.time=1m");

		assertThat(greeter()).extracting("keepalive").isEqualTo(KeepaliveParams.ofTime(Duration.ofMinutes(1)));
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
			.run((context) -> assertThat(greeter()).extracting("retry")
				.isEqualTo(RetryOptions.DEFAULT.withAvoidUsedAddresses(false)
					.withEnabled(false)
					.withBufferPerCall(64 * 1024)
					.withBufferPerChannel(1024 * 1024)
					.withBudget(new RetryOptions.Budget(0.1, 3))
					.withIdempotentMethods(List.of("shop.Orders/*", "shop.Stock/Get"))));
	}

	@Test
	void retriesHaveTheDefaultsOfTheEngine() {
		options();

		assertThat(greeter()).extracting("retry").isEqualTo(RetryOptions.DEFAULT);
	}

	@Test
	void hedgingIsOffUnlessAModeIsSet() {
		options("hedging.methods=shop.Orders/*", "hedging.delay=1s");

		assertThat(greeter()).extracting("hedging").isEqualTo(HedgingOptions.off().methods("shop.Orders/*"));
	}

	@Test
	void hedgingOfTheChannelJoinsThatOfTheDefaults() {
		this.runner
			.withPropertyValues("clientconn.defaults.hedging.max-extra-load=0.05",
					"clientconn.defaults.hedging.methods=shop.Stock/*", "clientconn.defaults.hedging.mode=fixed",
					"clientconn.channels.greeter.hedging.mode=adaptive",
					"clientconn.channels.greeter.hedging.max-attempts=3",
					"clientconn.channels.greeter.hedging.methods=shop.Orders/Get,shop.Orders/List")
			.run((context) -> assertThat(greeter()).extracting("hedging")
				.isEqualTo(
						HedgingOptions.adaptive(0.05).maxAttempts(3).methods("shop.Orders/Get", "shop.Orders/List")));
	}

	@Test
	void hedgingAfterAFixedTime() {
		options("hedging.mode=fixed", "hedging.delay=20ms");

		assertThat(greeter()).extracting("hedging").isEqualTo(HedgingOptions.fixed(Duration.ofMillis(20)));
	}

	@Test
	void deadlinesAndQueueOfTheChannelJoinThoseOfTheDefaults() {
		this.runner
			.withPropertyValues("clientconn.defaults.deadline.margin=50ms", "clientconn.defaults.queue.max-calls=7",
					"clientconn.channels.greeter.deadline.propagation=false",
					"clientconn.channels.greeter.queue.max-bytes=2MB")
			.run((context) -> {
				assertThat(greeter()).extracting("deadlinePropagation")
					.isEqualTo(new DeadlinePropagation(false, Duration.ofMillis(50)));
				assertThat(greeter()).extracting("queueLimits").isEqualTo(new QueueLimits(7, 2 * 1024 * 1024));
			});
	}

	@Test
	void deadlinesAndQueueHaveTheDefaultsOfTheEngine() {
		options("call.deadline=1s");

		assertThat(greeter()).extracting("deadlinePropagation").isEqualTo(DeadlinePropagation.DEFAULT);
		assertThat(greeter()).extracting("queueLimits").isEqualTo(new QueueLimits(10_000, 64 * 1024 * 1024));
	}

	@Test
	void identitySwitchesTheCompressionOfTheDefaultsOff() {
		this.runner
			.withPropertyValues("clientconn.defaults.call.compression=gzip",
					"clientconn.channels.greeter.call.compression=identity")
			.run((context) -> assertThat(greeter()).extracting("compressor").isSameAs(Codec.Identity.NONE));
	}

	@Test
	void metadataOfTheChannelJoinsThatOfTheDefaults() {
		try (HeaderServer server = new HeaderServer()) {
			this.runner
				.withPropertyValues(server.target(), "clientconn.defaults.call.metadata.x-tenant=none",
						"clientconn.defaults.call.metadata.x-region=eu",
						"clientconn.channels.greeter.call.metadata.X-Tenant=shop",
						"clientconn.channels.greeter.call.metadata[x.dotted]=yes")
				.run((context) -> {
					Metadata headers = server.headersOf(context.getBean(ClientConn.class));

					assertThat(headers.getAll(key("x-tenant"))).containsExactly("shop");
					assertThat(headers.getAll(key("x-region"))).containsExactly("eu");
					assertThat(headers.getAll(key("x.dotted"))).containsExactly("yes");
				});
		}
	}

	/** A refresh would connect anew for interceptors that differ. */
	@Test
	void metadataIsEqualIfItSaysTheSame() {
		String[] channels = { "one", "two", "three" };
		this.runner
			.withPropertyValues("clientconn.defaults.call.metadata.x-tenant=shop",
					"clientconn.channels.three.call.metadata.x-tenant=other",
					"clientconn.channels.three.target=static:127.0.0.1:1", "clientconn.channels.three.insecure=true")
			.run((context) -> {
				ClientConnProperties properties = context.getBean(ClientConnProperties.class);
				properties.getChannels().computeIfAbsent("one", (name) -> new ChannelProperties());
				properties.getChannels().computeIfAbsent("two", (name) -> new ChannelProperties());
				List<StaticMetadata> all = Stream.of(channels)
					.map((channel) -> StaticMetadata.of(ChannelSettings.of(properties, channel)))
					.toList();
				assertThat(all.get(0)).isEqualTo(all.get(1)).hasSameHashCodeAs(all.get(1)).isNotEqualTo(all.get(2));
				assertThat(all.get(0)).hasToString("StaticMetadata[x-tenant]");
			});
	}

	@Test
	void metadataOfTheCallWins() {
		try (HeaderServer server = new HeaderServer()) {
			this.runner.withPropertyValues(server.target(), "clientconn.channels.greeter.call.metadata.x-tenant=shop")
				.run((context) -> {
					Metadata ofCall = new Metadata();
					ofCall.put(key("x-tenant"), "mine");

					assertThat(server.headersOf(context.getBean(ClientConn.class), ofCall).getAll(key("x-tenant")))
						.containsExactly("mine");
				});
		}
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

	@Test
	void executorByName() {
		Executor executor = Runnable::run;
		this.runner.withBean("mine", Executor.class, () -> executor)
			.withPropertyValues("clientconn.defaults.executor=mine")
			.run((context) -> assertThat(greeter()).extracting("executor").isSameAs(executor));
	}

	@Test
	void withoutAnExecutorTheEngineUsesItsOwn() {
		options();

		assertThat(greeter()).extracting("executor").isNull();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void virtualThreadsWhereTheApplicationWantsThem() {
		this.runner.withPropertyValues("spring.threads.virtual.enabled=true")
			.run((context) -> assertThat(greeter()).extracting("executor")
				.isInstanceOf(VirtualThreadTaskExecutor.class));
	}

	@Test
	void eventLoopsAreSharedByAllChannelsAndEndAfterThem() {
		EventLoopGroup[] group = new EventLoopGroup[1];
		this.runner
			.withPropertyValues("clientconn.event-loop.threads=1",
					"clientconn.channels.other.target=static:127.0.0.1:1", "clientconn.channels.other.insecure=true")
			.run((context) -> {
				group[0] = context.getBean("clientConnEventLoopGroup", EventLoopGroup.class);
				assertThat(group[0]).hasSize(1);
				assertThat(greeter()).extracting("eventLoopGroup").isSameAs(group[0]);
				assertThat(this.captured.of("other")).extracting("eventLoopGroup").isSameAs(group[0]);
				// An EventLoopGroup is an Executor, which must not replace Boot's.
				assertThat(context.getBean(TaskExecutor.class)).isSameAs(context.getBean("applicationTaskExecutor"));
			});
		assertThat(group[0].isShuttingDown()).isTrue();
	}

	@Test
	void nobodyWaitsForTheEndOfTheEventLoops() {
		CountDownLatch gate = new CountDownLatch(1);
		EventLoopGroup[] group = new EventLoopGroup[1];
		try {
			CompletableFuture<Void> closed = CompletableFuture
				.runAsync(() -> this.runner.withPropertyValues("clientconn.event-loop.threads=1").run((context) -> {
					group[0] = context.getBean("clientConnEventLoopGroup", EventLoopGroup.class);
					group[0].submit(() -> gate.await(60, TimeUnit.SECONDS));
				}));
			assertThat(closed).succeedsWithin(Duration.ofSeconds(30));
			assertThat(group[0].isShuttingDown()).isTrue();
			assertThat(group[0].isTerminated()).isFalse();
		}
		finally {
			gate.countDown();
		}
	}

	@Test
	void eventLoopsOfTheApplication() {
		EventLoopGroup group = Mockito.mock(EventLoopGroup.class);
		this.runner.withBean("clientConnEventLoopGroup", EventLoopGroup.class, () -> group)
			.withPropertyValues("clientconn.event-loop.threads=2")
			.run((context) -> {
				assertThat(context).hasFailed(); // The engine knows no sockets for a
													// mock.
				assertThat(greeter()).extracting("eventLoopGroup").isSameAs(group);
			});
	}

	@Test
	void withoutAPropertyThereAreNoEventLoopsOfOurs() {
		this.runner.run((context) -> {
			assertThat(context).doesNotHaveBean("clientConnEventLoopGroup");
			assertThat(greeter()).extracting("eventLoopGroup").isNull();
		});
	}

	/**
	 * Every property has a reader, so that none can be forgotten between class and use.
	 */
	@Test
	void everyPropertyIsReadWhenAChannelIsDialed() {
		Set<String> read = new TreeSet<>();
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(allOfOurs()))
			.withBean(DiscoveryClient.class, () -> Mockito.mock(DiscoveryClient.class))
			.run((context) -> {
				context.getBean(ClientConnProperties.class)
					.getChannels()
					.put("greeter", recording(ChannelProperties.class, "", read));

				assertThatExceptionOfType(ClientConnConfigurationException.class)
					.isThrownBy(() -> context.getBean(ClientConnFactory.class).dial("greeter"))
					.withMessageContaining("clientconn.channels.greeter.target");
				context.getBeanProvider(DialOptionsCustomizer.class)
					.forEach((customizer) -> customizer.customize("greeter", DialOptions.builder()));
			});

		Set<String> forgotten = new TreeSet<>(UnknownProperties.known());
		forgotten.removeAll(read);
		// Read by the health of a channel, and where there is a bundle.
		assertThat(forgotten).containsExactly("health.enabled", "health.required", "ssl.on-update");
	}

	private void options(String... properties) {
		ApplicationContextRunner configured = this.runner;
		for (String property : properties) {
			configured = configured.withPropertyValues("clientconn.channels.greeter." + property);
		}
		configured.run((context) -> assertThat(context).hasNotFailed());
	}

	private static Class<?>[] allOfOurs() {
		return ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith("dev.clientconn."))
			.map((name) -> ClassUtils.resolveClassName(name, null))
			.toArray(Class<?>[]::new);
	}

	/** Properties without values that remember which of them somebody asked for. */
	private static <T> T recording(Class<T> type, String prefix, Set<String> read) {
		Map<Method, Object> groups = new HashMap<>();
		return Mockito.mock(type, (invocation) -> {
			Method getter = invocation.getMethod();
			String name = prefix + UnknownProperties.kebabCase(StringUtils.uncapitalize(getter.getName().substring(3)));
			if (UnknownProperties.isGroup(getter.getReturnType())) {
				return groups.computeIfAbsent(getter, (key) -> recording(getter.getReturnType(), name + ".", read));
			}
			read.add(name);
			if (Map.class.equals(getter.getReturnType())) {
				return Map.of();
			}
			return List.class.equals(getter.getReturnType()) ? List.of() : null;
		});
	}

	private DialOptions greeter() {
		return this.captured.of("greeter");
	}

	private static Metadata.Key<String> key(String name) {
		return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
	}

}
