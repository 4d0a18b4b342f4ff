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

import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;

import javax.management.MBeanServer;
import javax.management.ObjectName;

import com.jayway.jsonpath.JsonPath;
import dev.clientconn.naming.Address;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import dev.clientconn.testing.ManualResolver;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Who may read and write what.
 */
class ClientConnEndpointAccessTests {

	private static final String[] PROPERTIES = { "clientconn.channels.greeter.target=listed:///greeter",
			"clientconn.channels.greeter.insecure=true", "clientconn.channels.greeter.connect.mode=eager",
			"management.endpoints.web.exposure.include=clientconn" };

	private static final Address ADDRESS = Address.of("127.0.0.1:1")
		.withMetadata(Map.of("zone", "a", "token", "s3cr3t", "customer-name", "ACME"));

	@Test
	void withoutAChoiceTheEndpointCannotBeWritten() throws Exception {
		try (RunningApplication application = start()) {
			assertThat(application.get("/actuator/clientconn/greeter").statusCode()).isEqualTo(200);
			assertThat(application.act("/actuator/clientconn/greeter", "reconnect").statusCode()).isEqualTo(405);
			assertThat(application.act("/actuator/clientconn/greeter/127.0.0.1:1", "drain").statusCode())
				.isEqualTo(405);
		}
	}

	@ParameterizedTest
	@CsvSource({ "always, ACME", "when-authorized, ******", "never, ******" })
	void valuesAreShownAsThePropertySays(String showValues, String customer) throws Exception {
		try (RunningApplication application = start("management.endpoint.clientconn.show-values=" + showValues)) {
			Map<String, String> metadata = JsonPath
				.read(application.get("/actuator/clientconn/greeter/127.0.0.1:1").body(), "$.metadata");

			// The application's function hides tokens, whatever the property says.
			assertThat(metadata).isEqualTo(Map.of("zone", "a", "token", "******", "customer-name", customer));
		}
	}

	@Test
	void theOperationsExistOverJmx() throws Exception {
		try (RunningApplication application = start("spring.jmx.enabled=true", "spring.jmx.default-domain=operations",
				"management.endpoints.jmx.domain=operations", "management.endpoints.jmx.exposure.include=clientconn",
				"management.endpoint.clientconn.access=unrestricted")) {
			MBeanServer server = ManagementFactory.getPlatformMBeanServer();
			ObjectName endpoint = server.queryNames(new ObjectName("operations:type=Endpoint,name=Clientconn,*"), null)
				.iterator()
				.next();

			change(server, endpoint, "changeChannel", "greeter", "reconnect");
			change(server, endpoint, "changeAddress", "greeter", "127.0.0.1:1", "drain");
			Awaitility.await()
				.until(() -> application.bean(ClientConns.class)
					.get("greeter")
					.snapshot()
					.addressList()
					.drained()
					.contains("127.0.0.1:1"));
			assertThat(change(server, endpoint, "channel", "greeter").toString()).contains("drained=[127.0.0.1:1]");
			assertThatThrownBy(() -> change(server, endpoint, "changeChannel", "greter", "reconnect"))
				.hasStackTraceContaining("\"greter\" is not known");
			assertThatThrownBy(() -> change(server, endpoint, "changeAddress", "greeter", "127.0.0.1:2", "drain"))
				.hasStackTraceContaining("\"greeter/127.0.0.1:2\" is not known");
			assertThatThrownBy(() -> change(server, endpoint, "changeChannel", "greeter", "explode"))
				.hasStackTraceContaining("(expected: one of [connect, reset-backoff,");
		}
	}

	private static Object change(MBeanServer server, ObjectName endpoint, String operation, String... arguments)
			throws Exception {
		String[] signature = new String[arguments.length];
		Arrays.fill(signature, String.class.getName());
		return server.invoke(endpoint, operation, arguments, signature);
	}

	private static RunningApplication start(String... properties) {
		String[] all = Arrays.copyOf(PROPERTIES, PROPERTIES.length + properties.length);
		System.arraycopy(properties, 0, all, PROPERTIES.length, properties.length);
		RunningApplication application = new RunningApplication(WebApplicationType.SERVLET, Application.class, all);
		application.bean(ManualResolver.class).push(ADDRESS);
		Awaitility.await()
			.until(() -> !application.bean(ClientConns.class).get("greeter").snapshot().addresses().isEmpty());
		return application;
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		ManualResolver resolver() {
			return new ManualResolver("listed");
		}

		@Bean
		SanitizingFunction hideTokens() {
			return SanitizingFunction.sanitizeValue().ifLikelyCredential();
		}

	}

}
