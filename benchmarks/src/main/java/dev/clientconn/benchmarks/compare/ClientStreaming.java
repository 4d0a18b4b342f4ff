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
import dev.clientconn.benchmarks.proto.Count;
import dev.clientconn.benchmarks.proto.Message;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;

/**
 * One client stream after the other, of ten thousand messages each, written from the
 * onReady callback for as long as the stream is ready.
 */
final class ClientStreaming implements Workload.Metered {

	private static final int MESSAGES = 10_000;

	private final ManagedChannel channel;

	private final BenchGrpc.BenchStub stub;

	private final Message message;

	ClientStreaming(ManagedChannel channel, int size) {
		this.channel = channel;
		this.stub = BenchGrpc.newStub(channel);
		this.message = Payload.of(size);
	}

	@Override
	public long run(long nanos, Latencies latencies) throws Exception {
		Outstanding outstanding = new Outstanding(1);
		Streams streams = new Streams(System.nanoTime() + nanos, outstanding);
		streams.next();
		outstanding.await(nanos);
		return streams.messages;
	}

	@Override
	public void close() throws InterruptedException {
		this.channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
	}

	/** All streams of a round; only one is open at a time. */
	private final class Streams {

		private final long end;

		private final Outstanding outstanding;

		private long messages;

		private Streams(long end, Outstanding outstanding) {
			this.end = end;
			this.outstanding = outstanding;
		}

		private void next() {
			ClientStreaming.this.stub.clientStream(new OneStream(this));
		}

		private void ended(long counted) {
			this.messages += counted;
			if (counted != MESSAGES) {
				this.outstanding.failed(new IllegalStateException("The server saw " + counted + " messages"));
			}
			else if (System.nanoTime() < this.end) {
				next();
			}
			else {
				this.outstanding.ended();
			}
		}

	}

	private final class OneStream implements ClientResponseObserver<Message, Count> {

		private final Streams streams;

		private ClientCallStreamObserver<Message> requests;

		private int sent;

		private long counted;

		private OneStream(Streams streams) {
			this.streams = streams;
		}

		@Override
		public void beforeStart(ClientCallStreamObserver<Message> requests) {
			this.requests = requests;
			requests.setOnReadyHandler(this::write);
		}

		private void write() {
			while (this.sent < MESSAGES && this.requests.isReady()) {
				this.sent++;
				this.requests.onNext(ClientStreaming.this.message);
				if (this.sent == MESSAGES) {
					this.requests.onCompleted();
				}
			}
		}

		@Override
		public void onNext(Count count) {
			this.counted = count.getMessages();
		}

		@Override
		public void onError(Throwable cause) {
			this.streams.outstanding.failed(cause);
		}

		@Override
		public void onCompleted() {
			this.streams.ended(this.counted);
		}

	}

}
