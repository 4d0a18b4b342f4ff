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
import java.util.function.Function;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.ServiceInstance;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClient;

/**
 * The discovery clients of the application, asked in their order until one knows the
 * service. Like Spring Cloud's composite, but it says which one answered, and a client
 * that fails does not hide those after it. Safe for use from any thread.
 */
final class Registry {

	private final Supplier<List<Client>> clients;

	/**
	 * Creates a registry.
	 * @param clients returns the clients of this moment: a refresh of the environment may
	 * replace them
	 */
	Registry(Supplier<List<Client>> clients) {
		this.clients = clients;
	}

	/**
	 * Returns a registry of blocking clients.
	 * @param discoveryClient the client to inject, which may be a composite
	 * @return the registry
	 */
	static Registry of(ObjectProvider<DiscoveryClient> discoveryClient) {
		return new Registry(() -> {
			List<Client> clients = new ArrayList<>();
			add(discoveryClient.getObject(), clients);
			return clients;
		});
	}

	private static void add(DiscoveryClient client, List<Client> clients) {
		if (client instanceof CompositeDiscoveryClient composite) {
			composite.getDiscoveryClients().forEach((delegate) -> add(delegate, clients));
		}
		else {
			clients.add(Client.of(client.description(), client, client::getInstances));
		}
	}

	/**
	 * Creates the clients, if they do not exist yet, on the calling thread.
	 */
	void prepare() {
		this.clients.get();
	}

	/**
	 * Asks for the instances of a service. Blocks.
	 * @param serviceId the service
	 * @param inUse name of the client whose answer is in use, {@code null} if none is. If
	 * that client fails, no other is asked: what it knew is better kept than replaced by
	 * what another one knows.
	 * @return the answer of the first client that knows an instance, else an empty one
	 * @throws RuntimeException if the client in use failed, or any did and none knows an
	 * instance
	 */
	Answer lookUp(String serviceId, @Nullable String inUse) {
		List<String> failed = new ArrayList<>();
		RuntimeException failure = null;
		String asked = "none";
		for (Client client : this.clients.get()) {
			try {
				List<ServiceInstance> instances = client.instances.apply(serviceId);
				asked = client.name;
				if (instances != null && !instances.isEmpty()) {
					return new Answer(List.copyOf(instances), client.name, failed);
				}
			}
			catch (RuntimeException ex) {
				failed.add(client.name);
				failure = ex;
				if (client.name.equals(inUse)) {
					break;
				}
			}
		}
		if (failure != null) {
			throw failure;
		}
		return new Answer(List.of(), asked, failed);
	}

	/**
	 * A discovery client.
	 *
	 * @param name its description
	 * @param instances returns the instances of a service; blocks
	 */
	record Client(String name, Function<String, @Nullable List<ServiceInstance>> instances) {

		/** A description is for people, and not every client has one. */
		static Client of(@Nullable String description, Object client,
				Function<String, @Nullable List<ServiceInstance>> instances) {
			String name = (description != null) ? description : client.getClass().getSimpleName();
			return new Client(name, instances);
		}

	}

	/**
	 * What the registry says.
	 *
	 * @param instances the instances of the service
	 * @param client name of the client that answered
	 * @param failed names of the clients before it that failed
	 */
	record Answer(List<ServiceInstance> instances, String client, List<String> failed) {

		Answer {
			failed = List.copyOf(failed);
		}

	}

}
