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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link SerialExecutor}.
 */
class SerialExecutorTests {

	private final List<String> ran = new ArrayList<>();

	@Test
	void taskFromInsideATaskRunsAfterIt() {
		SerialExecutor serial = new SerialExecutor(SerialExecutor.INLINE);
		serial.execute(() -> {
			serial.execute(() -> this.ran.add("inner"));
			this.ran.add("outer");
		});

		assertThat(this.ran).containsExactly("outer", "inner");
	}

	@Test
	void backingExecutorIsAskedOncePerBurst() {
		Queue<Runnable> backing = new ArrayDeque<>();
		SerialExecutor serial = new SerialExecutor(backing::add);
		serial.execute(() -> this.ran.add("1"));
		serial.execute(() -> this.ran.add("2"));
		assertThat(backing).hasSize(1);
		backing.remove().run();
		serial.execute(() -> this.ran.add("3"));
		assertThat(backing).hasSize(1);
		backing.remove().run();

		assertThat(this.ran).containsExactly("1", "2", "3");
	}

	@Test
	void failingTaskDoesNotStopTheOthers() {
		SerialExecutor serial = new SerialExecutor(SerialExecutor.INLINE);
		serial.execute(() -> {
			serial.execute(() -> this.ran.add("next"));
			throw new AssertionError("logged and dropped");
		});

		assertThat(this.ran).containsExactly("next");
		assertThat(serial.inContext()).isFalse();
	}

	@Test
	void tasksRunThoughTheBackingExecutorHasEnded() {
		SerialExecutor serial = new SerialExecutor((task) -> {
			throw new RejectedExecutionException();
		});
		serial.execute(() -> this.ran.add("here"));

		assertThat(this.ran).containsExactly("here");
	}

	@Test
	void moveLeavesNoTaskBehind() {
		Queue<Runnable> other = new ArrayDeque<>();
		SerialExecutor serial = new SerialExecutor(SerialExecutor.INLINE);
		serial.execute(() -> {
			serial.execute(() -> this.ran.add("after the move"));
			serial.moveTo(other::add);
			this.ran.add("before");
		});
		assertThat(this.ran).containsExactly("before");
		assertThat(other).hasSize(1);
		other.remove().run();

		assertThat(this.ran).containsExactly("before", "after the move");
	}

	@Test
	void contextIsOnlyInsideTasks() {
		SerialExecutor serial = new SerialExecutor(SerialExecutor.INLINE);
		serial.execute(serial::assertInContext);

		assertThatIllegalStateException().isThrownBy(serial::assertInContext)
			.withMessageContaining("not in the serial context");
	}

	@Test
	void manyThreadsNeverOverlapAndKeepTheirOrder() throws Exception {
		ExecutorService pool = Executors.newFixedThreadPool(4);
		assertKeepsOrder(new SerialExecutor(pool));
		pool.shutdown();
		assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void manyThreadsThatRunTheirOwnTasksNeverOverlapAndKeepTheirOrder() throws Exception {
		assertKeepsOrder(new SerialExecutor(SerialExecutor.INLINE));
	}

	private static void assertKeepsOrder(SerialExecutor serial) throws InterruptedException {
		int[] last = new int[3];
		int[] misplaced = new int[1];
		CountDownLatch done = new CountDownLatch(3 * 5000);
		for (int thread = 0; thread < 3; thread++) {
			int owner = thread;
			new Thread(() -> {
				for (int i = 1; i <= 5000; i++) {
					int number = i;
					serial.execute(() -> {
						// Plain fields: a data race would lose counts.
						misplaced[0] += (last[owner] == number - 1) ? 0 : 1;
						last[owner] = number;
						done.countDown();
					});
				}
			}).start();
		}

		assertThat(done.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(misplaced[0]).isZero();
		assertThat(last).containsOnly(5000);
	}

}
