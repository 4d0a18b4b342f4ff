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

import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.testing.FakeScheduler;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RetryBudget}.
 */
class RetryBudgetTests {

	private final FakeScheduler time = new FakeScheduler();

	@Test
	void fewRetriesNeedNoCalls() {
		RetryBudget budget = new RetryBudget(this.time, new RetryOptions.Budget(0.2, 10));

		assertThat(taken(budget, 150)).isEqualTo(100);
		assertThat(budget.refusals()).isEqualTo(50);
	}

	@Test
	void callsAllowTheirShareOfRetries() {
		RetryBudget budget = new RetryBudget(this.time, new RetryOptions.Budget(0.2, 0));
		assertThat(budget.take()).isFalse();

		started(budget, 100);

		assertThat(taken(budget, 100)).isEqualTo(20);
	}

	@Test
	void retriesAndCallsAreForgottenAfterTenSeconds() {
		RetryBudget budget = new RetryBudget(this.time, new RetryOptions.Budget(0.2, 0));
		started(budget, 100);
		assertThat(taken(budget, 20)).isEqualTo(20);

		this.time.advance(Duration.ofSeconds(9));
		started(budget, 10);
		assertThat(taken(budget, 10)).isEqualTo(2);
		this.time.advance(Duration.ofSeconds(1));

		assertThat(taken(budget, 10)).as("10 calls are left, and 2 retries").isZero();
		started(budget, 10);
		assertThat(taken(budget, 10)).isEqualTo(2);
	}

	@Test
	void whatWasNotSentIsGivenBack() {
		RetryBudget budget = new RetryBudget(this.time, new RetryOptions.Budget(1, 0));
		started(budget, 1);
		assertThat(budget.take()).isTrue();

		budget.giveBack();

		assertThat(taken(budget, 2)).isEqualTo(1);
	}

	@Test
	void budgetOutlivesUpdatesOfOtherOptions() {
		ExtraLoad load = new ExtraLoad();
		RetryBudget budget = load.budget(this.time, RetryOptions.Budget.DEFAULT);

		assertThat(load.budget(this.time, new RetryOptions.Budget(0.2, 10))).isSameAs(budget);
		assertThat(load.budget(this.time, new RetryOptions.Budget(0.2, 11))).isNotSameAs(budget);
	}

	@Test
	void threadsTakeNoMoreThanThereIs() throws InterruptedException {
		RetryBudget budget = new RetryBudget(this.time, new RetryOptions.Budget(0, 10));
		AtomicInteger taken = new AtomicInteger();
		ExecutorService threads = Executors.newFixedThreadPool(4);
		for (int thread = 0; thread < 4; thread++) {
			threads.execute(() -> taken.addAndGet(taken(budget, 10_000)));
		}
		threads.shutdown();

		assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		assertThat(taken.get()).isBetween(1, 100);
	}

	private static void started(RetryBudget budget, int calls) {
		for (int i = 0; i < calls; i++) {
			budget.callStarted();
		}
	}

	private static int taken(RetryBudget budget, int asked) {
		int taken = 0;
		for (int i = 0; i < asked; i++) {
			taken += budget.take() ? 1 : 0;
		}
		return taken;
	}

}
