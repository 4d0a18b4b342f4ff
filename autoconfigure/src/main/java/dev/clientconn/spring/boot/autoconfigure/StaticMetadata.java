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

package dev.clientconn.spring.boot.autoconfigure;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/**
 * Adds the headers of {@code call.metadata} to every call that does not have them. Their
 * values may be secrets and are never shown.
 */
final class StaticMetadata implements ClientInterceptor {

	/**
	 * Names that gRPC and HTTP/2 keep for themselves; the transport would not send them.
	 */
	private static final Set<String> RESERVED = Set.of("te", "host", "user-agent", "content-type", "content-length",
			"connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade");

	/** Complete before the first call, and only read from then on. */
	private final Metadata headers = new Metadata();

	/** The same by name, to compare. */
	private final Map<String, String> values = new HashMap<>();

	private StaticMetadata() {
	}

	/**
	 * Returns the headers of a channel.
	 * @param settings the settings of the channel
	 * @return the headers, possibly none
	 * @throws ClientConnConfigurationException if a header cannot be sent
	 */
	static StaticMetadata of(ChannelSettings settings) {
		StaticMetadata metadata = new StaticMetadata();
		settings.entries("call.metadata", (properties) -> properties.getCall().getMetadata()).forEach(metadata::add);
		return metadata;
	}

	boolean isEmpty() {
		return this.headers.keys().isEmpty();
	}

	@Override
	public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(MethodDescriptor<ReqT, RespT> method,
			CallOptions options, Channel next) {
		return new SimpleForwardingClientCall<>(next.newCall(method, options)) {

			@Override
			public void start(Listener<RespT> listener, Metadata ofCall) {
				for (String name : StaticMetadata.this.headers.keys()) {
					Metadata.Key<String> key = key(name);
					String value = StaticMetadata.this.headers.get(key);
					if (value != null && !ofCall.containsKey(key)) {
						ofCall.put(key, value);
					}
				}
				super.start(listener, ofCall);
			}

		};
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof StaticMetadata that && this.values.equals(that.values);
	}

	@Override
	public int hashCode() {
		return this.values.hashCode();
	}

	@Override
	public String toString() {
		return "StaticMetadata" + this.headers.keys();
	}

	private void add(String name, Setting<String> setting) {
		String value = setting.orElse("");
		if (!value.chars().allMatch((c) -> c >= 0x20 && c < 0x7f)) {
			throw ClientConnConfigurationException.secret(setting.property(),
					"The value has characters that are not printable ASCII, which headers cannot carry.",
					"Change the value, or send it with a '-bin' header by an interceptor.");
		}
		try {
			Metadata.Key<String> key = key(name);
			if (key.name().startsWith("grpc-") || RESERVED.contains(key.name())) {
				throw new IllegalArgumentException("it is reserved for the protocol");
			}
			this.headers.discardAll(key); // Names are the same in any case.
			this.headers.put(key, value);
			this.values.put(key.name(), value);
		}
		catch (IllegalArgumentException ex) {
			throw ClientConnConfigurationException.secret(setting.property(),
					"'" + name + "' cannot be the name of such a header: " + ex.getMessage() + ".",
					"Choose a name of letters, digits, '-', '_' and '.' that neither begins with 'grpc-' nor ends with '-bin'.");
		}
	}

	private static Metadata.Key<String> key(String name) {
		return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
	}

}
