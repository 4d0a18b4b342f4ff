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
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.clientconn.testing.EchoServer;

/**
 * The three requests of Consul's HTTP API that the client makes: the instances of a
 * service with their health, the catalogue of services, and the leader. Blocking queries
 * ({@code index}, {@code wait}) are answered at once.
 */
final class ConsulRegistry implements TestRegistry {

	private final Map<Integer, String> instances = new ConcurrentSkipListMap<>();

	private final AtomicLong index = new AtomicLong(1);

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

	ConsulRegistry() throws IOException {
		this.server.createContext("/v1/health/service/svc",
				(exchange) -> answer(exchange, "[" + String.join(",", this.instances.values()) + "]"));
		this.server.createContext("/v1/catalog/services", (exchange) -> answer(exchange, "{\"consul\":[],\"svc\":[]}"));
		this.server.createContext("/v1/status/leader", (exchange) -> answer(exchange, "\"127.0.0.1:8300\""));
		this.server.setExecutor(this.threads);
		this.server.start();
	}

	@Override
	public int port() {
		return this.server.getAddress().getPort();
	}

	@Override
	public List<String> properties(int port) {
		return List.of("spring.cloud.consul.host=127.0.0.1", "spring.cloud.consul.port=" + port);
	}

	@Override
	public void register(EchoServer backend) {
		this.instances.put(backend.port(), """
				{"Node":{"ID":"n","Node":"node","Address":"127.0.0.1","Datacenter":"dc1"},
				 "Service":{"ID":"svc-%1$d","Service":"svc","Tags":[],"Address":"127.0.0.1","Port":%2$d,
				  "Meta":{"gRPC_port":"%1$d"}},
				 "Checks":[{"Node":"node","CheckID":"serfHealth","Name":"Serf Health Status","Status":"passing"}]}
				""".formatted(backend.port(), HTTP_PORT));
		this.index.incrementAndGet();
	}

	@Override
	public void deregister(EchoServer backend) {
		this.instances.remove(backend.port());
		this.index.incrementAndGet();
	}

	@Override
	public void close() {
		this.server.stop(0);
		this.threads.shutdownNow();
	}

	private void answer(HttpExchange exchange, String json) throws IOException {
		byte[] body = json.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().add("Content-Type", "application/json");
		exchange.getResponseHeaders().add("X-Consul-Index", Long.toString(this.index.get()));
		try (exchange) {
			exchange.sendResponseHeaders(200, body.length);
			exchange.getResponseBody().write(body);
		}
	}

}
