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

package dev.clientconn.benchmarks.channels;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.UnaryOperator;

import dev.clientconn.ClientConn;
import dev.clientconn.DialOptions;
import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver;
import dev.clientconn.naming.Target;
import dev.clientconn.transport.TransportCredentials;
import io.grpc.ManagedChannel;

/**
 * ClientConns.
 */
public final class ClientConns implements Channels {

	private final TransportCredentials credentials;

	private final UnaryOperator<DialOptions.Builder> options;

	private ClientConns(TransportCredentials credentials, UnaryOperator<DialOptions.Builder> options) {
		this.credentials = credentials;
		this.options = options;
	}

	/** With all defaults. */
	public static Channels byDefault() {
		return new ClientConns(TransportCredentials.insecure(), UnaryOperator.identity());
	}

	/** With callbacks on the event loop. */
	public static Channels direct() {
		return new ClientConns(TransportCredentials.insecure(), (builder) -> builder.executor(Runnable::run));
	}

	@Override
	public Channels trusting(X509Certificate authority) {
		return new ClientConns(TransportCredentials.tls(ClientTls.trusting(authority)), this.options);
	}

	@Override
	public ManagedChannel dial(String address) {
		return ClientConn.dial("dns:///" + address, options().build());
	}

	@Override
	public ManagedChannel dialLazily(String address) {
		return ClientConn.dial("dns:///" + address, options().lazy(true).build());
	}

	@Override
	public Listed dial(List<String> addresses) {
		ListResolver resolver = new ListResolver(list(addresses));
		ManagedChannel channel = ClientConn.dial("list:///backends",
				options().resolver(resolver).balancer("round_robin").build());
		return new Listed() {

			@Override
			public ManagedChannel channel() {
				return channel;
			}

			@Override
			public Runnable update(List<String> next) {
				List<Address> list = list(next);
				return () -> resolver.listener.onAddresses(list);
			}

		};
	}

	private DialOptions.Builder options() {
		return this.options.apply(DialOptions.builder().transportCredentials(this.credentials));
	}

	private static List<Address> list(List<String> addresses) {
		return addresses.stream().map(Address::of).toList();
	}

	private static final class ListResolver implements Resolver, Resolution {

		private final List<Address> first;

		private volatile AddressListener listener;

		private ListResolver(List<Address> first) {
			this.first = first;
		}

		@Override
		public String scheme() {
			return "list";
		}

		@Override
		public String authority(Target target) {
			return target.endpoint();
		}

		@Override
		public boolean isNonBlocking() {
			return true;
		}

		@Override
		public Resolution resolve(Target target, Context context, AddressListener listener) {
			this.listener = listener;
			listener.onAddresses(this.first);
			return this;
		}

		@Override
		public void refresh() {
			// A list is news only when it is delivered.
		}

		@Override
		public void close() {
			// Holds nothing.
		}

	}

}
