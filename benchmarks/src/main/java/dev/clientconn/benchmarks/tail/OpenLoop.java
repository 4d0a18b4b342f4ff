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

package dev.clientconn.benchmarks.tail;

import java.nio.ByteBuffer;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

import com.google.protobuf.ByteString;
import dev.clientconn.benchmarks.compare.Latencies;
import dev.clientconn.benchmarks.proto.BenchGrpc;
import dev.clientconn.benchmarks.proto.Message;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;

/**
 * Calls at an even rate, however late the replies are. A latency counts from when its
 * call was due, so that a stall of the client is seen, too.
 */
final class OpenLoop {

	final Latencies latencies = new Latencies();

	final AtomicLong failures = new AtomicLong();

	private final Phaser underWay = new Phaser(1);

	/**
	 * Makes the calls, and waits for the last reply.
	 * @param firstCall the number of the first call; none is used twice
	 */
	void run(Channel channel, long firstCall, long calls, long perSecond) {
		BenchGrpc.BenchStub stub = BenchGrpc.newStub(channel);
		long start = System.nanoTime();
		for (long i = 0; i < calls; i++) {
			long due = start + i * 1_000_000_000 / perSecond;
			for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
				LockSupport.parkNanos(wait);
			}
			this.underWay.register();
			ByteBuffer payload = ByteBuffer.allocate(100).putLong(0, firstCall + i);
			stub.unary(Message.newBuilder().setPayload(ByteString.copyFrom(payload)).build(), new Reply(due));
		}
		this.underWay.arriveAndAwaitAdvance();
	}

	private final class Reply implements StreamObserver<Message> {

		private final long due;

		private Reply(long due) {
			this.due = due;
		}

		@Override
		public void onNext(Message message) {
			OpenLoop.this.latencies.record(System.nanoTime() - this.due);
		}

		@Override
		public void onError(Throwable cause) {
			OpenLoop.this.failures.incrementAndGet();
			OpenLoop.this.underWay.arriveAndDeregister();
		}

		@Override
		public void onCompleted() {
			OpenLoop.this.underWay.arriveAndDeregister();
		}

	}

}
