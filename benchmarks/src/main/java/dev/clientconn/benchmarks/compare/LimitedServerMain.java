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

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

import dev.clientconn.benchmarks.proto.BenchGrpc;
import dev.clientconn.benchmarks.proto.Message;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;

/**
 * The server of {@link StreamLimit}: a number of streams per connection, and each answer
 * after a time, by a timer. It lives as long as its standard input.
 */
public final class LimitedServerMain {

	private LimitedServerMain() {
	}

	public static void main(String[] args) throws Exception {
		int streams = Integer.parseInt(args[0]);
		long delayMillis = Long.parseLong(args[1]);
		ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
		Server server = NettyServerBuilder.forPort(0, InsecureServerCredentials.create())
			.directExecutor()
			.maxConcurrentCallsPerConnection(streams)
			.addService(new BenchGrpc.BenchImplBase() {

				@Override
				public void unary(Message request, StreamObserver<Message> replies) {
					timer.schedule(() -> {
						replies.onNext(request);
						replies.onCompleted();
					}, delayMillis, TimeUnit.MILLISECONDS);
				}

			})
			.build()
			.start();
		ChildProcess.answer(Integer.toString(server.getPort()));
		while (System.in.read() >= 0) {
			continue;
		}
		server.shutdownNow();
		timer.shutdownNow();
	}

}
