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

package dev.clientconn.sample;

import jakarta.annotation.PreDestroy;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.cloud.bootstrap.LoggingSystemShutdownListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * A Eureka server in this process that can be stopped and started again. It is a Spring
 * application of its own, configured in {@code eureka-server.yml}, and knows no instance
 * when it starts.
 */
@Component
@Profile("eureka")
class EmbeddedEureka {

	private final int port;

	private ConfigurableApplicationContext server;

	EmbeddedEureka(@Value("${sample.eureka-port}") int port) {
		this.port = port;
		start();
	}

	String url() {
		return "http://localhost:" + this.port + "/eureka/";
	}

	synchronized void start() {
		if (this.server != null) {
			return;
		}
		SpringApplication application = new SpringApplication(EurekaServer.class);
		// Logging is the sample's: neither set up again here nor ended with this
		// application.
		application.setListeners(application.getListeners()
			.stream()
			.filter((listener) -> !(listener instanceof LoggingApplicationListener))
			.filter((listener) -> !(listener instanceof LoggingSystemShutdownListener))
			.toList());
		this.server = application.run("--spring.config.name=eureka-server", "--server.port=" + this.port);
	}

	@PreDestroy
	synchronized void stop() {
		if (this.server != null) {
			this.server.close();
			this.server = null;
		}
	}

	synchronized State state() {
		return new State(url(), this.server != null);
	}

	record State(String url, boolean running) {

	}

}
