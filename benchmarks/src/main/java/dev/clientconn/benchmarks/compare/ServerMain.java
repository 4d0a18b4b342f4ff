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

package dev.clientconn.benchmarks.compare;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;

import dev.clientconn.benchmarks.proto.BenchGrpc;
import dev.clientconn.benchmarks.proto.Count;
import dev.clientconn.benchmarks.proto.Message;
import dev.clientconn.benchmarks.proto.StreamRequest;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.NettySslContextServerCredentials;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.netty.channel.ChannelOption;

/**
 * The process that all arms call: grpc-java servers that answer on their event loop, one
 * in plaintext and one over TLS, at every address of this machine, so that it can be many
 * backends. It lives as long as its standard input.
 */
public final class ServerMain {

	/** For thousands of connections at once. */
	private static final int BACKLOG = 4096;

	private ServerMain() {
	}

	public static void main(String[] args) throws Exception {
		ServerProbe.Counter counter = new ServerProbe.Counter();
		ServerCertificate certificate = ServerCertificate.issue();
		Server plain = start(InsecureServerCredentials.create(), counter);
		Server tls = start(NettySslContextServerCredentials.create(certificate.context()), counter);
		try (ServerSocket probes = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
			daemon(() -> accept(probes, counter));
			ChildProcess.answer(
					new ServerAddress(plain.getPort(), tls.getPort(), probes.getLocalPort(), certificate.authority())
						.encode());
			while (System.in.read() >= 0) {
				continue;
			}
		}
		plain.shutdownNow();
		tls.shutdownNow();
	}

	private static Server start(ServerCredentials credentials, ServerProbe.Counter counter) throws IOException {
		return NettyServerBuilder.forAddress(new InetSocketAddress(0), credentials)
			.directExecutor()
			.withOption(ChannelOption.SO_BACKLOG, BACKLOG)
			.addService(new Service())
			.addTransportFilter(counter)
			.build()
			.start();
	}

	private static void accept(ServerSocket probes, ServerProbe.Counter counter) {
		try {
			while (true) {
				Socket probe = probes.accept();
				daemon(() -> counter.serve(probe));
			}
		}
		catch (IOException ex) {
			// Closed.
		}
	}

	private static void daemon(Runnable task) {
		Thread thread = new Thread(task, "probes");
		thread.setDaemon(true);
		thread.start();
	}

	private static final class Service extends BenchGrpc.BenchImplBase {

		@Override
		public void unary(Message request, StreamObserver<Message> replies) {
			replies.onNext(request);
			replies.onCompleted();
		}

		@Override
		public void serverStream(StreamRequest request, StreamObserver<Message> replies) {
			ServerCallStreamObserver<Message> stream = (ServerCallStreamObserver<Message>) replies;
			stream.setOnReadyHandler(new Writer(stream, request));
		}

		@Override
		public StreamObserver<Message> clientStream(StreamObserver<Count> replies) {
			return new StreamObserver<>() {

				private long messages;

				@Override
				public void onNext(Message message) {
					this.messages++;
				}

				@Override
				public void onError(Throwable cause) {
					// The client is gone.
				}

				@Override
				public void onCompleted() {
					replies.onNext(Count.newBuilder().setMessages(this.messages).build());
					replies.onCompleted();
				}

			};
		}

		@Override
		public StreamObserver<Message> bidi(StreamObserver<Message> replies) {
			return new StreamObserver<>() {

				@Override
				public void onNext(Message message) {
					replies.onNext(message);
				}

				@Override
				public void onError(Throwable cause) {
					// The client is gone.
				}

				@Override
				public void onCompleted() {
					replies.onCompleted();
				}

			};
		}

	}

	/**
	 * Writes as long as the stream is ready, so that the server's memory stays bounded.
	 */
	private static final class Writer implements Runnable {

		private final ServerCallStreamObserver<Message> stream;

		private final Message message;

		private int left;

		private Writer(ServerCallStreamObserver<Message> stream, StreamRequest request) {
			this.stream = stream;
			this.message = Payload.of(request.getSize());
			this.left = request.getCount();
		}

		@Override
		public void run() {
			while (this.left > 0 && this.stream.isReady()) {
				this.left--;
				this.stream.onNext(this.message);
				if (this.left == 0) {
					this.stream.onCompleted();
				}
			}
		}

	}

}
