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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.clientconn.benchmarks.channels.Channels.Listed;

/**
 * Many connected addresses, and lists in which one of them is another than before: its
 * connection ends, and the operation when the server has accepted the new one. The CPU of
 * asking the server for that is left out.
 */
final class ReplaceOne implements Workload.Metered {

	/** So many different ones take turns, so that none comes back at once. */
	private static final int SPARES = 16;

	private final Dials arm;

	private final Listed channel;

	private final Runnable[] updates = new Runnable[SPARES];

	private int turn;

	private long pausesCpuNanos;

	ReplaceOne(Dials arm, int count) {
		this.arm = arm;
		int size = arm.size(count);
		try {
			long before = arm.server.accepted();
			this.channel = arm.dial(arm.addresses(size));
			arm.server.awaitAccepted(before + size);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		for (int i = 0; i < SPARES; i++) {
			List<String> list = new ArrayList<>(arm.addresses(size));
			list.set(size / 2, arm.address(size + i));
			this.updates[i] = this.channel.update(list);
		}
	}

	@Override
	public long run(long nanos, Latencies latencies) throws IOException {
		long end = System.nanoTime() + nanos;
		long accepted = this.arm.server.accepted();
		long operations = 0;
		this.pausesCpuNanos = 0;
		do {
			long started = System.nanoTime();
			this.updates[this.turn++ % SPARES].run();
			operations++;
			long before = Meter.cpuOfThisThread();
			this.arm.server.awaitAccepted(accepted + operations);
			this.pausesCpuNanos += Meter.cpuOfThisThread() - before;
			latencies.record(System.nanoTime() - started);
		}
		while (System.nanoTime() < end);
		return operations;
	}

	@Override
	public long pausesCpuNanos() {
		return this.pausesCpuNanos;
	}

	@Override
	public void close() throws InterruptedException {
		this.channel.channel().shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
	}

}
