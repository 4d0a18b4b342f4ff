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

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.TestCalls;
import dev.clientconn.spring.boot.autoconfigure.credentials.ClientConnCredentialsAutoConfiguration;
import dev.clientconn.testing.EchoServer;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.autoconfigure.ConfigurationPropertiesRebinderAutoConfiguration;
import org.springframework.cloud.autoconfigure.RefreshAutoConfiguration;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;

/**
 * Two channels whose properties a test changes while they are in use.
 */
abstract class RefreshScenario {

	static final String GREETER = "clientconn.channels.greeter.";

	static final String OTHER = "clientconn.channels.other.";

	final EchoServer one = EchoServer.started();

	final EchoServer two = EchoServer.started();

	final Map<String, Object> properties = new HashMap<>();

	final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, RefreshAutoConfiguration.class,
				ConfigurationPropertiesRebinderAutoConfiguration.class, ClientConnAutoConfiguration.class,
				ClientConnRefreshAutoConfiguration.class, ClientConnCredentialsAutoConfiguration.class))
		.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource("changing", this.properties)));

	RefreshScenario() {
		this.properties.put(GREETER + "target", target(this.one));
		this.properties.put(GREETER + "insecure", "true");
		this.properties.put(OTHER + "target", target(this.one));
		this.properties.put(OTHER + "insecure", "true");
	}

	@AfterEach
	void closeServers() {
		this.one.close();
		this.two.close();
	}

	ClientConn connected(ConfigurableApplicationContext context, String bean) {
		ClientConn conn = context.getBean(bean, ClientConn.class);
		conn.getState(true);
		await().until(() -> conn.getState(false) == ConnectivityState.READY);
		return conn;
	}

	/** The keys are empty, as those of a real event may be. */
	static void change(ConfigurableApplicationContext context) {
		context.publishEvent(new EnvironmentChangeEvent(Set.of()));
	}

	/** A change that can be seen: what came before it has been done. */
	void fence(ConfigurableApplicationContext context, ClientConn greeter) {
		this.properties.put(GREETER + "call.deadline", "1ns");
		change(context);
		await().until(() -> call(greeter) == Status.Code.DEADLINE_EXCEEDED);
	}

	static Status.Code call(ClientConn conn) throws Exception {
		return TestCalls.start(conn).get().getCode();
	}

	static String target(EchoServer server) {
		return "static:" + server.address();
	}

	static ConditionFactory await() {
		return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5));
	}

}
