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

import java.io.IOException;

/**
 * Spring Cloud's Consul client in the application, and a stub of Consul's HTTP API: no
 * Consul server is to be had from Maven Central.
 */
class ConsulRegistryTests extends RegistryTests {

	ConsulRegistryTests() {
		super("consul", Outage.values());
	}

	@Override
	TestRegistry startRegistry() throws IOException {
		return new ConsulRegistry();
	}

	@Override
	String refused() {
		return "Connect";
	}

}
