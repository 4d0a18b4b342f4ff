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
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import dev.clientconn.benchmarks.channels.Channels.Listed;

/**
 * Many connected addresses, and lists that say the same again, in objects of their own. A
 * channel need not handle a list on the thread that delivers it, and of two may handle
 * only the second: so there is a pause after each, whose own CPU is left out, and
 * operations per second say nothing.
 */
final class SameList implements Workload.Metered {

	private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

	private final Listed channel;

	private final Runnable[] updates;

	/** Larger lists take longer to handle. */
	private final long pauseNanos;

	private long pausesCpuNanos;

	SameList(Dials arm, int count) {
		int size = arm.size(count);
		try {
			long before = arm.server.accepted();
			this.channel = arm.dial(arm.addresses(size));
			arm.server.awaitAccepted(before + size);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		this.updates = new Runnable[] { this.channel.update(arm.addresses(size)),
				this.channel.update(arm.addresses(size)) };
		this.pauseNanos = PAUSE_NANOS * Math.max(1, size / 1_000);
	}

	@Override
	public long run(long nanos, Latencies latencies) {
		long end = System.nanoTime() + nanos;
		int operations = 0;
		this.pausesCpuNanos = 0;
		do {
			this.updates[operations++ % this.updates.length].run();
			long before = Meter.cpuOfThisThread();
			LockSupport.parkNanos(this.pauseNanos);
			this.pausesCpuNanos += Meter.cpuOfThisThread() - before;
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
