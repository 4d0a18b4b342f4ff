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

import dev.clientconn.testing.EchoServer;
import org.junit.jupiter.api.Test;

/**
 * A real Eureka server, and Spring Cloud's Eureka client in the application.
 */
class EurekaRegistryTests extends RegistryTests {

	EurekaRegistryTests() {
		super("eureka", Outage.values());
	}

	@Override
	TestRegistry startRegistry() {
		return new EurekaRegistry();
	}

	@Override
	String refused() {
		// Its client keeps its failures to itself: nothing fetched is an empty registry.
		return "no usable instance";
	}

	@Test
	void serverThatRestartsAndKnowsNothingCostsNoCall() throws Exception {
		EurekaRegistry eureka = (EurekaRegistry) registry();
		try (Load load = Load.on(conn())) {
			eureka.stop();
			awaitLookups(1);
			eureka.start();
			awaitLookups(2);
			backends().forEach(RegistryTests::awaitCalls);

			backends().forEach(eureka::register);
			EchoServer third = extra();
			eureka.register(third);

			awaitCalls(third);
		}
	}

}
