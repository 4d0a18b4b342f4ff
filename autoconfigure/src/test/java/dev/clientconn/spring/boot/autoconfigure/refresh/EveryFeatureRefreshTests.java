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

package dev.clientconn.spring.boot.autoconfigure.refresh;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import dev.clientconn.ClientConn;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.ConnectivitySnapshot.Event;
import dev.clientconn.balancer.Balancer;
import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.balancer.Balancers;
import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver;
import dev.clientconn.naming.Target;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.ClientConnDetails;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import dev.clientconn.spring.boot.autoconfigure.DialOptionsCustomizer;
import dev.clientconn.spring.boot.autoconfigure.GlobalClientInterceptor;
import dev.clientconn.spring.boot.autoconfigure.binarylog.ClientConnBinaryLogAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.codec.ClientConnCodecAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.credentials.ClientConnCredentialsAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.credentials.ClientConnOAuth2AutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.discovery.ClientConnDiscoveryAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.metrics.ClientConnMetricsAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.observation.ClientConnObservationAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.springgrpc.ClientConnSpringGrpcAutoConfiguration;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.testing.Certificates;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.transport.PerRpcCredentials;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Codec;
import io.grpc.ConnectivityState;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.CompositeChannelFactoryAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientObservationAutoConfiguration;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.client.CommonsClientAutoConfiguration;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration;
import org.springframework.cloud.commons.util.UtilAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A refresh without a change, in an application that uses all there is: no feature may
 * look different only because it was asked again.
 */
@ExtendWith(OutputCaptureExtension.class)
class EveryFeatureRefreshTests {

	private final Certificates certificates = new Certificates();

	private final EchoServer plaintext = EchoServer.started();

	private final EchoServer tls = new EchoServer().tls(this.certificates.localhost()).start();

	private final Map<String, Object> properties = new HashMap<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, RefreshAutoConfiguration.class,
				ConfigurationPropertiesRebinderAutoConfiguration.class, ClientConnAutoConfiguration.class,
				ClientConnRefreshAutoConfiguration.class))
		.withConfiguration(AutoConfigurations.of(ClientConnBinaryLogAutoConfiguration.class,
				ClientConnCodecAutoConfiguration.class))
		.withConfiguration(AutoConfigurations.of(OAuth2ClientAutoConfiguration.class,
				ClientConnCredentialsAutoConfiguration.class, ClientConnOAuth2AutoConfiguration.class))
		.withConfiguration(AutoConfigurations.of(UtilAutoConfiguration.class, CommonsClientAutoConfiguration.class,
				SimpleDiscoveryClientAutoConfiguration.class, CompositeDiscoveryClientAutoConfiguration.class,
				ClientConnDiscoveryAutoConfiguration.class))
		.withConfiguration(
				AutoConfigurations.of(MetricsAutoConfiguration.class, CompositeMeterRegistryAutoConfiguration.class,
						SimpleMetricsExportAutoConfiguration.class, ObservationAutoConfiguration.class,
						ClientConnMetricsAutoConfiguration.class, ClientConnObservationAutoConfiguration.class))
		.withConfiguration(
				AutoConfigurations.of(GrpcClientAutoConfiguration.class, CompositeChannelFactoryAutoConfiguration.class,
						GrpcClientObservationAutoConfiguration.class, ClientConnSpringGrpcAutoConfiguration.class))
		.withUserConfiguration(Beans.class)
		.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("changing", this.properties)));

	@TempDir
	private Path files;

	@AfterEach
	void closeServers() {
		this.plaintext.close();
		this.tls.close();
	}

	@Test
	void nothingHappensWhereNothingChanged(CapturedOutput output) throws Exception {
		configure();
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			Map<String, ClientConn> conns = connected(context.getBean(ClientConns.class));
			Map<String, List<List<Event>>> before = events(conns);
			int connections = this.plaintext.connections() + this.tls.connections();
			LoggingSystem.get(getClass().getClassLoader()).setLogLevel("dev.clientconn", LogLevel.INFO);
			int length = output.toString().length();
			try {
				RefreshScenario.change(context);
				RefreshScenario.change(context);
				fence(context, conns, () -> output.toString().substring(length));
			}
			finally {
				LoggingSystem.get(getClass().getClassLoader()).setLogLevel("dev.clientconn", null);
			}

			// Spring Cloud rebinds the instances of its simple client one by one: a
			// look-up in between finds none.
			assertThat(output.toString().substring(length).lines())
				.filteredOn((line) -> !line.contains("DiscoveryResolution"))
				.as("only the fence of each channel")
				.hasSize(conns.size())
				.allMatch((line) -> line.endsWith("changed in place: [defaultDeadline]"));
			assertThat(events(conns)).isEqualTo(before);
			assertThat(this.plaintext.connections() + this.tls.connections()).isEqualTo(connections)
				.isEqualTo(conns.size());
		});
	}

	private static Map<String, ClientConn> connected(ClientConns channels) {
		Map<String, ClientConn> conns = new LinkedHashMap<>();
		channels.forEach(conns::put);
		conns.values().forEach((conn) -> conn.getState(true));
		conns.forEach((channel, conn) -> RefreshScenario.await()
			.alias(channel)
			.until(() -> conn.getState(false) == ConnectivityState.READY));
		return conns;
	}

	private static Map<String, List<List<Event>>> events(Map<String, ClientConn> conns) {
		Map<String, List<List<Event>>> events = new LinkedHashMap<>();
		conns.forEach((channel, conn) -> events.put(channel,
				conn.snapshot().addresses().stream().map(AddressState::events).toList()));
		return events;
	}

	/** A change of each channel that can be seen: what came before it has been done. */
	private void fence(ConfigurableApplicationContext context, Map<String, ClientConn> conns, Supplier<String> log) {
		conns.keySet().forEach((channel) -> this.properties.put(property(channel, "call.deadline"), "1h"));
		RefreshScenario.change(context);
		RefreshScenario.await()
			.until(() -> log.get().lines().filter((line) -> line.contains("defaultDeadline")).count() == conns.size());
	}

	private void configure() throws Exception {
		Path token = Files.writeString(this.files.resolve("token"), "abc");
		Path serviceConfig = Files.writeString(this.files.resolve("service-config.json"),
				"{\"methodConfig\":[{\"name\":[{}],\"timeout\":\"5s\"}]}");
		this.properties.put("spring.ssl.bundle.pem.internal.truststore.certificate",
				this.certificates.authority().getCertificatePEM());
		this.properties.put("spring.cloud.discovery.client.simple.instances.orders[0].uri",
				"http://" + this.plaintext.address().addr());
		String registration = "spring.security.oauth2.client.registration.orders.";
		this.properties.put(registration + "provider", "idp");
		this.properties.put(registration + "client-id", "me");
		this.properties.put(registration + "client-secret", "s3cret");
		this.properties.put(registration + "authorization-grant-type", "client_credentials");
		this.properties.put("spring.security.oauth2.client.provider.idp.token-uri", "http://127.0.0.1:1/token");
		this.properties.put("spring.threads.virtual.enabled", "true");
		this.properties.put("clientconn.event-loop.threads", "2");
		this.properties.put("clientconn.metrics.histogram", "true");
		this.properties.put("clientconn.defaults.interceptors", "named");
		this.properties.put("clientconn.defaults.call.metadata.x-a", "b");
		this.properties.put("clientconn.defaults.service-config.method-config[0].name[0].service", "test");
		this.properties.put("clientconn.defaults.service-config.method-config[0].timeout", "5s");
		this.properties.put("clientconn.defaults.backoff.base-delay", "2s");
		this.properties.put("clientconn.defaults.credentials.require-tls", "false");

		channel("basic", this.plaintext, Map.of("credentials.basic.username", "me", "credentials.basic.password", "p",
				"call.compression", "gzip", "executor", "callbacks"));
		channel("bearer", this.plaintext, Map.of("credentials.bearer.token", "abc", "call.compression", "own",
				"balancer.policy", "pick-first", "message.max-inbound-size", "8MB"));
		channel("file", this.plaintext, Map.of("credentials.bearer.token-location", "file:" + token,
				"service-config-location", "file:" + serviceConfig));
		channel("logged", this.plaintext, Map.of("binary-log.enabled", "true", "binary-log.file",
				this.files.resolve("calls.bin").toString(), "call.codec", "json"));
		channel("oauth", this.plaintext, Map.of("credentials.oauth2.registration-id", "orders"));
		channel("bean", this.plaintext, Map.of("credentials.bean", "fixed", "balancer.policy", "own"));
		channel("resolver", this.plaintext, Map.of("target", "own:///" + this.plaintext.address().addr()));
		channel("registry", this.plaintext, Map.of("target", "discovery:///orders", "discovery.snapshot-directory",
				this.files.resolve("snapshots").toString(), "discovery.poll-interval", "1h"));
		channel("bundle", this.tls, Map.of("insecure", "false", "ssl.bundle", "internal", "authority", "localhost"));
		channel("details", this.tls, Map.of("insecure", "false", "authority", "localhost"));
		this.properties.put(property("details", "target"), "static:127.0.0.1:1");
		this.properties.put("details.target", RefreshScenario.target(this.tls));
	}

	private void channel(String name, EchoServer server, Map<String, String> settings) {
		this.properties.put(property(name, "target"), RefreshScenario.target(server));
		this.properties.put(property(name, "insecure"), "true");
		settings.forEach((leaf, value) -> this.properties.put(property(name, leaf), value));
	}

	private static String property(String channel, String leaf) {
		return "clientconn.channels." + channel + "." + leaf;
	}

	/**
	 * One bean of each kind that a channel takes.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Beans {

		@Bean
		@GlobalClientInterceptor
		ClientInterceptor global() {
			return new Passing();
		}

		@Bean
		ClientInterceptor named() {
			return new Passing();
		}

		@Bean
		PerRpcCredentials ofAll() {
			return PerRpcCredentials.of(Mockito.mock(CallCredentials.class));
		}

		@Bean
		CallCredentials fixed() {
			return Mockito.mock(CallCredentials.class);
		}

		@Bean
		Codec codec() {
			Codec codec = Mockito.mock(Codec.class);
			Mockito.when(codec.getMessageEncoding()).thenReturn("own");
			return codec;
		}

		@Bean(defaultCandidate = false)
		Executor callbacks() {
			return Runnable::run;
		}

		@Bean
		StatsHandler stats() {
			return new StatsHandler() {
			};
		}

		@Bean
		DialOptionsCustomizer customizer() {
			return (channel, builder) -> builder.userAgent(channel);
		}

		@Bean
		ClientConnDetails details(Environment environment, SslBundles bundles) {
			return new ClientConnDetails() {

				@Override
				public @Nullable String getTarget(String channel) {
					return channel.equals("details") ? environment.getRequiredProperty("details.target") : null;
				}

				@Override
				public SslBundle getSslBundle(String channel) {
					return bundles.getBundle("internal");
				}

			};
		}

		@Bean
		Resolver resolver() {
			return new Resolver() {

				@Override
				public String scheme() {
					return "own";
				}

				@Override
				public String authority(Target target) {
					return target.endpoint();
				}

				@Override
				public Resolution resolve(Target target, Context context, AddressListener listener) {
					listener.onAddresses(List.of(Address.of(target.endpoint())));
					return Mockito.mock(Resolution.class);
				}

			};
		}

		@Bean
		BalancerProvider balancer() {
			return new BalancerProvider() {

				@Override
				public String policy() {
					return "own";
				}

				@Override
				public Balancer newBalancer() {
					return Balancers.forPolicy("pick_first").newBalancer();
				}

			};
		}

	}

	private static final class Passing implements ClientInterceptor {

		@Override
		public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options, Channel next) {
			return next.newCall(method, options);
		}

	}

}
