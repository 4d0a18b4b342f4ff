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

package dev.clientconn.spring.boot.autoconfigure.credentials;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;

/**
 * A token endpoint of OAuth 2.0 over HTTP, which issues {@code token-1}, {@code token-2}
 * and so on.
 */
final class TokenEndpoint implements AutoCloseable {

	final AtomicInteger requests = new AtomicInteger();

	/** Requests are answered once it is open. */
	volatile CountDownLatch gate = new CountDownLatch(0);

	volatile int status = 200;

	volatile int expiresIn = 3600;

	/** The body of answers, {@code null} to issue a token. */
	volatile String body;

	private final ExecutorService executor = Executors.newCachedThreadPool();

	private final HttpServer server;

	TokenEndpoint() {
		try {
			this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.server.setExecutor(this.executor);
		this.server.createContext("/token", this::answer);
		this.server.start();
	}

	String uri() {
		return "http://127.0.0.1:" + this.server.getAddress().getPort() + "/token";
	}

	private void answer(HttpExchange exchange) throws IOException {
		int number = this.requests.incrementAndGet();
		exchange.getRequestBody().readAllBytes();
		try {
			this.gate.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		String own = this.body;
		byte[] bytes = ((own != null) ? own : """
				{"access_token":"token-%d","token_type":"Bearer","expires_in":%d}""".formatted(number, this.expiresIn))
			.getBytes(StandardCharsets.UTF_8);
		exchange.getResponseHeaders().set("Content-Type", "application/json");
		exchange.sendResponseHeaders(this.status, bytes.length);
		exchange.getResponseBody().write(bytes);
		exchange.close();
	}

	@Override
	public void close() {
		this.gate.countDown();
		this.server.stop(0);
		this.executor.shutdownNow();
	}

}
