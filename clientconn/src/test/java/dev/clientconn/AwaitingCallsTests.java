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
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AwaitingCalls}.
 */
class AwaitingCallsTests {

	@Test
	void hasNothingBeforeTheFirst() {
		AwaitingCalls<String> calls = new AwaitingCalls<>();
		calls.remove("a");
		assertThat(all(calls)).isEmpty();
	}

	@Test
	void showsWhatIsAddedAndNotRemoved() {
		AwaitingCalls<String> calls = new AwaitingCalls<>();
		calls.add("a");
		calls.add("b");
		calls.remove("a");
		assertThat(all(calls)).containsExactly("b");
	}

	/** Threads that come first at a time must not make a set each. */
	@Test
	void theFirstOnesAtATimeAreAllKept() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(2);
		try {
			CyclicBarrier barrier = new CyclicBarrier(2);
			for (int round = 0; round < 500; round++) {
				AwaitingCalls<String> calls = new AwaitingCalls<>();
				List<Future<?>> adding = new ArrayList<>();
				for (String name : List.of("a", "b")) {
					adding.add(threads.submit(() -> {
						barrier.await();
						calls.add(name);
						return name;
					}));
				}
				for (Future<?> each : adding) {
					each.get();
				}
				assertThat(all(calls)).containsExactlyInAnyOrder("a", "b");
			}
		}
		finally {
			threads.shutdown();
		}
	}

	private static List<String> all(AwaitingCalls<String> calls) {
		List<String> all = new ArrayList<>();
		calls.forEach(all::add);
		return all;
	}

}
