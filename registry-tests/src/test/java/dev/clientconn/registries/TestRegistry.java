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

import dev.clientconn.testing.EchoServer;

/**
 * A registry that runs for a test, and the way by which a backend enters and leaves it.
 * Backends are instances of the service {@code svc} whose own port is useless to gRPC
 * ({@link #HTTP_PORT}); the gRPC port is in the metadata.
 */
interface TestRegistry extends AutoCloseable {

	/** Nothing answers there. */
	int HTTP_PORT = 1;

	/** Returns the port on loopback where the registry listens. */
	int port();

	/**
	 * Returns the properties of an application that uses the registry.
	 * @param port where the application finds the registry
	 */
	List<String> properties(int port);

	/** Starts a backend that is not registered. */
	default EchoServer newBackend() {
		return EchoServer.started();
	}

	void register(EchoServer backend);

	void deregister(EchoServer backend);

	@Override
	void close();

}
