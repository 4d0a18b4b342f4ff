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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.springframework.cloud.client.discovery.event.HeartbeatEvent;
import org.springframework.cloud.client.discovery.simple.InstanceProperties;
import org.springframework.cloud.client.discovery.simple.SimpleDiscoveryProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;

/**
 * Spring Cloud's simple discovery client, which stands in for a registry: its instances
 * are properties of this application.
 */
@Component
@Profile("!eureka")
class SimpleRegistry implements Registry {

	private final SimpleDiscoveryProperties properties;

	private final ApplicationEventPublisher events;

	SimpleRegistry(SimpleDiscoveryProperties properties, ApplicationEventPublisher events) {
		this.properties = properties;
		this.events = events;
	}

	@Override
	public synchronized void add(Backend.State backend) {
		InstanceProperties instance = new InstanceProperties();
		instance.setServiceId(SERVICE);
		instance.setHost(backend.host());
		instance.setPort(backend.port());
		// Says that the port is gRPC's; without it, that is assumed with a WARN.
		instance.setMetadata(Map.of("gRPC_port", Integer.toString(backend.port())));
		// Another list, because look-ups read the present one at any time.
		List<InstanceProperties> instances = new ArrayList<>(
				this.properties.getInstances().getOrDefault(SERVICE, List.of()));
		instances.add(instance);
		this.properties.getInstances().put(SERVICE, instances);
		// The clients of real registries tell of changes; the simple one does not.
		this.events.publishEvent(new HeartbeatEvent(this, instances.size()));
	}

}
