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

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

import dev.clientconn.ClientConn;
import dev.clientconn.balancer.Balancer;
import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.balancer.Balancers;
import dev.clientconn.serviceconfig.HedgingPolicy;
import dev.clientconn.serviceconfig.RetryPolicy;
import dev.clientconn.serviceconfig.RetryThrottling;
import dev.clientconn.serviceconfig.ServiceConfig;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.core.io.Resource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ChannelServiceConfig}: the ways to write a service config, and what is
 * said of a wrong one.
 */
class ChannelServiceConfigTests {

	private static final String CONFIG = "clientconn.channels.greeter.service-config";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClientConnAutoConfiguration.class))
		.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:1",
				"clientconn.channels.greeter.insecure=true");

	@Test
	void aTree() {
		yaml("""
				clientconn.channels.greeter.service-config:
				  load-balancing-config: [ { pick-first: } ]
				  method-config:
				  - name: [ { service: shop.Orders, method: Get } ]
				    timeout: 50ms
				    wait-for-ready: on
				    max-request-message-bytes: 1KB
				    retry-policy:
				      max-attempts: 3
				      initial-backoff: 50ms
				      max-backoff: PT1S
				      backoff-multiplier: 1.5
				      retryable-status-codes: [ unavailable, 10 ]
				  - name: [ {} ]
				    hedging-policy: { max-attempts: 2, hedging-delay: 1.5s, non-fatal-status-codes: internal }
				  retry-throttling: { max-tokens: 100, token-ratio: 0.1 }
				  health-check-config: { service-name: shop }
				  connection-scaling: { max-connections-per-subchannel: 2 }
				""").run((context) -> {
			ClientConn conn = context.getBean(ClientConn.class);
			ServiceConfig config = conn.snapshot().serviceConfig().config();

			assertThat(conn.snapshot().balancer()).isEqualTo("pick_first");
			assertThat(conn.methodConfig("shop.Orders/Get").timeout()).hasMillis(50);
			assertThat(conn.methodConfig("shop.Orders/Get").waitForReady()).isTrue();
			assertThat(conn.methodConfig("shop.Orders/Get").maxRequestMessageBytes()).isEqualTo(1024);
			assertThat(conn.methodConfig("shop.Orders/Get").retryPolicy())
				.isEqualTo(new RetryPolicy(3, Duration.ofMillis(50), Duration.ofSeconds(1), 1.5,
						Set.of(Status.Code.UNAVAILABLE, Status.Code.ABORTED), null));
			assertThat(conn.methodConfig("other/Get").hedgingPolicy())
				.isEqualTo(new HedgingPolicy(2, Duration.ofMillis(1500), Set.of(Status.Code.INTERNAL)));
			assertThat(config.retryThrottling()).isEqualTo(new RetryThrottling(100, 0.1));
			assertThat(config.healthCheckServiceName()).isEqualTo("shop");
			assertThat(config.maxConnectionsPerAddress()).isEqualTo(2);
		});
	}

	@Test
	void aJsonText() {
		assertTimeout(yaml("""
				clientconn.channels.greeter.service-config: |
				  {
				    "methodConfig": [ { "name": [ {} ], "timeout": "1.5s" } ]
				  }
				"""));
	}

	@Test
	void aLocationInPlaceOfAText() {
		assertTimeout(this.runner.withPropertyValues(CONFIG + "=classpath:service-config.json"));
	}

	@Test
	void environmentVariables() {
		String prefix = "CLIENTCONN_CHANNELS_GREETER_SERVICECONFIG_METHODCONFIG_0_";
		Map<String, Object> variables = Map.of(prefix + "NAME_0_SERVICE", "shop.Orders", prefix + "TIMEOUT", "1500ms",
				prefix + "RETRYPOLICY_MAXATTEMPTS", "4", prefix + "RETRYPOLICY_INITIALBACKOFF", "1s",
				prefix + "RETRYPOLICY_MAXBACKOFF", "1s", prefix + "RETRYPOLICY_BACKOFFMULTIPLIER", "1",
				prefix + "RETRYPOLICY_RETRYABLESTATUSCODES", "14,ABORTED");

		with(new SystemEnvironmentPropertySource("test-systemEnvironment", variables)).run((context) -> {
			RetryPolicy policy = context.getBean(ClientConn.class).methodConfig("shop.Orders/Get").retryPolicy();

			assertThat(context.getBean(ClientConn.class).methodConfig("shop.Orders/Get").timeout()).hasMillis(1500);
			assertThat(policy).isNotNull();
			assertThat(policy.retryableStatusCodes()).containsOnly(Status.Code.UNAVAILABLE, Status.Code.ABORTED);
		});
	}

	@Test
	void aJsonTextInTheEnvironment() {
		assertTimeout(with(new SystemEnvironmentPropertySource("test-systemEnvironment",
				Map.of("CLIENTCONN_CHANNELS_GREETER_SERVICECONFIG",
						"{\"methodConfig\":[{\"name\":[{}],\"timeout\":\"1.5s\"}]}"))));
	}

	@Test
	void nothingIsNoConfig() {
		yaml("clientconn.defaults.service-config.load-balancing-policy: pick_first\n" + CONFIG + ":\n")
			.run((context) -> assertThat(context.getBean(ClientConn.class).snapshot().balancer())
				.isEqualTo("pick_first"));
	}

	@Test
	void aPolicyOfABean() {
		this.runner.withBean("mine", BalancerProvider.class, Named::new)
			.withPropertyValues(CONFIG + ".load-balancing-config[0].mine=")
			.run((context) -> assertThat(context.getBean(ClientConn.class).snapshot().balancer()).isEqualTo("mine"));
	}

	@Test
	void aWrongValueIsFoundInItsFile() {
		FailureAnalysis analysis = analyze(yaml("""
				clientconn.channels.greeter.service-config:
				  method-config:
				  - name: [ {} ]
				    retry-policy:
				      max-attempts: 1
				      initial-backoff: 50ms
				      max-backoff: 1s
				      backoff-multiplier: 1.5
				      retryable-status-codes: UNAVAILABLE
				"""));

		assertThat(analysis.getDescription()).contains(
				"Property: " + CONFIG + ".method-config[0].retry-policy.max-attempts", "Value: \"1\"",
				"Origin: Byte array resource [test.yml] - 5:21", "a whole number of at least 2");
	}

	@Test
	void aMissingValueIsMissedNearWhatIsThere() {
		FailureAnalysis analysis = analyze(yaml("""
				clientconn.channels.greeter.service-config:
				  method-config:
				  - name: [ {} ]
				    retry-policy:
				      max-attempts: 2
				      max-backoff: 1s
				      backoff-multiplier: 1.5
				      retryable-status-codes: UNAVAILABLE
				"""));

		assertThat(analysis.getDescription()).contains(
				"Property: " + CONFIG + ".method-config[0].retry-policy.initial-backoff",
				"Near: Byte array resource [test.yml] - 5:21", "missing (expected: a duration above");
	}

	@Test
	void policiesThatNobodyKnows() {
		FailureAnalysis analysis = analyze(yaml("""
				clientconn.defaults.service-config:
				  load-balancing-config: [ { grpclb: { x: 1 } } ]
				"""));

		assertThat(analysis.getDescription()).contains(
				"Property: clientconn.defaults.service-config.load-balancing-config",
				"Near: Byte array resource [test.yml] - 2:43",
				"grpclb (expected: one of [pick_first, round_robin], which this client knows)");
	}

	@Test
	void jsonThatCannotBeRead() {
		assertThat(analyze(this.runner.withPropertyValues(CONFIG + "={ methodConfig")).getDescription())
			.contains("Property: " + CONFIG, "This is not a JSON object: ");
	}

	@Test
	void jsonThatIsWrong() {
		assertThat(analyze(this.runner.withPropertyValues(CONFIG + "={\"methodConfig\":[{\"timeout\":\"5\"}]}"))
			.getDescription())
			.contains("Property: " + CONFIG, "methodConfig[0].timeout: \"5\" (expected: a duration such as \"1.5s\")");
		assertThat(
				analyze(this.runner.withPropertyValues(CONFIG + "={\"loadBalancingPolicy\":\"x\"}")).getDescription())
			.contains("Property: " + CONFIG, "loadBalancingPolicy: x (expected: one of");
	}

	@Test
	void aLocationWithoutAFile() {
		assertThat(analyze(this.runner.withPropertyValues(CONFIG + "=classpath:missing.json")).getDescription())
			.contains("Property: " + CONFIG, "Value: \"classpath:missing.json\"", "The file cannot be read");
	}

	@Test
	void theExamplesOfTheDocumentationAreTheSame() throws IOException {
		String page = Files.readString(Path.of("..", "docs", "configuration.md"));
		String section = page.substring(page.indexOf("\n## Service config\n"), page.indexOf("\n## Shutdown\n"));
		String tree = block(section, "yaml").replace("orders:\n", "greeter:\n");

		yaml(tree).run((context) -> {
			ServiceConfig ofTree = context.getBean(ClientConn.class).snapshot().serviceConfig().config();
			assertThat(ofTree.forMethod("shop.Orders/Get").timeout()).hasMillis(500);
			this.runner.withPropertyValues(CONFIG + "=" + block(section, "json"))
				.run((ofJson) -> assertThat(ofJson.getBean(ClientConn.class).snapshot().serviceConfig().config())
					.isEqualTo(ofTree));
		});
	}

	private static String block(String page, String language) {
		String start = "```" + language + "\n";
		int from = page.indexOf(start) + start.length();
		return page.substring(from, page.indexOf("\n```", from));
	}

	private static void assertTimeout(ApplicationContextRunner configured) {
		configured
			.run((context) -> assertThat(context.getBean(ClientConn.class).methodConfig("shop.Orders/Get").timeout())
				.hasMillis(1500));
	}

	private static FailureAnalysis analyze(ApplicationContextRunner configured) {
		FailureAnalysis[] analysis = new FailureAnalysis[1];
		Environment[] environment = new Environment[1];
		configured.withInitializer((context) -> environment[0] = context.getEnvironment()).run((context) -> {
			assertThat(context).hasFailed();
			analysis[0] = new ClientConnConfigurationFailureAnalyzer(environment[0])
				.analyze(context.getStartupFailure());
		});
		return analysis[0];
	}

	private ApplicationContextRunner yaml(String yaml) {
		Resource file = new ByteArrayResource(yaml.getBytes(StandardCharsets.UTF_8), "test.yml");
		try {
			return with(new YamlPropertySourceLoader().load("test.yml", file).get(0));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private ApplicationContextRunner with(PropertySource<?> source) {
		return this.runner.withInitializer((context) -> context.getEnvironment().getPropertySources().addFirst(source));
	}

	private record Named() implements BalancerProvider {

		@Override
		public String policy() {
			return "mine";
		}

		@Override
		public Balancer newBalancer() {
			return Objects.requireNonNull(Balancers.forPolicy("pick_first")).newBalancer();
		}

	}

}
