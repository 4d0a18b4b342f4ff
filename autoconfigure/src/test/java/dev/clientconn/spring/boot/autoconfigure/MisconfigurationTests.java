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
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatException;

/**
 * Starts an application with one mistake in its properties and reads what it prints.
 */
@ExtendWith(OutputCaptureExtension.class)
class MisconfigurationTests {

	private static final String TARGET = "clientconn.channels.greeter.target=static:127.0.0.1:1";

	private static final String INSECURE = "clientconn.channels.greeter.insecure=true";

	@Test
	void missingTarget(CapturedOutput output) {
		fails(output, INSECURE);

		assertThat(output).contains("Property: clientconn.channels.greeter.target")
			.contains("The channel has no target.")
			.contains("discovery:///orders");
	}

	@Test
	void mistakesAreFoundInALazyApplicationToo(CapturedOutput output) {
		fails(output, INSECURE, "spring.main.lazy-initialization=true");

		assertThat(output).contains("Property: clientconn.channels.greeter.target");
	}

	@Test
	void wrongTarget(CapturedOutput output) {
		fails(output, "clientconn.channels.greeter.target=static:127.0.0.1:port", INSECURE);

		assertThat(output).contains("Property: clientconn.channels.greeter.target")
			.contains("Value: \"static:127.0.0.1:port\"")
			.contains("the port is not a number");
	}

	@Test
	void unknownScheme(CapturedOutput output) {
		fails(output, "clientconn.channels.greeter.target=zookeeper:///greeter", INSECURE);

		assertThat(output).contains("Property: clientconn.channels.greeter.target")
			.contains("Value: \"zookeeper:///greeter\"")
			.contains("unknown scheme");
	}

	@Test
	void discoveryWithoutRegistry(CapturedOutput output) {
		fails(output, "clientconn.channels.greeter.target=discovery:///greeter", INSECURE);

		assertThat(output).contains("Property: clientconn.channels.greeter.target")
			.contains("Add a Spring Cloud discovery client");
	}

	@Test
	void neitherPlaintextNorTls(CapturedOutput output) {
		fails(output, TARGET);

		assertThat(output).contains("Property: clientconn.channels.greeter.insecure")
			.contains("neither TLS nor plaintext")
			.contains("'clientconn.channels.greeter.ssl.bundle'");
	}

	@Test
	void plaintextAndTls(CapturedOutput output) {
		fails(output, TARGET, INSECURE, "clientconn.channels.greeter.ssl.bundle=internal");

		assertThat(output).contains("Property: clientconn.channels.greeter.insecure")
			.contains("Value: \"true\"")
			.contains("TLS by 'clientconn.channels.greeter.ssl.bundle'");
	}

	@Test
	void plaintextForAllChannels(CapturedOutput output) {
		fails(output, TARGET, "clientconn.defaults.insecure=true");

		assertThat(output).contains("Property: clientconn.defaults.insecure")
			.contains("set 'clientconn.channels.greeter.insecure'");
	}

	@Test
	void missingSslBundle(CapturedOutput output) {
		fails(output, TARGET, "clientconn.channels.greeter.ssl.bundle=internal");

		assertThat(output).contains("Property: clientconn.channels.greeter.ssl.bundle")
			.contains("Value: \"internal\"")
			.contains("spring.ssl.bundle.pem.internal");
	}

	@Test
	void unknownBalancer(CapturedOutput output) {
		fails(output, TARGET, INSECURE, "clientconn.channels.greeter.balancer.policy=rond-robin");

		assertThat(output).contains("Property: clientconn.channels.greeter.balancer.policy")
			.contains("Value: \"rond-robin\"")
			.contains("[pick-first, round-robin]");
	}

	@Test
	void negativeDuration(CapturedOutput output) {
		fails(output, TARGET, INSECURE, "clientconn.channels.greeter.backoff.base-delay=-1s");

		assertThat(output).contains("Property: clientconn.channels.greeter.backoff.base-delay")
			.contains("Value: \"-1s\"")
			.contains("Origin: \"clientconn.channels.greeter.backoff.base-delay\" from property source")
			.contains("expected: positive");
	}

	@Test
	void negativeDurationInTheDefaults(CapturedOutput output) {
		fails(output, TARGET, INSECURE, "clientconn.defaults.shutdown.grace-period=-1s");

		assertThat(output).contains("Property: clientconn.defaults.shutdown.grace-period").contains("Value: \"-1s\"");
	}

	@Test
	void everyOtherValueOutOfRange(CapturedOutput output) {
		for (String setting : List.of("backoff.max-delay=0s", "backoff.multiplier=0.5", "backoff.jitter=1.5",
				"connect.timeout=-1s", "connect.min-timeout=0s", "call.deadline=-2s", "message.max-inbound-size=-1B",
				"message.max-inbound-size=3GB", "metadata.max-inbound-size=0B", "flow-control.initial-window=1KB",
				"user-agent=caf\u00e9", "message.max-outbound-size=-1B", "keepalive.time=9s", "keepalive.timeout=1ms",
				"idle-timeout=500ms", "deadline.margin=25h", "deadline.margin=-1ms", "queue.max-calls=0",
				"queue.max-bytes=0B", "hedging.max-extra-load=0.6", "hedging.max-attempts=1", "hedging.delay=-1ms",
				"hedging.mode=fixed", "retry.budget.ratio=-0.1", "retry.budget.min-per-second=-1",
				"retry.idempotent-methods=Get", "retry.buffer-per-call=-1B", "retry.buffer-per-channel=-1B",
				"connections.max-per-address=0", "connections.min-headroom=1", "connections.scale-down-after=0s",
				"connections.max-age=0s")) {
			fails(output, TARGET, INSECURE, "clientconn.channels.greeter." + setting);

			String[] parts = setting.split("=");
			assertThat(output).contains("Property: clientconn.channels.greeter." + parts[0])
				.containsIgnoringCase("Value: \"" + parts[1] + "\"");
		}
	}

	@Test
	void methodThatIsNoMethod(CapturedOutput output) {
		fails(output, TARGET, INSECURE, "clientconn.channels.greeter.hedging.methods=shop.Orders/Get,GetOrder");

		assertThat(output).contains("Property: clientconn.channels.greeter.hedging.methods")
			.contains("hedging methods[1]: \"GetOrder\" (expected: package.Service/Method");
	}

	@Test
	void valueOfTheWrongType(CapturedOutput output) {
		fails(output, TARGET, INSECURE, "clientconn.channels.greeter.connect.mode=later");

		assertThat(output).contains("Property: clientconn.channels.greeter.connect.mode")
			.contains("Value: \"later\"")
			.contains("BLOCK");
	}

	@Test
	void compressorOrBeanThatDoesNotExist(CapturedOutput output) {
		fails(output, TARGET, INSECURE, "clientconn.channels.greeter.call.compression=zip");
		assertThat(output).contains("Property: clientconn.channels.greeter.call.compression")
			.contains("[gzip, identity]");

		fails(output, TARGET, INSECURE, "clientconn.channels.greeter.interceptors=audit");
		assertThat(output).contains("Property: clientconn.channels.greeter.interceptors")
			.contains("\"audit\" (expected: the name of a bean of type ClientInterceptor; there is none)");

		fails(output, TARGET, INSECURE, "clientconn.defaults.executor=applicationContext");
		assertThat(output).contains("Property: clientconn.defaults.executor")
			.contains("\"applicationContext\" (expected: the name of a bean of type Executor");
	}

	@Test
	void metadataThatCannotBeSentIsRefusedWithoutItsValue(CapturedOutput output) {
		for (String header : List.of("grpc-timeout=s3cret", "trace-bin=s3cret", "[:path]=s3cret", "[a b]=s3cret",
				"Host=s3cret", "x-name=s3cr\u00e9t")) {
			fails(output, TARGET, INSECURE,
					"clientconn.channels.greeter.call.metadata" + (header.startsWith("[") ? "" : ".") + header);
		}
		assertThat(output).contains("Property: clientconn.channels.greeter.call.metadata.grpc-timeout")
			.contains("Property: clientconn.channels.greeter.call.metadata[:path]")
			.contains("Property: clientconn.channels.greeter.call.metadata.x-name")
			.contains("Origin: \"clientconn.channels.greeter.call.metadata.grpc-timeout\"")
			.doesNotContain("s3cr");
	}

	@Test
	void serviceConfigThatTheEngineRefuses(CapturedOutput output) {
		fails(output, TARGET, INSECURE,
				"clientconn.channels.greeter.service-config.methodConfig[0].maxRequestMessageBytes=-1");

		assertThat(output)
			.contains("Property: clientconn.channels.greeter.service-config.method-config[0].max-request-message-bytes")
			.contains("Value: \"-1\"")
			.contains("Origin: \"clientconn.channels.greeter.service-config.methodConfig[0].maxRequestMessageBytes\"")
			.contains("a number of bytes from 0");
	}

	@Test
	void serviceConfigWithAMistypedField(CapturedOutput output) {
		fails(output, TARGET, INSECURE, "clientconn.channels.greeter.service-config.method-config[0].time-out=1s",
				"clientconn.channels.greeter.service-config.method-config[0].waitForRedy=true");

		assertThat(output).contains("Property: clientconn.channels.greeter.service-config.method-config[0].waitForRedy")
			.contains("did you mean 'waitForReady'?");
	}

	@Test
	void serviceConfigFiles(CapturedOutput output) throws IOException {
		String location = "clientconn.channels.greeter.service-config-location=";
		fails(output, TARGET, INSECURE, location + "classpath:missing.json");
		assertThat(output).contains("Property: clientconn.channels.greeter.service-config-location")
			.contains("Value: \"classpath:missing.json\"")
			.contains("The file cannot be read");

		Path file = Files.createTempFile("service-config", ".json");
		try {
			Files.writeString(file, "methodConfig");
			fails(output, TARGET, INSECURE, location + "file:" + file);
			assertThat(output).contains("This is not a JSON object");

			Files.writeString(file, "{\"methodConfig\":[{\"timeout\":\"soon\"}]}");
			fails(output, TARGET, INSECURE, location + "file:" + file);
			assertThat(output).contains("methodConfig[0].timeout: \"soon\"");
		}
		finally {
			Files.delete(file);
		}
	}

	@Test
	void serviceConfigTwice(CapturedOutput output) {
		fails(output, TARGET, INSECURE,
				"clientconn.channels.greeter.service-config-location=classpath:service-config.json",
				"clientconn.channels.greeter.service-config.loadBalancingPolicy=pick_first");

		assertThat(output).contains("There is a service config in 'clientconn.channels.greeter.service-config' too.");
	}

	@Test
	void noEventLoopThreads(CapturedOutput output) {
		fails(output, TARGET, INSECURE, "clientconn.event-loop.threads=0");

		assertThat(output).contains("Property: clientconn.event-loop.threads").contains("expected: >= 1");
	}

	@Test
	void sslBundleThatCannotBeRead(CapturedOutput output) {
		fails(output, TARGET, "clientconn.channels.greeter.ssl.bundle=internal",
				"spring.ssl.bundle.pem.internal.truststore.certificate=classpath:missing.crt");

		assertThat(output).contains("Property: clientconn.channels.greeter.ssl.bundle")
			.contains("The SSL bundle cannot be used")
			.contains("missing.crt");
	}

	@Test
	void propertyInAnotherSpelling(CapturedOutput output) {
		fails(output, TARGET, INSECURE, "clientconn.channels.greeter.connect.minTimeout=-1s");

		assertThat(output).contains("Property: clientconn.channels.greeter.connect.min-timeout")
			.contains("Value: \"-1s\"");
	}

	@Test
	void channelsWithTheSameBeanName(CapturedOutput output) {
		fails(output, "clientconn.channels.order-history.target=static:127.0.0.1:1",
				"clientconn.channels.order_history.target=static:127.0.0.1:2");

		assertThat(output).contains("Property: clientconn.channels.order")
			.contains("has the same bean name 'orderHistoryClientConn'");
	}

	@Test
	void blockingDialWithoutBackend(CapturedOutput output) {
		fails(output, TARGET, INSECURE, "clientconn.channels.greeter.connect.mode=block",
				"clientconn.channels.greeter.connect.fail-on-error=true");

		assertThat(output).contains("Property: clientconn.channels.greeter.connect.mode")
			.contains("127.0.0.1:1")
			.contains("'clientconn.channels.greeter.connect.timeout'");
	}

	private static void fails(CapturedOutput output, String... properties) {
		int start = output.toString().length();
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		List<String> args = new ArrayList<>();
		args.add("--spring.main.banner-mode=off");
		for (String property : properties) {
			args.add("--" + property);
		}
		assertThatException().isThrownBy(() -> application.run(args.toArray(String[]::new)).close());
		String printed = output.toString().substring(start);
		assertThat(printed).containsOnlyOnce("APPLICATION FAILED TO START");
		assertThat(printed.substring(printed.indexOf("APPLICATION FAILED"))).doesNotContain("\tat dev.clientconn");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, ClientConnAutoConfiguration.class })
	static class Application {

	}

}
