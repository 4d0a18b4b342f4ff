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

package dev.clientconn.spring.boot.autoconfigure.springgrpc;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.SpringGrpcCalls;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ClientInterceptors;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.MethodDescriptor;
import io.grpc.NameResolver;

/**
 * Builds a view of a connection that is dialled already. So it takes interceptors, and
 * refuses everything else with an {@link UnsupportedOperationException}.
 */
final class SharedChannelBuilder extends ManagedChannelBuilder<SharedChannelBuilder> {

	private final ClientConn clientConn;

	private final List<ClientInterceptor> interceptors = new ArrayList<>();

	SharedChannelBuilder(ClientConn clientConn) {
		this.clientConn = clientConn;
	}

	@Override
	public SharedChannelBuilder intercept(List<ClientInterceptor> added) {
		this.interceptors.addAll(added);
		return this;
	}

	@Override
	public SharedChannelBuilder intercept(ClientInterceptor... added) {
		return intercept(List.of(added));
	}

	@Override
	public ManagedChannel build() {
		Channel marked = ClientInterceptors.intercept(this.clientConn, new Mark());
		return new SharedChannel(this.clientConn, ClientInterceptors.intercept(marked, this.interceptors));
	}

	@Override
	public SharedChannelBuilder directExecutor() {
		throw refusal("directExecutor");
	}

	@Override
	public SharedChannelBuilder executor(Executor executor) {
		throw refusal("executor");
	}

	@Override
	public SharedChannelBuilder userAgent(String userAgent) {
		throw refusal("userAgent");
	}

	@Override
	public SharedChannelBuilder overrideAuthority(String authority) {
		throw refusal("overrideAuthority");
	}

	@Deprecated
	@Override
	public SharedChannelBuilder nameResolverFactory(NameResolver.Factory resolverFactory) {
		throw refusal("nameResolverFactory");
	}

	@Override
	public SharedChannelBuilder decompressorRegistry(DecompressorRegistry registry) {
		throw refusal("decompressorRegistry");
	}

	@Override
	public SharedChannelBuilder compressorRegistry(CompressorRegistry registry) {
		throw refusal("compressorRegistry");
	}

	@Override
	public SharedChannelBuilder idleTimeout(long value, TimeUnit unit) {
		throw refusal("idleTimeout");
	}

	// The base class refuses the rest, but ignores these two.

	@Override
	public SharedChannelBuilder maxInboundMessageSize(int bytes) {
		throw refusal("maxInboundMessageSize");
	}

	@Override
	public SharedChannelBuilder maxInboundMetadataSize(int bytes) {
		throw refusal("maxInboundMetadataSize");
	}

	private static UnsupportedOperationException refusal(String method) {
		return new UnsupportedOperationException(method);
	}

	/**
	 * The innermost interceptor: tells the connection that the others have seen the call.
	 */
	private static final class Mark implements ClientInterceptor {

		@Override
		public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(MethodDescriptor<ReqT, RespT> method,
				CallOptions options, Channel next) {
			return next.newCall(method, SpringGrpcCalls.intercepted(options));
		}

	}

}
