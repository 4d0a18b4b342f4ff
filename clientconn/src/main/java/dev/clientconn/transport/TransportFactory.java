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

package dev.clientconn.transport;

import java.time.Duration;

import dev.clientconn.naming.Address;

/**
 * Makes the connections of one ClientConn.
 */
public interface TransportFactory {

	/**
	 * Starts to connect and returns at once. The time limit covers TCP, proxy, TLS and
	 * the server's SETTINGS; when it passes, the attempt fails.
	 * @param address where to
	 * @param connectTimeout time limit of the attempt
	 * @param listener hears of the outcome, on the event loop and never before this
	 * method has returned
	 * @return the connection being made; {@link ClientTransport#close} gives it up
	 */
	ClientTransport connect(Address address, Duration connectTimeout, TransportListener listener);

	/**
	 * Returns a factory of HTTP/2 connections.
	 * @param options what is the same for all connections of a ClientConn
	 * @return the factory
	 */
	static TransportFactory http2(TransportOptions options) {
		return new Http2TransportFactory(options);
	}

}
