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

package dev.clientconn.time;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.transport.EventLoops;
import io.netty.channel.EventLoopGroup;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class DeadlineQueueTests {

	private static final Duration TICK = Duration.ofNanos(DeadlineQueue.TICK_NANOS);

	private static final Duration HOUR = Duration.ofHours(1);

	private final FakeScheduler scheduler = new FakeScheduler();

	private final DeadlineQueue queue = new DeadlineQueue(this.scheduler);

	private final List<Watched> told = new ArrayList<>();

	@Test
	void tellsAtTheDeadlineAndNotBefore() {
		Watched one = watch(Duration.ofMillis(250));

		this.scheduler.advance(Duration.ofMillis(250).minusNanos(1));
		assertThat(this.told).isEmpty();
		this.scheduler.advance(Duration.ofNanos(1));
		assertThat(this.told).containsExactly(one);
	}

	@Test
	void tellsWhatIsDueAlready() {
		Watched one = watch(Duration.ofNanos(-5));
		this.scheduler.runDue();
		assertThat(this.told).containsExactly(one);
	}

	@Test
	void tellsInTheOrderOfTheDeadlines() {
		Watched third = watch(Duration.ofMillis(30));
		Watched first = watch(Duration.ofMillis(10));
		Watched second = watch(Duration.ofMillis(20));

		this.scheduler.advance(HOUR);
		assertThat(this.told).containsExactly(first, second, third);
	}

	@Test
	void isLateByATickAtMostWhereDeadlinesAreClose() {
		for (int i = 0; i < 100; i++) {
			watch(Duration.ofNanos(50_000_000 + i * 77_000L));
		}
		for (int i = 0; i < 100; i++) {
			watch(Duration.ofNanos(50_000_000 - i * 77_000L));
		}

		this.scheduler.advance(Duration.ofSeconds(1));
		assertThat(this.told).hasSize(200)
			.allSatisfy((each) -> assertThat(each.toldAt.minus(each.due)).isBetween(Duration.ZERO, TICK));
	}

	@Test
	void sparesTimersWhereDeadlinesAreClose() {
		for (int i = 0; i < 1000; i++) {
			watch(Duration.ofNanos(50_000_000 + i * 10_000L));
		}
		this.scheduler.advance(Duration.ofSeconds(1));

		assertThat(this.told).hasSize(1000);
		assertThat(this.scheduler.scheduled()).isLessThanOrEqualTo(12);
	}

	@Test
	void tellsNothingThatIsOver() {
		Watched ended = watch(Duration.ofMillis(10));
		Watched running = watch(Duration.ofMillis(20));
		ended.over = true;

		this.scheduler.advance(HOUR);
		assertThat(this.told).containsExactly(running);
	}

	@Test
	void callsThatEndInTimeCostNoTimer() {
		watch(HOUR);
		long before = this.scheduler.scheduled();
		for (int i = 0; i < DeadlineQueue.LOOK_AFTER - 2; i++) {
			watch(HOUR).over = true;
		}
		assertThat(this.scheduler.scheduled()).isEqualTo(before);
	}

	@Test
	void keepsFewOfThoseThatEndedBeforeAFarDeadline() {
		Watched running = watch(HOUR);
		for (int i = 0; i < 100_000; i++) {
			watch(HOUR).over = true;
			this.scheduler.runDue();
			assertThat(this.queue.kept()).isLessThanOrEqualTo(DeadlineQueue.LOOK_AFTER);
		}
		assertThat(this.scheduler.pending()).hasSize(1);

		this.scheduler.advance(HOUR);
		assertThat(this.told).containsExactly(running);
	}

	/** Each is still running when it is looked at, and over soon after. */
	@Test
	void compactsThoseThatEndedAfterTheyWereSorted() {
		List<Watched> running = new ArrayList<>();
		for (int round = 0; round < 100; round++) {
			for (int i = 0; i < DeadlineQueue.LOOK_AFTER; i++) {
				running.add(watch(HOUR));
			}
			this.scheduler.runDue();
			running.forEach((each) -> each.over = true);
			running.clear();
			assertThat(this.queue.kept()).isLessThanOrEqualTo(2 * DeadlineQueue.LOOK_AFTER);
		}
	}

	@Test
	void aNearDeadlineIsToldBeforeAFarOneThatCameFirst() {
		Watched far = watch(HOUR);
		for (int i = 0; i < 1000; i++) {
			Watched near = watch(Duration.ofMillis(10));
			this.scheduler.advance(Duration.ofMillis(10));
			assertThat(this.told).last().isSameAs(near);
			assertThat(this.scheduler.pending()).as("one timer, not one for each").hasSize(1);
		}
		this.scheduler.advance(HOUR);
		assertThat(this.told).last().isSameAs(far);
	}

	@Test
	void letsOthersHaveTheirTurn() {
		for (int i = 0; i < 1000; i++) {
			watch(Duration.ofMillis(10));
		}
		this.scheduler.schedule(() -> assertThat(this.told).hasSizeLessThanOrEqualTo(DeadlineQueue.MAX_TOLD),
				Duration.ofMillis(10));
		this.scheduler.advance(Duration.ofMillis(10));
		assertThat(this.told).hasSize(1000);
	}

	@Test
	void goesOnAfterOneThatFails() {
		this.queue.watch(new Expiry() {

			@Override
			protected boolean isOver() {
				return false;
			}

			@Override
			protected void expire() {
				throw new IllegalStateException("expected by the test");
			}

		}, 1000);
		Watched one = watch(Duration.ofNanos(2000));
		this.scheduler.advance(HOUR);
		assertThat(this.told).containsExactly(one);
	}

	@Test
	void farthestDeadlineDoesNotOverflow() {
		Watched far = watch(Duration.ofDays(365 * 100));
		Watched near = watch(Duration.ofSeconds(1));
		this.scheduler.advance(HOUR);
		assertThat(this.told).containsExactly(near);
		far.over = true;
	}

	@Test
	void closeTakesTheTimerBack() {
		watch(HOUR).over = true;
		this.queue.close();
		assertThat(this.scheduler.pending()).isEmpty();
	}

	@Test
	void aSchedulerThatEndedIsToldEachTime() {
		DeadlineQueue ended = new DeadlineQueue(new Scheduler() {

			@Override
			public long nanoTime() {
				return 0;
			}

			@Override
			public long currentTimeMillis() {
				return 0;
			}

			@Override
			public Timer schedule(Runnable task, Duration delay) {
				throw new RejectedExecutionException("expected by the test");
			}

		});
		for (int i = 0; i < 2; i++) {
			assertThatExceptionOfType(RejectedExecutionException.class)
				.isThrownBy(() -> ended.watch(new Watched(HOUR), 1));
		}
	}

	@Test
	void needsAScheduler() {
		assertThatIllegalArgumentException().isThrownBy(() -> new Deadlines(List.of()))
			.withMessage("schedulers: [] (expected: at least one)");
	}

	/** Many threads, real event loops: each is told once, and none too early. */
	@Test
	void tellsEachOnceWhereManyThreadsWatch() throws Exception {
		int threads = 4;
		int each = 5000;
		EventLoopGroup group = EventLoops.newGroup(2);
		try (EventLoops loops = EventLoops.of(group)) {
			AtomicInteger times = new AtomicInteger();
			AtomicInteger early = new AtomicInteger();
			CountDownLatch all = new CountDownLatch(threads * each / 2);
			List<Thread> started = new ArrayList<>();
			for (int t = 0; t < threads; t++) {
				Thread thread = new Thread(() -> {
					for (int i = 0; i < each; i++) {
						long delay = TimeUnit.MICROSECONDS.toNanos(1 + (i * 37) % 20_000);
						long due = System.nanoTime() + delay;
						boolean ends = i % 2 == 0;
						loops.deadlines().watch(new Expiry() {

							@Override
							protected boolean isOver() {
								return ends;
							}

							@Override
							protected void expire() {
								times.incrementAndGet();
								early.addAndGet((System.nanoTime() - due < 0) ? 1 : 0);
								all.countDown();
							}

						}, delay);
					}
				});
				started.add(thread);
				thread.start();
			}
			for (Thread thread : started) {
				thread.join();
			}
			assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(times).hasValue(threads * each / 2);
			assertThat(early).hasValue(0);
		}
		finally {
			group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
		}
	}

	private Watched watch(Duration delay) {
		Watched watched = new Watched(delay);
		this.queue.watch(watched, delay.toNanos());
		return watched;
	}

	private final class Watched extends Expiry {

		private final Duration due;

		private Duration toldAt = Duration.ZERO;

		private boolean over;

		private Watched(Duration delay) {
			this.due = DeadlineQueueTests.this.scheduler.elapsed().plus(delay);
		}

		@Override
		protected boolean isOver() {
			return this.over;
		}

		@Override
		protected void expire() {
			assertThat(DeadlineQueueTests.this.told).doesNotContainAnyElementsOf(Collections.singleton(this));
			this.toldAt = DeadlineQueueTests.this.scheduler.elapsed();
			DeadlineQueueTests.this.told.add(this);
			this.over = true;
		}

	}

}
