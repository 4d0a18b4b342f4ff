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
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

import dev.clientconn.testing.EchoServer;
import org.apache.curator.framework.CuratorFramework;
import org.apache.curator.framework.CuratorFrameworkFactory;
import org.apache.curator.retry.RetryOneTime;
import org.apache.curator.test.TestingServer;
import org.apache.curator.x.discovery.ServiceDiscovery;
import org.apache.curator.x.discovery.ServiceDiscoveryBuilder;
import org.apache.curator.x.discovery.ServiceInstance;

import org.springframework.cloud.zookeeper.discovery.ZookeeperInstance;

/**
 * A ZooKeeper server. Backends enter it as Spring Cloud's service registry has them: by
 * Curator's service discovery under {@code /services}.
 */
final class ZookeeperRegistry implements TestRegistry {

	private final TestingServer server = new TestingServer();

	private final CuratorFramework client = CuratorFrameworkFactory.newClient(this.server.getConnectString(),
			new RetryOneTime(100));

	private final ServiceDiscovery<ZookeeperInstance> services = ServiceDiscoveryBuilder
		.builder(ZookeeperInstance.class)
		.client(this.client)
		.basePath("/services")
		.build();

	ZookeeperRegistry() throws Exception {
		this.client.start();
		this.services.start();
	}

	/** Stops the server; what it knows stays on its disk. */
	void stop() throws IOException {
		this.server.stop();
	}

	void start() throws Exception {
		this.server.restart();
	}

	@Override
	public int port() {
		return this.server.getPort();
	}

	@Override
	public List<String> properties(int port) {
		return List.of("spring.cloud.zookeeper.connect-string=127.0.0.1:" + port);
	}

	@Override
	public void register(EchoServer backend) {
		try {
			this.services.registerService(instance(backend));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void deregister(EchoServer backend) {
		try {
			this.services.unregisterService(instance(backend));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		try {
			this.services.close();
			this.client.close();
			this.server.close();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static ServiceInstance<ZookeeperInstance> instance(EchoServer backend) throws Exception {
		String id = "svc-" + backend.port();
		return ServiceInstance.<ZookeeperInstance>builder()
			.id(id)
			.name("svc")
			.address("127.0.0.1")
			.port(HTTP_PORT)
			.payload(new ZookeeperInstance(id, "svc", Map.of("gRPC_port", Integer.toString(backend.port()))))
			.build();
	}

}
