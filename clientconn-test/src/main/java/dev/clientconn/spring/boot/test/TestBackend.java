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

package dev.clientconn.spring.boot.test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.grpc.BindableService;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A gRPC server on loopback that a test starts and stops as it likes. It speaks
 * plaintext, chooses a free port at its first start and keeps it. All methods may be
 * called from any thread, and wait until it is done; the lock keeps starts and stops in
 * order.
 *
 * @since 0.1.0
 */
public final class TestBackend implements AutoCloseable {

	private static final int PATIENCE_SECONDS = 5;

	private final List<BindableService> services;

	// guarded by this

	private @Nullable Server server;

	private int port;

	private TestBackend(List<BindableService> services) {
		this.services = services;
	}

	/**
	 * Makes a server that has not started yet.
	 * @param services what it serves
	 * @return the server, to be closed by the caller
	 */
	public static TestBackend of(BindableService... services) {
		return new TestBackend(List.of(services));
	}

	/**
	 * Starts to serve, on the same port as before if there was one. Does nothing if it
	 * serves already.
	 * @return this
	 * @throws UncheckedIOException if the port cannot be bound
	 */
	public synchronized TestBackend start() {
		if (this.server == null) {
			NettyServerBuilder builder = NettyServerBuilder
				.forAddress(new InetSocketAddress(TestServerAddress.LOOPBACK, this.port));
			this.services.forEach(builder::addService);
			try {
				this.server = builder.build().start();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			this.port = this.server.getPort();
		}
		return this;
	}

	/**
	 * Stops as a deployment does: sends GOAWAY, and gives open calls up to 5 seconds.
	 * Does nothing if it does not serve.
	 */
	public synchronized void stop() {
		Server stopping = this.server;
		this.server = null;
		if (stopping != null && !ended(stopping.shutdown())) {
			ended(stopping.shutdownNow());
		}
	}

	/**
	 * Stops at once: open calls are lost. Does nothing if it does not serve.
	 */
	public synchronized void kill() {
		Server stopping = this.server;
		this.server = null;
		if (stopping != null) {
			ended(stopping.shutdownNow());
		}
	}

	/** As {@link #kill}. */
	@Override
	public void close() {
		kill();
	}

	/**
	 * Returns whether it serves.
	 * @return between a start and a stop
	 */
	public synchronized boolean isRunning() {
		return this.server != null;
	}

	/**
	 * Returns the port.
	 * @return the TCP port; 0 before the first start
	 */
	public synchronized int port() {
		return this.port;
	}

	/**
	 * Returns the address.
	 * @return {@code host:port}, as one of the addresses of a {@code static:} target
	 */
	public String address() {
		return TestServerAddress.LOOPBACK + ":" + port();
	}

	@Override
	public String toString() {
		return "TestBackend[" + address() + "]";
	}

	private static boolean ended(Server stopping) {
		try {
			return stopping.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

}
