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

package dev.clientconn;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import io.netty.channel.DefaultEventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallbackRelay}.
 */
class CallbackRelayTests {

	private static final int BOUND_SECONDS = 20;

	private final DefaultEventLoop loop = new DefaultEventLoop();

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final AtomicInteger handedOver = new AtomicInteger();

	private final Executor pool = (task) -> {
		this.handedOver.incrementAndGet();
		this.threads.execute(task);
	};

	@AfterEach
	void close() throws Exception {
		this.threads.shutdown();
		assertThat(this.threads.awaitTermination(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
		this.loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
	}

	@Test
	void oneTurnIsOneHandOver() throws Exception {
		List<Integer> ran = new CopyOnWriteArrayList<>();
		CountDownLatch all = new CountDownLatch(20);
		turn(this.pool, (relay) -> {
			for (int i = 0; i < 20; i++) {
				int number = i;
				relay.add(() -> {
					ran.add(number);
					all.countDown();
				});
			}
		});

		await(all);
		// One thread runs them in order, but the loop may send another to help.
		assertThat(ran).containsExactlyInAnyOrder(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
		assertThat(this.handedOver.get()).isLessThan(20);
	}

	@Test
	void callbackThatBlocksDoesNotHoldTheOthers() throws Exception {
		CountDownLatch last = new CountDownLatch(1);
		CountDownLatch all = new CountDownLatch(2);
		turn(this.pool, (relay) -> {
			relay.add(() -> {
				await(last);
				all.countDown();
			});
			relay.add(() -> {
				last.countDown();
				all.countDown();
			});
		});

		await(all);
	}

	@Test
	void callbackThatBlocksDoesNotHoldLaterTurns() throws Exception {
		CountDownLatch began = new CountDownLatch(1);
		CountDownLatch later = new CountDownLatch(1);
		CountDownLatch all = new CountDownLatch(1);
		turn(this.pool, (relay) -> relay.add(() -> {
			began.countDown();
			await(later);
			all.countDown();
		}));
		await(began);
		turn(this.pool, (relay) -> relay.add(later::countDown));

		await(all);
	}

	@Test
	void callbacksThatAllWaitForEachOtherAllRun() throws Exception {
		int count = 100;
		CountDownLatch everybody = new CountDownLatch(count);
		CountDownLatch all = new CountDownLatch(count);
		turn(this.pool, (relay) -> {
			for (int i = 0; i < count; i++) {
				relay.add(() -> {
					everybody.countDown();
					await(everybody);
					all.countDown();
				});
			}
		});

		await(all);
	}

	@Test
	void callbackThatThrowsDoesNotStopTheOthers() throws Exception {
		CountDownLatch all = new CountDownLatch(1);
		turn(this.pool, (relay) -> {
			relay.add(() -> {
				throw new IllegalStateException("deliberate");
			});
			relay.add(all::countDown);
		});

		await(all);
	}

	@Test
	void poolThatHasGoneLeavesThemToTheLoop() throws Exception {
		CountDownLatch all = new CountDownLatch(1);
		List<Boolean> inLoop = new CopyOnWriteArrayList<>();
		turn((task) -> {
			throw new RejectedExecutionException("deliberate");
		}, (relay) -> relay.add(() -> {
			inLoop.add(this.loop.inEventLoop());
			all.countDown();
		}));

		await(all);
		assertThat(inLoop).containsExactly(true);
	}

	@Test
	void loopHasOneRelayForEachPool() throws Exception {
		Executor other = this.threads::execute;
		List<CallbackRelay> relays = new CopyOnWriteArrayList<>();
		turn(this.pool, relays::add);
		turn(this.pool, relays::add);
		turn(other, relays::add);

		assertThat(relays.get(1)).isSameAs(relays.get(0));
		assertThat(relays.get(2)).isNotSameAs(relays.get(0));
	}

	private void turn(Executor executor, Consumer<CallbackRelay> events) throws Exception {
		this.loop.submit(() -> events.accept(CallbackRelay.of(this.loop, executor)))
			.get(BOUND_SECONDS, TimeUnit.SECONDS);
	}

	private static void await(CountDownLatch latch) {
		try {
			assertThat(latch.await(BOUND_SECONDS, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
