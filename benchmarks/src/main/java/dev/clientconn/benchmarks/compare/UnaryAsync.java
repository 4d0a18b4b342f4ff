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
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;

/**
 * Unary calls on the async stub, a fixed number outstanding: the end of one, in its
 * callback, starts the next.
 */
final class UnaryAsync implements Workload.Metered {

	private final ManagedChannel channel;

	private final BenchGrpc.BenchStub stub;

	private final boolean deadline;

	private final Slot[] slots;

	private final Message request = Payload.of(100);

	private UnaryAsync(ManagedChannel channel, BenchGrpc.BenchStub stub, boolean deadline, int outstanding) {
		this.channel = channel;
		this.stub = stub;
		this.deadline = deadline;
		this.slots = new Slot[outstanding];
	}

	static UnaryAsync plain(ManagedChannel channel, int outstanding) {
		return new UnaryAsync(channel, BenchGrpc.newStub(channel), false, outstanding);
	}

	/** Each call has a deadline that it does not come near. */
	static UnaryAsync withDeadline(ManagedChannel channel, int outstanding) {
		return new UnaryAsync(channel, BenchGrpc.newStub(channel), true, outstanding);
	}

	/** Each call has five metadata fields, always the same. */
	static UnaryAsync withMetadata(ManagedChannel channel, int outstanding) {
		Metadata fields = new Metadata();
		for (int i = 0; i < 5; i++) {
			fields.put(Metadata.Key.of("x-bench-field-" + i, Metadata.ASCII_STRING_MARSHALLER), "value of field " + i);
		}
		BenchGrpc.BenchStub stub = BenchGrpc.newStub(channel)
			.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(fields));
		return new UnaryAsync(channel, stub, false, outstanding);
	}

	@Override
	public long run(long nanos, Latencies latencies) throws Exception {
		Outstanding outstanding = new Outstanding(this.slots.length);
		long end = System.nanoTime() + nanos;
		for (int i = 0; i < this.slots.length; i++) {
			this.slots[i] = new Slot(end, latencies, outstanding);
		}
		for (Slot slot : this.slots) {
			slot.next();
		}
		outstanding.await(nanos);
		long operations = 0;
		for (Slot slot : this.slots) {
			operations += slot.operations;
		}
		return operations;
	}

	@Override
	public void close() throws InterruptedException {
		this.channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
	}

	/**
	 * One call after the other; its fields pass from call to call by the channel's own
	 * ordering.
	 */
	private final class Slot implements StreamObserver<Message> {

		private final long end;

		private final Latencies latencies;

		private final Outstanding outstanding;

		private long operations;

		private long started;

		private Slot(long end, Latencies latencies, Outstanding outstanding) {
			this.end = end;
			this.latencies = latencies;
			this.outstanding = outstanding;
		}

		private void next() {
			this.started = System.nanoTime();
			BenchGrpc.BenchStub stub = UnaryAsync.this.stub;
			if (UnaryAsync.this.deadline) {
				stub = stub.withDeadlineAfter(10, TimeUnit.SECONDS);
			}
			stub.unary(UnaryAsync.this.request, this);
		}

		@Override
		public void onNext(Message reply) {
		}

		@Override
		public void onError(Throwable cause) {
			this.outstanding.failed(cause);
		}

		@Override
		public void onCompleted() {
			long now = System.nanoTime();
			this.latencies.record(now - this.started);
			this.operations++;
			if (now < this.end) {
				next();
			}
			else {
				this.outstanding.ended();
			}
		}

	}

}
