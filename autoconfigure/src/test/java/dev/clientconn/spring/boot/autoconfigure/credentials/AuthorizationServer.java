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

package dev.clientconn.spring.boot.autoconfigure.credentials;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;

/**
 * A grpc-java server that records the header {@code authorization} of each call and
 * answers any method with a status.
 */
final class AuthorizationServer implements AutoCloseable {

	private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
			Metadata.ASCII_STRING_MARSHALLER);

	/** "none" for a call without the header. */
	final List<String> seen = new CopyOnWriteArrayList<>();

	volatile Function<String, Status> answer = (authorization) -> Status.UNIMPLEMENTED;

	private final Server server;

	AuthorizationServer() {
		this((builder) -> {
		});
	}

	AuthorizationServer(Consumer<NettyServerBuilder> options) {
		NettyServerBuilder builder = NettyServerBuilder.forPort(0).fallbackHandlerRegistry(new AnyMethod());
		options.accept(builder);
		try {
			this.server = builder.build().start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	int port() {
		return this.server.getPort();
	}

	@Override
	public void close() throws InterruptedException {
		this.server.shutdownNow().awaitTermination();
	}

	private final class AnyMethod extends HandlerRegistry {

		@Override
		public ServerMethodDefinition<?, ?> lookupMethod(String methodName, String authority) {
			MethodDescriptor<InputStream, InputStream> method = MethodDescriptor.<InputStream, InputStream>newBuilder()
				.setType(MethodType.UNARY)
				.setFullMethodName(methodName)
				.setRequestMarshaller(new Bytes())
				.setResponseMarshaller(new Bytes())
				.build();
			return ServerMethodDefinition.create(method, (call, headers) -> {
				String authorization = headers.containsKey(AUTHORIZATION)
						? String.join("; ", headers.getAll(AUTHORIZATION)) : "none";
				AuthorizationServer.this.seen.add(authorization);
				call.close(AuthorizationServer.this.answer.apply(authorization), new Metadata());
				return new ServerCall.Listener<>() {
				};
			});
		}

	}

	private static final class Bytes implements MethodDescriptor.Marshaller<InputStream> {

		@Override
		public InputStream stream(InputStream value) {
			return value;
		}

		@Override
		public InputStream parse(InputStream stream) {
			return stream;
		}

	}

}
