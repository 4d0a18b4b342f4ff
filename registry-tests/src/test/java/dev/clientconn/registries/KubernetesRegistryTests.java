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

import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/**
 * Spring Cloud's Kubernetes client (fabric8) in the application, and fabric8's stub of
 * the API server: no cluster is to be had from Maven Central.
 */
@EnabledOnOs(value = OS.LINUX, disabledReason = "The pods need a loopback address each")
class KubernetesRegistryTests extends RegistryTests {

	KubernetesRegistryTests() {
		super("kubernetes", Outage.values());
	}

	@Override
	TestRegistry startRegistry() {
		return new KubernetesRegistry();
	}

	@Override
	String refused() {
		return "Connection refused";
	}

}
