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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SmallList}.
 */
class SmallListTests {

	private final SmallList<String> list = new SmallList<>();

	@Test
	void keepsTheOrderAndDuplicates() {
		List.of("b", "a", "b").forEach(this.list::add);
		assertThat(this.list).containsExactly("b", "a", "b");
		assertThat(this.list.remove("b")).isTrue();
		assertThat(this.list).containsExactly("a", "b");
	}

	@Test
	void whatIsNotThereCannotBeRemoved() {
		this.list.add("a");
		assertThat(this.list.remove("b")).isFalse();
		assertThat(this.list.remove("a")).isTrue();
		assertThat(this.list.remove("a")).isFalse();
		assertThat(this.list.isEmpty()).isTrue();
	}

	@Test
	void canBeChangedByWhoeverGoesThroughIt() {
		List.of("a", "b").forEach(this.list::add);
		List<String> seen = new ArrayList<>();
		for (String each : this.list) {
			this.list.remove(each);
			seen.add(each);
		}
		assertThat(seen).containsExactly("a", "b");
		assertThat(this.list.isEmpty()).isTrue();
	}

	@Test
	void losesNothingThatThreadsAddAtATime() throws Exception {
		CountDownLatch start = new CountDownLatch(1);
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			String name = "t" + i;
			Thread thread = new Thread(() -> {
				awaitUninterrupted(start);
				for (int each = 0; each < 100; each++) {
					this.list.add(name + "-" + each);
				}
			});
			thread.start();
			threads.add(thread);
		}
		start.countDown();
		for (Thread thread : threads) {
			thread.join();
		}
		assertThat(this.list).hasSize(400).doesNotHaveDuplicates();
	}

	@Test
	void withoutGivesBackTheSameListIfNothingChanges() {
		List<String> before = List.of("a");
		assertThat(SmallList.without(before, "b")).isSameAs(before);
		assertThat(SmallList.without(before, "a")).isEmpty();
		assertThat(SmallList.with(before, "b")).containsExactly("a", "b");
	}

	private static void awaitUninterrupted(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
