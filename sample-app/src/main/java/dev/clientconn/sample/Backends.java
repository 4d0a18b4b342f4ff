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
import java.util.concurrent.ConcurrentSkipListMap;

import jakarta.annotation.PreDestroy;

import org.springframework.stereotype.Component;

/**
 * The backends: three, and those that are added. They stand in for a service that runs
 * elsewhere, and register themselves.
 */
@Component
class Backends {

	private static final int COUNT = 3;

	private final Registry registry;

	private final Map<Integer, Backend> backends = new ConcurrentSkipListMap<>();

	Backends(Registry registry) {
		this.registry = registry;
		while (this.backends.size() < COUNT) {
			add();
		}
	}

	synchronized Backend add() {
		Backend backend = new Backend(this.backends.size() + 1);
		backend.start();
		this.backends.put(backend.state().number(), backend);
		this.registry.add(backend.state());
		return backend;
	}

	List<Backend.State> states() {
		return this.backends.values().stream().map(Backend::state).toList();
	}

	Backend get(int number) {
		Backend backend = this.backends.get(number);
		if (backend == null) {
			throw new IllegalArgumentException("backend: " + number + " (expected: 1 to " + this.backends.size() + ")");
		}
		return backend;
	}

	@PreDestroy
	void stop() {
		this.backends.values().forEach(Backend::stop);
	}

}
