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

package dev.clientconn.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

import dev.clientconn.sample.proto.GreeterGrpc;
import dev.clientconn.sample.proto.HelloReply;
import dev.clientconn.sample.proto.HelloRequest;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;

/**
 * A gRPC server that can be stopped and started again on the same port.
 */
class Backend {

	private final int number;

	private int port;

	private Server server;

	Backend(int number) {
		this.number = number;
	}

	synchronized void start() {
		if (isRunning()) {
			return;
		}
		try {
			this.server = NettyServerBuilder
				.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), this.port))
				.addService(new Greeter())
				.build()
				.start();
			this.port = this.server.getPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException("Backend " + this.number + " cannot listen on port " + this.port, ex);
		}
	}

	/** Finishes the calls that are running, then closes the port. */
	synchronized void stop() {
		if (!isRunning()) {
			return;
		}
		try {
			if (!this.server.shutdown().awaitTermination(5, TimeUnit.SECONDS)) {
				this.server.shutdownNow().awaitTermination();
			}
		}
		catch (InterruptedException ex) {
			this.server.shutdownNow();
			Thread.currentThread().interrupt();
		}
	}

	synchronized State state() {
		return new State(this.number, InetAddress.getLoopbackAddress().getHostAddress(), this.port, isRunning());
	}

	private boolean isRunning() {
		return this.server != null && !this.server.isShutdown();
	}

	record State(int number, String host, int port, boolean running) {

	}

	private final class Greeter extends GreeterGrpc.GreeterImplBase {

		@Override
		public void sayHello(HelloRequest request, StreamObserver<HelloReply> replies) {
			replies.onNext(HelloReply.newBuilder()
				.setMessage("Hello, " + request.getName() + "!")
				.setBackend(Backend.this.number)
				.build());
			replies.onCompleted();
		}

	}

}
