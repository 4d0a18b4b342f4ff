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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import com.linecorp.armeria.client.ClientFactory;
import com.linecorp.armeria.client.ClientFactoryBuilder;
import com.linecorp.armeria.client.Endpoint;
import com.linecorp.armeria.client.endpoint.EndpointGroup;
import com.linecorp.armeria.client.grpc.GrpcClients;
import dev.clientconn.benchmarks.proto.BenchGrpc;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.netty.handler.ssl.SslProvider;

/**
 * Armeria's gRPC client. Its connections belong to a {@code ClientFactory}; each channel
 * has its own, because closing a channel must close its connections.
 */
public final class Armeria implements Channels {

	/** Null for plaintext. */
	private final X509Certificate authority;

	private Armeria(X509Certificate authority) {
		this.authority = authority;
	}

	/** With all defaults, but no response timeout. */
	public static Channels byDefault() {
		return new Armeria(null);
	}

	/** Each of its factories makes a context of its own. */
	@Override
	public Channels trusting(X509Certificate authority) {
		return new Armeria(authority);
	}

	@Override
	public ManagedChannel dial(String address) {
		return over(endpoints(List.of(address)));
	}

	@Override
	public Listed dial(List<String> addresses) {
		ManagedChannel channel = over(endpoints(addresses));
		return new Listed() {

			@Override
			public ManagedChannel channel() {
				return channel;
			}

			@Override
			public Runnable update(List<String> next) {
				throw new UnsupportedOperationException(
						"Armeria connects when it calls, so an update has no end to wait for");
			}

		};
	}

	private static EndpointGroup endpoints(List<String> addresses) {
		return EndpointGroup.of(addresses.stream().map(Endpoint::parse).toList());
	}

	private ManagedChannel over(EndpointGroup endpoints) {
		ClientFactoryBuilder options = ClientFactory.builder().useHttp2Preface(true);
		if (this.authority != null) {
			options.tlsCustomizer((tls) -> tls.sslProvider(SslProvider.JDK).trustManager(this.authority));
		}
		ClientFactory factory = options.build();
		BenchGrpc.BenchStub stub = GrpcClients
			.builder((this.authority != null) ? "gproto+https" : "gproto+http", endpoints)
			.factory(factory)
			.responseTimeoutMillis(0)
			.maxResponseLength(0)
			.build(BenchGrpc.BenchStub.class);
		return new OfFactory(stub.getChannel(), factory);
	}

	/** Their channel with the life of its factory. */
	private static final class OfFactory extends ManagedChannel {

		private final Channel channel;

		private final ClientFactory factory;

		private OfFactory(Channel channel, ClientFactory factory) {
			this.channel = channel;
			this.factory = factory;
		}

		@Override
		public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
			return this.channel.newCall(method, options);
		}

		@Override
		public String authority() {
			return this.channel.authority();
		}

		@Override
		public ManagedChannel shutdown() {
			this.factory.closeAsync();
			return this;
		}

		@Override
		public ManagedChannel shutdownNow() {
			return shutdown();
		}

		@Override
		public boolean isShutdown() {
			return this.factory.isClosing();
		}

		@Override
		public boolean isTerminated() {
			return this.factory.isClosed();
		}

		@Override
		public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
			try {
				this.factory.whenClosed().get(timeout, unit);
				return true;
			}
			catch (TimeoutException ex) {
				return false;
			}
			catch (ExecutionException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

}
