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

package dev.clientconn.spring.boot.test;

import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextRefreshedEvent;
import org.springframework.grpc.server.lifecycle.GrpcServerStartedEvent;
import org.springframework.util.Assert;

/**
 * Finds the server that the application runs.
 */
@Configuration(proxyBeanMethods = false)
class ApplicationServerConfiguration {

	@Bean
	TestServerAddress testServerAddress() {
		return new TestServerAddress();
	}

	@Bean
	TestServerResolver testServerResolver(TestServerAddress address) {
		return new TestServerResolver(address);
	}

	@Bean
	PortOfTheEnvironment portOfTheEnvironment(TestServerAddress address, ApplicationContext context) {
		return new PortOfTheEnvironment(address, context);
	}

	/**
	 * Where servers are Spring gRPC's.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(GrpcServerStartedEvent.class)
	static class SpringGrpcConfiguration {

		@Bean
		PortOfSpringGrpc portOfSpringGrpc(TestServerAddress address) {
			return new PortOfSpringGrpc(address);
		}

	}

	/**
	 * Hears of each start, and so also of the new port after a pause of the context.
	 *
	 * @param address learns the port
	 */
	record PortOfSpringGrpc(TestServerAddress address) implements ApplicationListener<GrpcServerStartedEvent> {

		@Override
		public void onApplicationEvent(GrpcServerStartedEvent event) {
			if (event.getPort() > 0) { // Not in-process.
				this.address.listensOn(event.getPort());
			}
		}

	}

	/**
	 * Looks, once everything has started, for the port of a server that is not Spring
	 * gRPC's.
	 *
	 * @param address learns the port
	 * @param context whose environment holds it
	 */
	record PortOfTheEnvironment(TestServerAddress address,
			ApplicationContext context) implements ApplicationListener<ContextRefreshedEvent> {

		private static final String PORT = "local.grpc.server.port";

		@Override
		public void onApplicationEvent(ContextRefreshedEvent event) {
			if (event.getApplicationContext() != this.context || this.address.isKnown()) {
				return; // A child context is ready before the servers of this one have
						// started.
			}
			Integer port = this.context.getEnvironment().getProperty(PORT, Integer.class);
			Assert.state(port != null,
					"@AutoConfigureTestClientConn: the application has not started a gRPC server (expected: a server of "
							+ "Spring gRPC, with spring.grpc.server.port=0 for a free port, or the property " + PORT
							+ "); without one choose server = BEANS");
			this.address.listensOn(port);
		}

	}

}
