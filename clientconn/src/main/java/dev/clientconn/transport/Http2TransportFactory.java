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
import java.util.Objects;

import dev.clientconn.naming.Address;
import org.jspecify.annotations.Nullable;

/**
 * Makes HTTP/2 connections.
 */
final class Http2TransportFactory implements TransportFactory {

	private final TransportOptions options;

	/** Made with the first connection. */
	private @Nullable SharedHeaders headers;

	private final @Nullable KeepalivePolicy keepalive;

	Http2TransportFactory(TransportOptions options) {
		this.options = Objects.requireNonNull(options, "options");
		this.keepalive = (options.keepalive() != null) ? new KeepalivePolicy(options.keepalive()) : null;
	}

	@Override
	public ClientTransport connect(Address address, Duration connectTimeout, TransportListener listener) {
		SharedHeaders shared = this.headers;
		if (shared == null) {
			shared = new SharedHeaders(this.options);
			this.headers = shared;
		}
		Http2ClientTransport transport = new Http2ClientTransport(this.options, shared, this.keepalive, address,
				listener);
		transport.connect(connectTimeout);
		return transport;
	}

}
