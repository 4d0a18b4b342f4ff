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

package dev.clientconn.registries;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.clientconn.testing.EchoServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Spring Cloud's simple client: the registry is a list of properties, which has no
 * outage.
 */
class SimpleRegistryTests {

	/** Whatever happens in time is not the poll. */
	private static final String NO_POLL = "clientconn.channels.svc.discovery.poll-interval=1h";

	@Test
	void instancesAreCalledOnTheirGrpcPortAndAChangeOfThePropertiesIsFollowed() throws Exception {
		try (EchoServer one = EchoServer.started();
				EchoServer two = EchoServer.started();
				EchoServer three = EchoServer.started();
				RegistryApplication application = RegistryApplication.start("simple", arguments(one, two));
				Load load = Load.on(application.conn())) {
			RegistryTests.awaitCalls(one);
			RegistryTests.awaitCalls(two);

			change(application, instances(three, two));

			RegistryTests.awaitCalls(three);
			Awaitility.await().atMost(Duration.ofSeconds(30)).until(one::openConnections, (open) -> open == 0);
			RegistryTests.awaitCalls(two);
		}
	}

	/** As {@code POST /actuator/env} of Spring Cloud does it. */
	private static void change(RegistryApplication application, Map<String, Object> properties) {
		application.bean(ConfigurableEnvironment.class)
			.getPropertySources()
			.addFirst(new MapPropertySource("changed", properties));
		application.publish(new EnvironmentChangeEvent(Set.copyOf(properties.keySet())));
	}

	private static List<String> arguments(EchoServer... backends) {
		List<String> arguments = new ArrayList<>(List.of(NO_POLL));
		instances(backends).forEach((name, value) -> arguments.add(name + "=" + value));
		return arguments;
	}

	private static Map<String, Object> instances(EchoServer... backends) {
		Map<String, Object> properties = new LinkedHashMap<>();
		for (int i = 0; i < backends.length; i++) {
			String instance = "spring.cloud.discovery.client.simple.instances.svc[" + i + "].";
			properties.put(instance + "uri", "http://127.0.0.1:" + TestRegistry.HTTP_PORT);
			properties.put(instance + "metadata.gRPC_port", backends[i].port());
		}
		return properties;
	}

}
