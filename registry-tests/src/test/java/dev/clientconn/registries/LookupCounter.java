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

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.core.Ordered;

/**
 * Counts look-ups: the composite discovery client asks it first, learns nothing, and goes
 * on to the registry.
 */
final class LookupCounter implements DiscoveryClient {

	private final AtomicInteger lookups = new AtomicInteger();

	int count() {
		return this.lookups.get();
	}

	@Override
	public List<ServiceInstance> getInstances(String serviceId) {
		this.lookups.incrementAndGet();
		return List.of();
	}

	@Override
	public List<String> getServices() {
		return List.of();
	}

	@Override
	public String description() {
		return "counts look-ups";
	}

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE;
	}

}
