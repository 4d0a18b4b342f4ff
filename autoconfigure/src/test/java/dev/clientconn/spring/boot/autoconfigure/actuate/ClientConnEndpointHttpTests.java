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

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import dev.clientconn.ClientConn;
import dev.clientconn.naming.Address;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.ManualResolver;
import io.grpc.ConnectivityState;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Endpoint, health and info of a real application, over Spring MVC and over WebFlux.
 */
@ParameterizedClass
@EnumSource(value = WebApplicationType.class, names = { "SERVLET", "REACTIVE" })
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClientConnEndpointHttpTests {

	/** Nobody listens there. */
	private static final Address REFUSED = Address.of("127.0.0.1:1");

	private static final String CONFIG = "clientconn.channels.greeter.service-config.";

	private static final String METHOD = CONFIG + "method-config[0].";

	private static final Pattern DOCUMENTED = Pattern
		.compile("\\$ curl -s localhost:8080(\\S+)\\R```\\R+```json\\R(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

	@Parameter
	private WebApplicationType type;

	private EchoServer server;

	private RunningApplication application;

	@BeforeParameterizedClassInvocation
	void start() {
		this.server = new EchoServer().with((builder) -> builder.maxConcurrentCallsPerConnection(100)).start();
		this.application = new RunningApplication(this.type, Application.class,
				"clientconn.channels.greeter.target=listed:///greeter", "clientconn.channels.greeter.insecure=true",
				"clientconn.channels.billing.target=static:" + REFUSED, "clientconn.channels.billing.insecure=true",
				"clientconn.channels.billing.health.required=false", "clientconn.defaults.connect.mode=eager",
				CONFIG + "load-balancing-config=round-robin", METHOD + "name[0].service=shop.Orders",
				METHOD + "timeout=500ms", METHOD + "retry-policy.max-attempts=3",
				METHOD + "retry-policy.initial-backoff=50ms", METHOD + "retry-policy.max-backoff=1s",
				METHOD + "retry-policy.backoff-multiplier=2",
				METHOD + "retry-policy.retryable-status-codes=UNAVAILABLE", CONFIG + "retry-throttling.max-tokens=100",
				CONFIG + "retry-throttling.token-ratio=0.1", "clientconn.defaults.backoff.base-delay=1h",
				"clientconn.defaults.backoff.max-delay=1h",
				"management.endpoints.web.exposure.include=health,info,clientconn",
				"management.endpoint.health.show-details=always",
				"management.endpoint.health.group.readiness.include=readinessState,clientconn/greeter",
				"management.endpoint.clientconn.access=unrestricted", "management.info.clientconn.enabled=true",
				"spring.web.error.include-message=always", "server.error.include-message=always");
		this.application.bean(ManualResolver.class).push(listed(), REFUSED);
		soon().until(() -> state("$.addresses[*].state").equals(List.of("READY", "TRANSIENT_FAILURE")));
		soon()
			.until(() -> conn("billing").snapshot().addresses().get(0).state() == ConnectivityState.TRANSIENT_FAILURE);
	}

	@AfterParameterizedClassInvocation
	void stop() {
		this.application.close();
		this.server.close();
	}

	@Test
	void theDocumentedJsonIsWhatIsServed() throws Exception {
		Matcher documented = DOCUMENTED.matcher(Files.readString(Path.of("..", "docs", "actuator.md")));
		Set<String> paths = new TreeSet<>();
		while (documented.find()) {
			paths.add(documented.group(1));
			String path = documented.group(1).replace("10.0.0.1:9090", this.server.address().addr());
			Set<String> served = JsonShape.of(this.application.get(path).body());
			served.removeIf((key) -> key.startsWith("/channels/billing"));
			assertThat(served).as(path).isEqualTo(JsonShape.of(documented.group(2)));
		}
		assertThat(paths).containsExactly("/actuator/clientconn", "/actuator/clientconn/greeter/10.0.0.1:9090",
				"/actuator/clientconn/greeter/shop.Orders/Get", "/actuator/health/clientconn", "/actuator/info");
	}

	@Test
	void aMethodIsAskedFor() throws Exception {
		String json = this.application.get("/actuator/clientconn/greeter/shop.Orders/Get").body();

		assertThat(JsonPath.<Object>read(json, "$.settings.timeout"))
			.isEqualTo(Map.of("value", "PT0.5S", "origin", "service-config"));
		assertThat(JsonPath.<Object>read(json, "$.settings.waitForReady"))
			.isEqualTo(Map.of("value", false, "origin", "built-in"));
		assertThat(this.application.get("/actuator/clientconn/unknown/shop.Orders/Get").statusCode()).isEqualTo(404);
	}

	@Test
	void metadataIsHiddenExceptForTheFactsOfRouting() throws Exception {
		assertThat(JsonPath.<Map<String, String>>read(this.application.get(address(this.server.address())).body(),
				"$.metadata"))
			.isEqualTo(Map.of("zone", "a", "token", "******"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "connect", "reset-backoff", "refresh" })
	void anActionOnAChannelIsTakenUp(String action) throws Exception {
		assertThat(this.application.act("/actuator/clientconn/greeter", action).statusCode()).isEqualTo(204);
	}

	@Test
	void refreshAsksForAList() throws Exception {
		ManualResolver resolver = this.application.bean(ManualResolver.class);
		int before = resolver.refreshes();
		this.application.act("/actuator/clientconn/greeter", "refresh");
		soon().until(() -> resolver.refreshes() == before + 1);
	}

	@Test
	void reconnectReplacesTheConnection() throws Exception {
		int before = this.server.connections();
		assertThat(this.application.act("/actuator/clientconn/greeter", "reconnect").statusCode()).isEqualTo(204);
		soon().until(() -> this.server.connections() == before + 1 && this.server.openConnections() == 1);

		assertThat(this.application.act(address(this.server.address()), "reconnect").statusCode()).isEqualTo(204);
		soon().until(() -> this.server.connections() == before + 2 && this.server.openConnections() == 1);
		awaitUsual();
	}

	@Test
	void enterIdleEndsAllConnectionsUntilConnect() throws Exception {
		assertThat(this.application.act("/actuator/clientconn/greeter", "enter-idle").statusCode()).isEqualTo(204);
		soon().until(() -> this.server.openConnections() == 0 && state("$.state").equals("IDLE"));

		assertThat(this.application.act("/actuator/clientconn/greeter", "connect").statusCode()).isEqualTo(204);
		awaitUsual();
	}

	@Test
	void anAddressIsDrainedAndUndrained() throws Exception {
		String drained = this.server.address().addr();
		assertThat(this.application.act(address(this.server.address()), "drain").statusCode()).isEqualTo(204);
		soon().until(() -> state("$.source.drained").equals(List.of(drained)) && this.server.openConnections() == 0);
		assertThat(this.application.get(address(this.server.address())).statusCode()).isEqualTo(404);
		assertThat(JsonPath.<List<String>>read(this.application.get("/actuator/health/clientconn/greeter").body(),
				"$.details.drained"))
			.containsExactly(drained);
		assertThat(this.application.get("/actuator/health/readiness").statusCode()).as("no address is ready")
			.isEqualTo(503);
		assertThat(this.application.get("/actuator/health/liveness").statusCode()).isEqualTo(200);

		assertThat(this.application.act(address(this.server.address()), "undrain").statusCode()).isEqualTo(204);
		awaitUsual();
	}

	@Test
	void aBackoffIsEnded() throws Exception {
		long before = attempts();
		assertThat(this.application.act(address(REFUSED), "reset-backoff").statusCode()).isEqualTo(204);
		soon().until(() -> attempts() > before);
		awaitUsual();
	}

	@ParameterizedTest
	@CsvSource({ "/actuator/clientconn/greter, connect", "/actuator/clientconn/greeter/127.0.0.1:9, connect",
			"/actuator/clientconn/greter/127.0.0.1:1, drain" })
	void whatIsUnknownIsNotFound(String path, String action) throws Exception {
		assertThat(this.application.get(path).statusCode()).isEqualTo(404);
		assertThat(this.application.act(path, action).statusCode()).isEqualTo(404);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', value = {
			"/actuator/clientconn/greeter; drain; [connect, reset-backoff, enter-idle, reconnect, refresh]",
			"/actuator/clientconn/greeter/127.0.0.1:1; refresh; [connect, reset-backoff, reconnect, drain, undrain]" })
	void anUnknownActionIsABadRequestThatNamesTheKnownOnes(String path, String action, String known) throws Exception {
		var response = this.application.act(path, action);

		assertThat(response.statusCode()).isEqualTo(400);
		assertThat(response.body()).contains("(expected: one of " + known + ")");
	}

	@Test
	void aChannelThatIsNotRequiredDoesNotLowerTheApplication() throws Exception {
		String health = this.application.get("/actuator/health").body();

		assertThat(JsonPath.<String>read(health, "$.status")).isEqualTo("UP");
		assertThat(JsonPath.<String>read(health, "$.components.clientconn.status")).isEqualTo("UP");
		assertThat(JsonPath.<String>read(health, "$.components.clientconn.components.billing.status"))
			.isEqualTo("UNKNOWN");
	}

	@Test
	void onlyAChannelThatWasChosenIsPartOfReadiness() throws Exception {
		assertThat(JsonShape.of(this.application.get("/actuator/health/readiness").body()))
			.contains("/components/readinessState", "/components/clientconn/components/greeter")
			.doesNotContain("/components/clientconn/components/billing");
		assertThat(this.application.get("/actuator/health/readiness/clientconn/greeter").statusCode()).isEqualTo(200);
		assertThat(this.application.get("/actuator/health/liveness/clientconn/greeter").statusCode()).isEqualTo(404);
	}

	private void awaitUsual() {
		soon().until(() -> state("$.addresses[*].state").equals(List.of("READY", "TRANSIENT_FAILURE"))
				&& this.server.openConnections() == 1);
	}

	private Object state(String path) throws Exception {
		return JsonPath.read(this.application.get("/actuator/clientconn/greeter").body(), path);
	}

	private long attempts() throws Exception {
		return JsonPath.<List<String>>read(this.application.get(address(REFUSED)).body(), "$.events[*].what")
			.stream()
			.filter((what) -> what.startsWith("CONNECTING"))
			.count();
	}

	private ClientConn conn(String channel) {
		return this.application.bean(ClientConns.class).get(channel);
	}

	private Address listed() {
		return this.server.address().withMetadata(Map.of("zone", "a", "token", "s3cr3t"));
	}

	private static String address(Address address) {
		return "/actuator/clientconn/greeter/" + address.addr();
	}

	private static ConditionFactory soon() {
		return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(20));
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		ManualResolver resolver() {
			return new ManualResolver("listed");
		}

	}

}
