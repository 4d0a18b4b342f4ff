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

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A grpc-java server whose calls stay open until the test answers them.
 */
final class GatedServer implements AutoCloseable {

	private final BlockingQueue<ServerCall<?, ?>> open = new LinkedBlockingQueue<>();

	private final Server server;

	GatedServer() {
		try {
			this.server = NettyServerBuilder.forPort(0).fallbackHandlerRegistry(new AnyMethod()).build().start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String target() {
		return "static:127.0.0.1:" + this.server.getPort();
	}

	/** Waits for a call to arrive. */
	ServerCall<?, ?> next() throws InterruptedException {
		ServerCall<?, ?> call = this.open.poll(20, TimeUnit.SECONDS);
		assertThat(call).as("a call arrives").isNotNull();
		return call;
	}

	/** Ends a call with the status that tells it was answered. */
	static void answer(ServerCall<?, ?> call) {
		call.close(Status.ALREADY_EXISTS, new Metadata());
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
				GatedServer.this.open.add(call);
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
