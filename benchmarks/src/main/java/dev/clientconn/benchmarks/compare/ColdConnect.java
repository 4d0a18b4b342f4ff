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

/**
 * A new channel, its first reply, and its end, one after the other. Latency is that of
 * the reply, from before the dial.
 */
final class ColdConnect implements Workload.Metered {

	private final Dials arm;

	private final Message request = Payload.of(100);

	ColdConnect(Dials arm) {
		this.arm = arm;
	}

	@Override
	public long run(long nanos, Latencies latencies) throws Exception {
		long end = System.nanoTime() + nanos;
		long operations = 0;
		do {
			long started = System.nanoTime();
			ManagedChannel channel = this.arm.dial();
			BenchGrpc.newBlockingStub(channel).unary(this.request);
			latencies.record(System.nanoTime() - started);
			channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
			operations++;
		}
		while (System.nanoTime() < end);
		return operations;
	}

	@Override
	public void close() {
		// Each channel has been closed.
	}

}
