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

import java.util.ArrayList;
import java.util.List;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * The application of a user: its channel {@code svc} finds its addresses in one registry,
 * and Actuator shows them.
 */
final class RegistryApplication implements AutoCloseable {

	private final ConfigurableApplicationContext context;

	private RegistryApplication(ConfigurableApplicationContext context) {
		this.context = context;
	}

	/**
	 * Starts the application.
	 * @param profile the registry it uses, see the {@code application-*.yml}
	 * @param properties name=value
	 */
	static RegistryApplication start(String profile, List<String> properties) {
		List<String> arguments = new ArrayList<>();
		arguments.add("--spring.profiles.active=" + profile);
		properties.forEach((property) -> arguments.add("--" + property));
		return new RegistryApplication(new SpringApplicationBuilder(Config.class).web(WebApplicationType.SERVLET)
			.run(arguments.toArray(String[]::new)));
	}

	ClientConn conn() {
		return this.context.getBean(ClientConns.class).get("svc");
	}

	<T> T bean(Class<T> type) {
		return this.context.getBean(type);
	}

	void publish(ApplicationEvent event) {
		this.context.publishEvent(event);
	}

	/** Looks the service up, as anything in the application may. */
	List<String> lookUp() {
		return this.context.getBean(DiscoveryClient.class)
			.getInstances("svc")
			.stream()
			.map((instance) -> instance.getHost() + ":" + instance.getPort())
			.toList();
	}

	Actuator actuator() {
		return new Actuator(((WebServerApplicationContext) this.context).getWebServer().getPort());
	}

	@Override
	public void close() {
		this.context.close();
	}

	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Config {

		@Bean
		LookupCounter lookupCounter() {
			return new LookupCounter();
		}

	}

}
