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

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;

import dev.clientconn.testing.EchoServer;
import io.fabric8.kubernetes.api.model.EndpointAddress;
import io.fabric8.kubernetes.api.model.EndpointAddressBuilder;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;

/**
 * A stub of the API server that keeps what it is told, with a service whose pods have a
 * port named {@code http} and one named {@code grpc}. As in a cluster, the pods have the
 * same ports and an address each: 127.0.0.2 and up.
 */
final class KubernetesRegistry implements TestRegistry {

	private static final String NAMESPACE = "test";

	private final KubernetesMockServer server;

	private final KubernetesClient client;

	private final Set<String> hosts = new ConcurrentSkipListSet<>();

	private int backends;

	private int grpcPort;

	KubernetesRegistry() {
		Map<ServerRequest, Queue<ServerResponse>> responses = new HashMap<>();
		this.server = new KubernetesMockServer(new Context(), new MockWebServer(), responses,
				new KubernetesMixedDispatcher(responses), false);
		this.server.init();
		this.client = this.server.createClient();
		this.client.services()
			.inNamespace(NAMESPACE)
			.resource(new ServiceBuilder().withNewMetadata()
				.withName("svc")
				.endMetadata()
				.withNewSpec()
				.withType("ClusterIP")
				.endSpec()
				.build())
			.create();
	}

	@Override
	public EchoServer newBackend() {
		EchoServer backend = new EchoServer(this.grpcPort).on("127.0.0." + (2 + this.backends++)).start();
		this.grpcPort = backend.port();
		return backend;
	}

	@Override
	public int port() {
		return this.server.getPort();
	}

	@Override
	public List<String> properties(int port) {
		return List.of("spring.cloud.kubernetes.client.master-url=http://127.0.0.1:" + port,
				"spring.cloud.kubernetes.client.namespace=" + NAMESPACE);
	}

	@Override
	public void register(EchoServer backend) {
		this.hosts.add(backend.address().host());
		writeEndpoints();
	}

	@Override
	public void deregister(EchoServer backend) {
		this.hosts.remove(backend.address().host());
		writeEndpoints();
	}

	@Override
	public void close() {
		this.client.close();
		this.server.destroy();
	}

	private void writeEndpoints() {
		List<EndpointAddress> addresses = this.hosts.stream()
			.map((host) -> new EndpointAddressBuilder().withIp(host).build())
			.toList();
		Endpoints endpoints = new EndpointsBuilder().withNewMetadata()
			.withName("svc")
			.endMetadata()
			.addNewSubset()
			.withAddresses(addresses)
			.addNewPort(null, "http", HTTP_PORT, "TCP")
			.addNewPort(null, "grpc", this.grpcPort, "TCP")
			.endSubset()
			.build();
		this.client.endpoints().inNamespace(NAMESPACE).resource(endpoints).createOr(NonDeletingOperation::update);
	}

}
