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

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

import jakarta.annotation.PreDestroy;

import org.springframework.cloud.client.discovery.simple.InstanceProperties;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryProperties;
import org.springframework.stereotype.Component;

/**
 * The three backends. They stand in for a service that runs elsewhere, and register
 * themselves with Spring Cloud's simple discovery client, which stands in for a registry.
 */
@Component
class Backends {

	private static final int COUNT = 3;

	private final Map<Integer, Backend> backends = new TreeMap<>();

	Backends(SimpleDiscoveryProperties registry) {
		IntStream.rangeClosed(1, COUNT).forEach((number) -> this.backends.put(number, new Backend(number)));
		this.backends.values().forEach(Backend::start);
		registry.getInstances().put("greeter", this.backends.values().stream().map(Backends::instance).toList());
	}

	List<Backend.State> states() {
		return this.backends.values().stream().map(Backend::state).toList();
	}

	Backend get(int number) {
		Backend backend = this.backends.get(number);
		if (backend == null) {
			throw new IllegalArgumentException("backend: " + number + " (expected: 1 to " + COUNT + ")");
		}
		return backend;
	}

	@PreDestroy
	void stop() {
		this.backends.values().forEach(Backend::stop);
	}

	private static InstanceProperties instance(Backend backend) {
		InstanceProperties instance = new InstanceProperties();
		instance.setServiceId("greeter");
		instance.setHost(backend.state().host());
		instance.setPort(backend.state().port());
		return instance;
	}

}
