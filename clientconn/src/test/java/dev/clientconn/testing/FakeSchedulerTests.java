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

package dev.clientconn.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import dev.clientconn.time.Scheduler;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link FakeScheduler}.
 */
class FakeSchedulerTests {

	private final FakeScheduler scheduler = new FakeScheduler();

	private final List<String> events = new ArrayList<>();

	@Test
	void runsByDueTimeThenInOrderOfScheduling() {
		schedule("c", 20);
		schedule("a", 10);
		schedule("b", 10);

		assertThat(this.scheduler.advance(Duration.ofMillis(15))).isEqualTo(2);
		assertThat(this.events).containsExactly("a@10", "b@10");
		this.scheduler.advance(Duration.ofMillis(5));

		assertThat(this.events).containsExactly("a@10", "b@10", "c@20");
	}

	@Test
	void runsNothingOneNanosecondEarly() {
		schedule("a", 10);

		this.scheduler.advance(Duration.ofMillis(10).minusNanos(1));
		assertThat(this.events).isEmpty();
		this.scheduler.advance(Duration.ofNanos(1));

		assertThat(this.events).containsExactly("a@10");
	}

	@Test
	void runsWhatATaskSchedulesInsideTheWindow() {
		this.scheduler.schedule(() -> schedule("inner", 5), Duration.ofMillis(10));

		this.scheduler.advance(Duration.ofMillis(20));

		assertThat(this.events).containsExactly("inner@15");
		assertThat(this.scheduler.elapsed()).isEqualTo(Duration.ofMillis(20));
	}

	@Test
	void doesNotRunOnScheduleButOnRunDue() {
		schedule("a", 0);
		schedule("b", -5);
		assertThat(this.events).isEmpty();

		this.scheduler.runDue();

		assertThat(this.events).containsExactly("a@0", "b@0");
	}

	@Test
	void cancelledTaskIsNoLongerPending() {
		Scheduler.Timer timer = schedule("a", 10);
		schedule("b", 30);
		assertThat(this.scheduler.pending()).hasSize(2);

		timer.cancel();

		assertThat(this.scheduler.pending()).singleElement()
			.satisfies((pending) -> assertThat(pending.due()).isEqualTo(Duration.ofMillis(30)));
		assertThat(this.scheduler.advanceToNext()).isEqualTo(Duration.ofMillis(30));
		assertThat(this.events).containsExactly("b@30");
		assertThatExceptionOfType(AssertionError.class).isThrownBy(this.scheduler::advanceToNext);
	}

	@Test
	void bothClocksMoveAlongAndNanosOverflow() {
		long nanos = this.scheduler.nanoTime();
		long millis = this.scheduler.currentTimeMillis();

		this.scheduler.advance(Duration.ofMinutes(2));

		assertThat(this.scheduler.nanoTime()).isNegative();
		assertThat(this.scheduler.nanoTime() - nanos).isEqualTo(Duration.ofMinutes(2).toNanos());
		assertThat(this.scheduler.currentTimeMillis() - millis).isEqualTo(120_000);
	}

	@Test
	void takesAnyDelay() {
		schedule("never", Long.MAX_VALUE);

		this.scheduler.advance(Duration.ofDays(365));

		assertThat(this.events).isEmpty();
	}

	private Scheduler.Timer schedule(String name, long millis) {
		return this.scheduler.schedule(() -> this.events.add(name + "@" + this.scheduler.elapsed().toMillis()),
				Duration.ofMillis(millis));
	}

}
