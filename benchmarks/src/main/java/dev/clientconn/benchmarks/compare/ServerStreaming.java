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

import java.util.concurrent.TimeUnit;

import dev.clientconn.benchmarks.proto.BenchGrpc;
import dev.clientconn.benchmarks.proto.Message;
import dev.clientconn.benchmarks.proto.StreamRequest;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;

/**
 * One server stream after the other, of a thousand messages each, on the async stub: it
 * asks for one message more at each.
 */
final class ServerStreaming implements Workload.Metered {

	private static final int MESSAGES = 1000;

	private final ManagedChannel channel;

	private final BenchGrpc.BenchStub stub;

	private final StreamRequest request;

	ServerStreaming(ManagedChannel channel, int size) {
		this.channel = channel;
		this.stub = BenchGrpc.newStub(channel);
		this.request = StreamRequest.newBuilder().setCount(MESSAGES).setSize(size).build();
	}

	@Override
	public long run(long nanos, Latencies latencies) throws Exception {
		Outstanding outstanding = new Outstanding(1);
		Streams streams = new Streams(System.nanoTime() + nanos, outstanding);
		this.stub.serverStream(this.request, streams);
		outstanding.await(nanos);
		return streams.messages;
	}

	@Override
	public void close() throws InterruptedException {
		this.channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
	}

	private final class Streams implements StreamObserver<Message> {

		private final long end;

		private final Outstanding outstanding;

		private long messages;

		private Streams(long end, Outstanding outstanding) {
			this.end = end;
			this.outstanding = outstanding;
		}

		@Override
		public void onNext(Message message) {
			this.messages++;
		}

		@Override
		public void onError(Throwable cause) {
			this.outstanding.failed(cause);
		}

		@Override
		public void onCompleted() {
			if (System.nanoTime() < this.end) {
				ServerStreaming.this.stub.serverStream(ServerStreaming.this.request, this);
			}
			else {
				this.outstanding.ended();
			}
		}

	}

}
