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

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import dev.clientconn.benchmarks.proto.BenchGrpc;
import dev.clientconn.benchmarks.proto.Message;
import io.grpc.ManagedChannel;

/**
 * What channels hold while nothing happens: bytes of the heap after a collection, and
 * threads, in both cases more than before. What channels share is there before, because
 * one that is connected stays open throughout.
 */
final class Footprint implements Workload {

	private static final long SETTLE_MILLIS = 100;

	private final ManagedChannel shared;

	private final Open open;

	private final int count;

	private Footprint(Dials arm, int count, Open open) {
		this.count = count;
		this.open = open;
		this.shared = arm.dial();
		call(this.shared);
	}

	/** Channels that have not connected. */
	static Footprint ofUnused(Dials arm, int named) {
		int count = arm.size(named);
		return new Footprint(arm, count, () -> {
			List<ManagedChannel> channels = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				channels.add(arm.dialLazily());
			}
			return channels;
		});
	}

	/** Channels that have carried one call each. */
	static Footprint ofConnected(Dials arm, int named) {
		int count = arm.size(named);
		return new Footprint(arm, count, () -> {
			List<ManagedChannel> channels = new ArrayList<>();
			for (int i = 0; i < count; i++) {
				channels.add(arm.dial());
				call(channels.get(i));
			}
			return channels;
		});
	}

	/** Addresses of one channel that are all connected. */
	static Footprint ofAddresses(Dials arm, int named) {
		int count = arm.size(named);
		return new Footprint(arm, count, () -> List.of(arm.connectAll(count)));
	}

	private static void call(ManagedChannel channel) {
		BenchGrpc.newBlockingStub(channel).unary(Message.getDefaultInstance());
	}

	@Override
	public Round round(long nanos) throws InterruptedException {
		long started = System.nanoTime();
		int threads = threads();
		long heap = heap();
		List<ManagedChannel> channels = this.open.all();
		long held = heap() - heap;
		int more = threads() - threads;
		for (ManagedChannel channel : channels) {
			channel.shutdownNow();
		}
		for (ManagedChannel channel : channels) {
			channel.awaitTermination(30, TimeUnit.SECONDS);
		}
		return Round.held(this.count, System.nanoTime() - started, held, more);
	}

	/** Some of what is garbage is only known to be after others have been collected. */
	private static long heap() throws InterruptedException {
		Thread.sleep(SETTLE_MILLIS);
		for (int i = 0; i < 3; i++) {
			System.gc();
		}
		return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
	}

	private static int threads() {
		return ManagementFactory.getThreadMXBean().getThreadCount();
	}

	@Override
	public void close() throws InterruptedException {
		this.shared.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
	}

	@FunctionalInterface
	private interface Open {

		List<ManagedChannel> all();

	}

}
