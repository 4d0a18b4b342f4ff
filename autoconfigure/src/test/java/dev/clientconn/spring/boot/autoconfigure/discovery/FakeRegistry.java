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

package dev.clientconn.spring.boot.autoconfigure.discovery;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.naming.Address;

import org.springframework.cloud.client.DefaultServiceInstance;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/**
 * A registry that knows the service {@code greeter}, or is in trouble. Any thread.
 */
final class FakeRegistry implements DiscoveryClient {

	private final String name;

	final AtomicInteger lookups = new AtomicInteger();

	volatile RuntimeException failure;

	/** Runs in each look-up, before the answer. */
	volatile Runnable onLookup = () -> {
	};

	private volatile List<ServiceInstance> instances = List.of();

	FakeRegistry() {
		this("fake");
	}

	FakeRegistry(String name) {
		this.name = name;
	}

	/** Knows 10.0.0.x:9090 for each x. */
	FakeRegistry octets(int... lastOctets) {
		List<ServiceInstance> result = new ArrayList<>();
		for (int octet : lastOctets) {
			result.add(instance("10.0.0." + octet + ":9090", "i" + octet, Map.of()));
		}
		this.instances = List.copyOf(result);
		return this;
	}

	FakeRegistry addresses(Address... addresses) {
		List<ServiceInstance> result = new ArrayList<>();
		for (Address address : addresses) {
			result.add(instance(address.addr(), "i" + address.addr(), Map.of()));
		}
		this.instances = List.copyOf(result);
		return this;
	}

	FakeRegistry instances(ServiceInstance... all) {
		this.instances = List.of(all);
		return this;
	}

	FakeRegistry instances(List<ServiceInstance> all) {
		this.instances = List.copyOf(all);
		return this;
	}

	static ServiceInstance instance(String addr, String id, Map<String, String> metadata) {
		Address address = Address.of(addr);
		Map<String, String> all = new HashMap<>(metadata);
		all.putIfAbsent("gRPC_port", String.valueOf(address.port()));
		return new DefaultServiceInstance(id, "greeter", address.host(), 8080, false, all);
	}

	@Override
	public String description() {
		return this.name;
	}

	@Override
	public List<ServiceInstance> getInstances(String serviceId) {
		this.lookups.incrementAndGet();
		this.onLookup.run();
		if (this.failure != null) {
			throw this.failure;
		}
		return serviceId.equals("greeter") ? this.instances : List.of();
	}

	@Override
	public List<String> getServices() {
		return List.of("greeter");
	}

}
