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

import io.grpc.BindableService;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.Assert;

/**
 * A server with the services of the context.
 */
@Configuration(proxyBeanMethods = false)
class BeansServerConfiguration {

	@Bean
	TestServerAddress testServerAddress() {
		return new TestServerAddress();
	}

	@Bean
	TestServerResolver testServerResolver(TestServerAddress address) {
		return new TestServerResolver(address);
	}

	@Bean
	TestBackend testBackend(ObjectProvider<BindableService> services) {
		BindableService[] beans = services.orderedStream().toArray(BindableService[]::new);
		Assert.state(beans.length > 0,
				"@AutoConfigureTestClientConn: the context has no BindableService bean that could answer; "
						+ "define one in a @TestConfiguration");
		return TestBackend.of(beans);
	}

	@Bean
	TestBackendLifecycle testBackendLifecycle(TestBackend backend, TestServerAddress address) {
		return new TestBackendLifecycle(backend, address);
	}

	/**
	 * Starts the server before everything that has a phase, and stops it after the
	 * channels have ended their calls.
	 *
	 * @param backend the server
	 * @param address learns the port
	 */
	record TestBackendLifecycle(TestBackend backend, TestServerAddress address) implements SmartLifecycle {

		@Override
		public int getPhase() {
			return Integer.MIN_VALUE;
		}

		@Override
		public void start() {
			this.address.listensOn(this.backend.start().port());
		}

		@Override
		public void stop() {
			this.backend.stop();
		}

		@Override
		public boolean isRunning() {
			return this.backend.isRunning();
		}

		/** Keeps its connections while the context waits in the cache. */
		@Override
		public boolean isPauseable() {
			return false;
		}

	}

}
