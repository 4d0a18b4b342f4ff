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

package dev.clientconn.transport;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.buffer.UnpooledDirectByteBuf;
import io.netty.buffer.UnpooledUnsafeDirectByteBuf;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * The buffers of one event loop, for what its sockets read and write: a few of each size,
 * which come back to it. Netty's pools would do as well, but when one is first used in a
 * JVM it registers events with the JDK's flight recorder, which is a sixth of the CPU
 * until the first reply. What is asked for on other threads, on the heap or bounded comes
 * from Netty's pool all the same, and so does everything once a loop has moved bulk data:
 * it needs the large regions of a pool, and one kind of buffer at a time keeps the calls
 * on it easy for the JIT.
 * <p>
 * Buffers may be released on any thread.
 */
final class LoopAllocator extends AbstractByteBufAllocator {

	/** So many buffers of a size are kept. */
	static final int KEPT = 16;

	/** 2 KiB, what Netty reads at first. */
	private static final int MIN_SHIFT = 11;

	/** 16 KiB, as much as a frame. Larger ones are for bulk data. */
	private static final int MAX_SHIFT = 14;

	private static final int SIZES = MAX_SHIFT - MIN_SHIFT + 1;

	private static final boolean UNSAFE = hasUnsafe();

	private static final FastThreadLocal<@Nullable LoopAllocator> OF_LOOP = new FastThreadLocal<>();

	private final EventLoop loop;

	// only on the event loop

	private final ByteBuf[][] kept = new ByteBuf[SIZES][KEPT];

	private final int[] counts = new int[SIZES];

	// any thread

	private final Queue<ByteBuf> returned = new ConcurrentLinkedQueue<>();

	/** At least as many as there are in the queue. */
	private final AtomicInteger returning = new AtomicInteger();

	/** Used ones and kept ones. */
	private final AtomicInteger buffers = new AtomicInteger();

	/** Written by the event loop, for good. */
	private volatile boolean movesBulkData;

	private volatile boolean closed;

	private LoopAllocator(EventLoop loop) {
		super(true);
		this.loop = loop;
	}

	/**
	 * Returns the allocator for the channels of an event loop; only on that loop. Who
	 * names a type of allocator for Netty gets that.
	 */
	static ByteBufAllocator of(EventLoop loop) {
		if (System.getProperty("io.netty.allocator.type") != null) {
			return ByteBufAllocator.DEFAULT;
		}
		LoopAllocator allocator = OF_LOOP.get();
		if (allocator == null || allocator.loop != loop) {
			LoopAllocator created = new LoopAllocator(loop);
			loop.terminationFuture().addListener((ended) -> created.close());
			OF_LOOP.set(created);
			return created;
		}
		return allocator;
	}

	@Override
	public boolean isDirectBufferPooled() {
		return true;
	}

	@Override
	protected ByteBuf newHeapBuffer(int initialCapacity, int maxCapacity) {
		return PooledByteBufAllocator.DEFAULT.heapBuffer(initialCapacity, maxCapacity);
	}

	@Override
	protected ByteBuf newDirectBuffer(int initialCapacity, int maxCapacity) {
		if (!this.closed && this.loop.inEventLoop() && !this.movesBulkData) {
			int size = sizeOf(initialCapacity);
			if (size >= SIZES) {
				this.movesBulkData = true;
				freeKept();
			}
			else if (maxCapacity >= capacityOf(size)) {
				return toLeakAwareBuffer(take(size, maxCapacity));
			}
		}
		return PooledByteBufAllocator.DEFAULT.directBuffer(initialCapacity, maxCapacity);
	}

	/** For tests: nothing may be left of it. */
	int buffers() {
		return this.buffers.get();
	}

	/**
	 * Frees what is kept; what is still used is freed when it is released. To be called
	 * when the loop has ended.
	 */
	private void close() {
		this.closed = true;
		freeKept();
	}

	private void freeKept() {
		for (int size = 0; size < SIZES; size++) {
			while (this.counts[size] > 0) {
				free(this.kept[size][--this.counts[size]]);
			}
		}
		freeReturned();
	}

	private ByteBuf take(int size, int maxCapacity) {
		if (this.counts[size] == 0) {
			collectReturned();
		}
		if (this.counts[size] == 0) {
			this.buffers.incrementAndGet();
			return UNSAFE ? new UnsafeKept(this, capacityOf(size), maxCapacity)
					: new SafeKept(this, capacityOf(size), maxCapacity);
		}
		ByteBuf buffer = this.kept[size][--this.counts[size]];
		((Kept) buffer).reuse(maxCapacity);
		return buffer;
	}

	/** Takes a released buffer back, or frees it. */
	private void released(ByteBuf buffer) {
		if (this.closed || this.movesBulkData) {
			free(buffer);
		}
		else if (this.loop.inEventLoop()) {
			keep(buffer);
		}
		else if (this.returning.incrementAndGet() <= KEPT) {
			this.returned.add(buffer);
			if (this.closed || this.movesBulkData) {
				// Nobody else looks any more.
				freeReturned();
			}
		}
		else {
			this.returning.decrementAndGet();
			free(buffer);
		}
	}

	private void keep(ByteBuf buffer) {
		int capacity = buffer.capacity();
		int size = sizeOf(capacity);
		if (size < SIZES && capacity == capacityOf(size) && this.counts[size] < KEPT) {
			this.kept[size][this.counts[size]++] = buffer;
		}
		else {
			free(buffer);
		}
	}

	private void collectReturned() {
		for (ByteBuf buffer = this.returned.poll(); buffer != null; buffer = this.returned.poll()) {
			this.returning.decrementAndGet();
			keep(buffer);
		}
	}

	private void freeReturned() {
		for (ByteBuf buffer = this.returned.poll(); buffer != null; buffer = this.returned.poll()) {
			this.returning.decrementAndGet();
			free(buffer);
		}
	}

	private void free(ByteBuf buffer) {
		((Kept) buffer).free();
		this.buffers.decrementAndGet();
	}

	private static int sizeOf(int capacity) {
		int shift = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(capacity, 1) - 1);
		return Math.max(0, shift - MIN_SHIFT);
	}

	private static int capacityOf(int size) {
		return 1 << (MIN_SHIFT + size);
	}

	/** As Netty decides it for buffers that are not pooled. */
	private static boolean hasUnsafe() {
		ByteBuf probe = new UnpooledByteBufAllocator(true, true).directBuffer(1);
		try {
			return probe instanceof UnpooledUnsafeDirectByteBuf;
		}
		finally {
			probe.release();
		}
	}

	/**
	 * A buffer whose memory outlives its use.
	 */
	private interface Kept {

		void reuse(int maxCapacity);

		void free();

	}

	/**
	 * With access to memory by its address.
	 */
	private static final class UnsafeKept extends UnpooledUnsafeDirectByteBuf implements Kept {

		private final LoopAllocator owner;

		UnsafeKept(LoopAllocator owner, int capacity, int maxCapacity) {
			super(owner, capacity, maxCapacity);
			this.owner = owner;
		}

		@Override
		public void reuse(int maxCapacity) {
			maxCapacity(maxCapacity);
			resetRefCnt();
			clear();
		}

		@Override
		public void free() {
			super.deallocate();
		}

		@Override
		protected void deallocate() {
			this.owner.released(this);
		}

	}

	/**
	 * For JVMs that do not allow that.
	 */
	private static final class SafeKept extends UnpooledDirectByteBuf implements Kept {

		private final LoopAllocator owner;

		SafeKept(LoopAllocator owner, int capacity, int maxCapacity) {
			super(owner, capacity, maxCapacity);
			this.owner = owner;
		}

		@Override
		public void reuse(int maxCapacity) {
			maxCapacity(maxCapacity);
			resetRefCnt();
			clear();
		}

		@Override
		public void free() {
			super.deallocate();
		}

		@Override
		protected void deallocate() {
			this.owner.released(this);
		}

	}

}
