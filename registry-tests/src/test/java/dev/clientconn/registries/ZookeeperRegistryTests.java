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
 * A real ZooKeeper server (Curator's), and Spring Cloud's ZooKeeper client in the
 * application.
 */
class ZookeeperRegistryTests extends RegistryTests {

	ZookeeperRegistryTests() {
		super("zookeeper", Outage.REFUSED, Outage.SILENT);
	}

	@Override
	TestRegistry startRegistry() throws Exception {
		return new ZookeeperRegistry();
	}

	@Override
	String refused() {
		return "ConnectionLoss";
	}

	@Test
	void restartOfTheServerCostsNoCall() throws Exception {
		ZookeeperRegistry zookeeper = (ZookeeperRegistry) registry();
		try (Load load = Load.on(conn())) {
			zookeeper.stop();
			awaitLookups(1);
			backends().forEach(RegistryTests::awaitCalls);
			zookeeper.start();

			EchoServer third = extra();
			zookeeper.register(third);

			awaitCalls(third);
		}
	}

}
