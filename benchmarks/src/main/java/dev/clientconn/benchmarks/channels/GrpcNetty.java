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

import java.net.InetSocketAddress;
import java.net.URI;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.UnaryOperator;

import io.grpc.ChannelCredentials;
import io.grpc.EquivalentAddressGroup;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.StatusOr;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettySslContextChannelCredentials;

/**
 * grpc-java's channels over Netty.
 */
public final class GrpcNetty implements Channels {

	private static final int TUNED_WINDOW = 4 << 20;

	private final ChannelCredentials credentials;

	private final UnaryOperator<NettyChannelBuilder> options;

	private GrpcNetty(ChannelCredentials credentials, UnaryOperator<NettyChannelBuilder> options) {
		this.credentials = credentials;
		this.options = options;
	}

	/** With all defaults. */
	public static Channels byDefault() {
		return with(UnaryOperator.identity());
	}

	/** With callbacks on the event loop, and a window of 4 MiB. */
	public static Channels tuned() {
		return with((builder) -> builder.directExecutor().flowControlWindow(TUNED_WINDOW));
	}

	/** With options of the caller's. */
	public static Channels with(UnaryOperator<NettyChannelBuilder> options) {
		return new GrpcNetty(InsecureChannelCredentials.create(), options);
	}

	@Override
	public Channels trusting(X509Certificate authority) {
		return new GrpcNetty(NettySslContextChannelCredentials.create(ClientTls.trusting(authority)), this.options);
	}

	@Override
	public ManagedChannel dial(String address) {
		return builder("dns:///" + address).build();
	}

	@Override
	public Listed dial(List<String> addresses) {
		ListProvider provider = new ListProvider(list(addresses));
		// A scheme of its own, because providers are looked up by scheme in one place.
		NameResolverRegistry.getDefaultRegistry().register(provider);
		ManagedChannel channel = builder(provider.scheme + ":///backends").defaultLoadBalancingPolicy("round_robin")
			.build();
		channel.getState(true);
		return new Listed() {

			@Override
			public ManagedChannel channel() {
				return channel;
			}

			@Override
			public Runnable update(List<String> next) {
				NameResolver.ResolutionResult result = result(list(next));
				return () -> provider.listener.onResult(result);
			}

		};
	}

	private NettyChannelBuilder builder(String target) {
		return this.options.apply(NettyChannelBuilder.forTarget(target, this.credentials));
	}

	private static List<EquivalentAddressGroup> list(List<String> addresses) {
		return addresses.stream().map((address) -> {
			int colon = address.lastIndexOf(':');
			return new EquivalentAddressGroup(
					new InetSocketAddress(address.substring(0, colon), Integer.parseInt(address.substring(colon + 1))));
		}).toList();
	}

	private static NameResolver.ResolutionResult result(List<EquivalentAddressGroup> list) {
		return NameResolver.ResolutionResult.newBuilder().setAddressesOrError(StatusOr.fromValue(list)).build();
	}

	private static final class ListProvider extends NameResolverProvider {

		private static int count;

		private final String scheme;

		private final List<EquivalentAddressGroup> first;

		private volatile NameResolver.Listener2 listener;

		private ListProvider(List<EquivalentAddressGroup> first) {
			this.first = first;
			synchronized (ListProvider.class) {
				this.scheme = "list" + count++;
			}
		}

		@Override
		protected boolean isAvailable() {
			return true;
		}

		@Override
		protected int priority() {
			return 5;
		}

		@Override
		public String getDefaultScheme() {
			return this.scheme;
		}

		@Override
		public NameResolver newNameResolver(URI target, NameResolver.Args args) {
			return new NameResolver() {

				@Override
				public String getServiceAuthority() {
					return "backends";
				}

				@Override
				public void start(Listener2 listener) {
					ListProvider.this.listener = listener;
					listener.onResult(result(ListProvider.this.first));
				}

				@Override
				public void shutdown() {
					NameResolverRegistry.getDefaultRegistry().deregister(ListProvider.this);
				}

			};
		}

	}

}
