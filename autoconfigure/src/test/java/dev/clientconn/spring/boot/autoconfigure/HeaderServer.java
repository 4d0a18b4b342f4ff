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
import java.io.UncheckedIOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.MetadataUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A server without methods that remembers the headers of each call.
 */
final class HeaderServer implements AutoCloseable {

	private final BlockingQueue<Metadata> received = new LinkedBlockingQueue<>();

	private final Server server;

	HeaderServer() {
		try {
			this.server = NettyServerBuilder.forPort(0).addStreamTracerFactory(new ServerStreamTracer.Factory() {

				@Override
				public ServerStreamTracer newServerStreamTracer(String fullMethodName, Metadata headers) {
					HeaderServer.this.received.add(headers);
					return new ServerStreamTracer() {
					};
				}

			}).build().start();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	String address() {
		return "static:127.0.0.1:" + this.server.getPort();
	}

	String target() {
		return "clientconn.channels.greeter.target=" + address();
	}

	Metadata headersOf(Channel channel) throws Exception {
		return headersOf(channel, new Metadata());
	}

	Metadata headersOf(Channel channel, Metadata ofCall) throws Exception {
		TestCalls.start(ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(ofCall)));
		Metadata headers = this.received.poll(10, TimeUnit.SECONDS);
		assertThat(headers).as("headers of a call").isNotNull();
		return headers;
	}

	@Override
	public void close() {
		this.server.shutdownNow();
	}

}
