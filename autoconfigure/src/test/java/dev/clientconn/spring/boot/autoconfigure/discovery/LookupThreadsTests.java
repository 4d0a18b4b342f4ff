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

package dev.clientconn.spring.boot.autoconfigure.discovery;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(30)
class LookupThreadsTests {

	private final LookupThreads threads = new LookupThreads((task) -> {
		Thread thread = new Thread(task, "lookup-under-test");
		thread.setDaemon(true);
		return thread;
	}, 1);

	@Test
	void noMoreRunAtOnceThanTheLimit() throws Exception {
		CountDownLatch first = new CountDownLatch(1);
		List<String> order = new CopyOnWriteArrayList<>();
		CompletableFuture<Void> ended = new CompletableFuture<>();
		this.threads.run(() -> {
			await(first);
			order.add("first");
		});
		this.threads.run(() -> {
			order.add("second");
			ended.complete(null);
		});
		order.add("before");
		first.countDown();
		ended.get(20, TimeUnit.SECONDS);

		assertThat(order).containsExactly("before", "first", "second");
	}

	@Test
	void oneThatHangsAndIgnoresInterruptsKeepsNobodyWaiting() throws Exception {
		CountDownLatch never = new CountDownLatch(1);
		CountDownLatch interrupted = new CountDownLatch(1);
		CompletableFuture<Void> other = new CompletableFuture<>();
		LookupRunner.Running hanging = this.threads.run(() -> {
			await(never);
			interrupted.countDown();
			await(never); // The interrupt is used up.
		});
		this.threads.run(() -> other.complete(null));
		assertThat(other).isNotDone();
		hanging.abandon();
		hanging.abandon();

		other.get(20, TimeUnit.SECONDS);
		assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
		never.countDown();
	}

	@Test
	void oneThatWaitsAndIsGivenUpNeverRuns() throws Exception {
		CountDownLatch first = new CountDownLatch(1);
		CompletableFuture<String> ran = new CompletableFuture<>();
		this.threads.run(() -> await(first));
		LookupRunner.Running waiting = this.threads.run(() -> ran.complete("given up"));
		this.threads.run(() -> ran.complete("next"));
		waiting.abandon();
		first.countDown();

		assertThat(ran.get(20, TimeUnit.SECONDS)).isEqualTo("next");
	}

	@Test
	void theThreadsOfTheApplicationAreDaemonsWithAName() throws Exception {
		CompletableFuture<Thread> thread = new CompletableFuture<>();
		LookupThreads.create().run(() -> thread.complete(Thread.currentThread()));

		assertThat(thread.get(20, TimeUnit.SECONDS)).satisfies((it) -> {
			assertThat(it.isDaemon()).isTrue();
			assertThat(it.getName()).startsWith("clientconn-discovery-");
		});
	}

	private static void await(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			// What some registry clients do.
		}
	}

}
