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
import java.util.List;

import dev.clientconn.spring.boot.autoconfigure.discovery.Registry.Client;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClient;

/**
 * A registry of reactive clients, for applications without a blocking one. A class of its
 * own, so that nothing else needs Reactor.
 */
final class ReactiveClients {

	private ReactiveClients() {
	}

	/**
	 * Returns the registry. A look-up waits on its own thread; when it is abandoned, the
	 * interrupt cancels the subscription.
	 * @param discoveryClient the client to inject, which may be a composite
	 * @return the registry
	 */
	static Registry registry(ObjectProvider<ReactiveDiscoveryClient> discoveryClient) {
		return new Registry(() -> {
			List<Client> clients = new ArrayList<>();
			discoveryClient.orderedStream()
				.filter((client) -> !(client instanceof ReactiveCompositeDiscoveryClient))
				.forEach((client) -> clients.add(Client.of(client.description(), client,
						(serviceId) -> client.getInstances(serviceId).collectList().block())));
			return clients;
		});
	}

}
