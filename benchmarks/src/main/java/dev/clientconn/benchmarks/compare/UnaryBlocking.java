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

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

import dev.clientconn.benchmarks.proto.BenchGrpc;
import dev.clientconn.benchmarks.proto.Message;
import io.grpc.ManagedChannel;

/**
 * Unary calls on the blocking stub, from a fixed number of threads.
 */
final class UnaryBlocking implements Workload.Metered {

	private final ManagedChannel channel;

	private final BenchGrpc.BenchBlockingStub stub;

	private final int threads;

	private final ExecutorService callers;

	private final Message request = Payload.of(100);

	private UnaryBlocking(ManagedChannel channel, int threads, ExecutorService callers) {
		this.channel = channel;
		this.stub = BenchGrpc.newBlockingStub(channel);
		this.threads = threads;
		this.callers = callers;
	}

	static UnaryBlocking onThreads(ManagedChannel channel, int threads) {
		return new UnaryBlocking(channel, threads, Executors.newFixedThreadPool(threads));
	}

	/** On Java 21 and newer. */
	static UnaryBlocking onVirtualThreads(ManagedChannel channel, int threads) {
		try {
			ExecutorService callers = (ExecutorService) Executors.class.getMethod("newVirtualThreadPerTaskExecutor")
				.invoke(null);
			return new UnaryBlocking(channel, threads, callers);
		}
		catch (ReflectiveOperationException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public long run(long nanos, Latencies latencies) throws Exception {
		Outstanding outstanding = new Outstanding(this.threads);
		LongAdder operations = new LongAdder();
		long end = System.nanoTime() + nanos;
		for (int i = 0; i < this.threads; i++) {
			this.callers.execute(() -> {
				try {
					operations.add(callUntil(end, latencies));
					outstanding.ended();
				}
				catch (Throwable ex) {
					outstanding.failed(ex);
				}
			});
		}
		outstanding.await(nanos);
		return operations.sum();
	}

	private long callUntil(long end, Latencies latencies) {
		long operations = 0;
		long now = System.nanoTime();
		do {
			long started = now;
			this.stub.unary(this.request);
			now = System.nanoTime();
			latencies.record(now - started);
			operations++;
		}
		while (now < end);
		return operations;
	}

	@Override
	public void close() throws InterruptedException {
		this.channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
		this.callers.shutdownNow();
	}

}
