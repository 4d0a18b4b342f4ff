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

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

import dev.clientconn.testing.LeakCheckExtension;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link LoopAllocator}.
 */
class LoopAllocatorTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, IoTransport.NIO.newHandlerFactory());

	private final EventLoop loop = this.group.next();

	private final ByteBufAllocator allocator = onLoop(() -> LoopAllocator.of(this.loop));

	@AfterEach
	void endLoop() {
		this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
	}

	@Test
	void allChannelsOfALoopHaveTheSame() {
		assertThat(onLoop(() -> LoopAllocator.of(this.loop))).isSameAs(this.allocator);
		assertThat(this.allocator.isDirectBufferPooled()).isTrue();
	}

	@Test
	void releasedBufferComesBackAsNew() {
		onLoop(() -> {
			ByteBuf first = this.allocator.directBuffer(2048, 4096);
			first.writeLong(1).readInt();
			first.release();
			ByteBuf second = this.allocator.directBuffer(1);

			assertThat(raw(second)).isSameAs(raw(first));
			assertThat(second.refCnt()).isOne();
			assertThat(second.readerIndex()).isZero();
			assertThat(second.writerIndex()).isZero();
			assertThat(second.capacity()).isEqualTo(2048);
			assertThat(second.maxCapacity()).isEqualTo(Integer.MAX_VALUE);
			second.release();
			return null;
		});
	}

	@Test
	void buffersInUseAreNotGivenOut() {
		onLoop(() -> {
			ByteBuf first = this.allocator.ioBuffer(100);
			ByteBuf second = this.allocator.ioBuffer(100);

			assertThat(raw(second)).isNotSameAs(raw(first));
			first.writeInt(1);
			second.writeInt(2);
			assertThat(first.readInt()).isOne();
			first.release();
			second.release();
			return null;
		});
	}

	@Test
	void sizesAreKeptApart() {
		onLoop(() -> {
			ByteBuf small = this.allocator.directBuffer(2049);
			small.release();
			ByteBuf large = this.allocator.directBuffer(16_384);

			assertThat(small.capacity()).isEqualTo(4096);
			assertThat(large.capacity()).isEqualTo(16_384);
			assertThat(raw(large)).isNotSameAs(raw(small));
			large.release();
			return null;
		});
	}

	@Test
	void bufferThatHasGrownIsKeptAsWhatItIs() {
		onLoop(() -> {
			ByteBuf grown = this.allocator.directBuffer(256);
			grown.writeZero(5000);
			grown.release();
			ByteBuf next = this.allocator.directBuffer(8192);

			assertThat(raw(next)).isSameAs(raw(grown));
			next.capacity(5000);
			next.release();
			ByteBuf other = this.allocator.directBuffer(8192);
			assertThat(raw(other)).isNotSameAs(raw(next));
			other.release();
			return null;
		});
	}

	@Test
	void bufferReleasedOnAnotherThreadComesBack() {
		ByteBuf first = onLoop(() -> this.allocator.directBuffer(100));
		first.release();
		ByteBuf second = onLoop(() -> this.allocator.directBuffer(100));

		assertThat(raw(second)).isSameAs(raw(first));
		second.release();
	}

	@Test
	void onlySoManyAreKept() {
		int used = LoopAllocator.KEPT + 3;
		Map<ByteBuf, Boolean> before = new IdentityHashMap<>();
		List<ByteBuf> fromLoop = onLoop(() -> allocate(used));
		fromLoop.forEach((buffer) -> before.put(raw(buffer), true));
		onLoop(() -> release(fromLoop));
		List<ByteBuf> again = onLoop(() -> allocate(used));
		assertThat(again.stream().filter((buffer) -> before.containsKey(raw(buffer)))).hasSize(LoopAllocator.KEPT);

		// Released elsewhere.
		before.clear();
		again.forEach((buffer) -> before.put(raw(buffer), true));
		release(again);
		List<ByteBuf> last = onLoop(() -> allocate(used));
		assertThat(last.stream().filter((buffer) -> before.containsKey(raw(buffer)))).hasSize(LoopAllocator.KEPT);
		release(last);
	}

	@Test
	void restComesFromNettysPool() {
		ByteBuf offLoop = this.allocator.directBuffer(100);
		List<ByteBuf> onLoop = onLoop(
				() -> List.of(this.allocator.directBuffer(100, 200), this.allocator.heapBuffer(100)));

		assertThat(offLoop.alloc()).isSameAs(PooledByteBufAllocator.DEFAULT);
		assertThat(onLoop).extracting(ByteBuf::alloc).containsOnly(PooledByteBufAllocator.DEFAULT);
		offLoop.release();
		release(onLoop);
	}

	@Test
	void allComesFromNettysPoolOnceTheLoopHasMovedBulkData() {
		List<ByteBuf> before = onLoop(() -> allocate(2));
		onLoop(() -> before.get(0).release());
		List<ByteBuf> after = onLoop(() -> List.of(this.allocator.ioBuffer(16_385), this.allocator.ioBuffer(100)));

		assertThat(after).extracting(ByteBuf::alloc).containsOnly(PooledByteBufAllocator.DEFAULT);
		assertThat(((LoopAllocator) this.allocator).buffers()).isEqualTo(1);
		before.get(1).release();
		assertThat(((LoopAllocator) this.allocator).buffers()).isZero();
		release(after);
	}

	@Test
	void allIsFreedWhenTheLoopHasEnded() {
		List<ByteBuf> buffers = onLoop(() -> allocate(3));
		onLoop(() -> buffers.get(0).release());
		buffers.get(1).release();
		assertThat(((LoopAllocator) this.allocator).buffers()).isEqualTo(3);

		this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
		await().until(() -> ((LoopAllocator) this.allocator).buffers() == 1);
		buffers.get(2).release();

		assertThat(((LoopAllocator) this.allocator).buffers()).isZero();
	}

	private List<ByteBuf> allocate(int count) {
		List<ByteBuf> buffers = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			buffers.add(this.allocator.directBuffer(100));
		}
		return buffers;
	}

	private static boolean release(List<ByteBuf> buffers) {
		buffers.forEach(ByteBuf::release);
		return true;
	}

	/** Without the wrapper of the leak detector. */
	private static ByteBuf raw(ByteBuf buffer) {
		return (buffer.unwrap() != null) ? buffer.unwrap() : buffer;
	}

	private <T> T onLoop(Callable<T> task) {
		return this.loop.submit(task).syncUninterruptibly().getNow();
	}

}
