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

package io.grpc.testing.integration;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import dev.clientconn.ClientConn;
import dev.clientconn.DialOptions;
import io.grpc.ClientInterceptor;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.NameResolver;

/**
 * Lets grpc-java's suite, which builds its channels itself, build ClientConns.
 */
final class DialingChannelBuilder extends ManagedChannelBuilder<DialingChannelBuilder> {

	private final String target;

	private final DialOptions.Builder options;

	DialingChannelBuilder(String target, DialOptions.Builder options) {
		this.target = target;
		this.options = options;
	}

	@Override
	public DialingChannelBuilder directExecutor() {
		return executor(Runnable::run);
	}

	@Override
	public DialingChannelBuilder executor(Executor executor) {
		this.options.executor(executor);
		return this;
	}

	@Override
	public DialingChannelBuilder intercept(List<ClientInterceptor> interceptors) {
		interceptors
			.forEach((interceptor) -> this.options.unaryInterceptor(interceptor).streamInterceptor(interceptor));
		return this;
	}

	@Override
	public DialingChannelBuilder intercept(ClientInterceptor... interceptors) {
		return intercept(List.of(interceptors));
	}

	@Override
	public DialingChannelBuilder userAgent(String userAgent) {
		this.options.userAgent(userAgent);
		return this;
	}

	@Override
	public DialingChannelBuilder overrideAuthority(String authority) {
		this.options.authority(authority);
		return this;
	}

	@Override
	public DialingChannelBuilder enableRetry() {
		// Nothing to enable: the suite only checks that calls without a retry policy
		// work.
		return this;
	}

	@Override
	public DialingChannelBuilder idleTimeout(long value, TimeUnit unit) {
		throw new AssertionError("the suite does not use this");
	}

	@Override
	public DialingChannelBuilder compressorRegistry(CompressorRegistry registry) {
		throw new AssertionError("the suite does not use this");
	}

	@Override
	public DialingChannelBuilder decompressorRegistry(DecompressorRegistry registry) {
		throw new AssertionError("the suite does not use this");
	}

	@Override
	@Deprecated
	public DialingChannelBuilder nameResolverFactory(NameResolver.Factory factory) {
		throw new AssertionError("the suite does not use this");
	}

	@Override
	public ManagedChannel build() {
		return ClientConn.dial(this.target, this.options.build());
	}

}
