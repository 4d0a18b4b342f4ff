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

import dev.clientconn.testing.FakeScheduler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link IdleTimer}, in virtual time.
 */
class IdleTimerTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private final FakeScheduler scheduler = new FakeScheduler();

	private final ConnCore core = new ConnCore(Runnable::run, "static:a", 0);

	private final IdleTimer timer = new IdleTimer(this.core, () -> this.fired++);

	private int fired;

	@Test
	void endsOnceAfterTheTimeoutWithoutACall() {
		begin(TIMEOUT);

		this.scheduler.advance(TIMEOUT.minusNanos(1));
		assertThat(this.fired).isZero();
		this.scheduler.advance(Duration.ofNanos(1));
		assertThat(this.fired).isOne();
		assertThat(this.scheduler.pending()).isEmpty();
	}

	@Test
	void anOpenCallHoldsIt() {
		begin(TIMEOUT);
		this.core.started.increment();
		this.scheduler.advance(Duration.ofDays(1));
		assertThat(this.fired).isZero();

		this.core.ended.increment();
		this.scheduler.advance(TIMEOUT);
		assertThat(this.fired).as("the time counts from the end of the call").isZero();
		this.scheduler.advance(TIMEOUT.dividedBy(10));
		assertThat(this.fired).isOne();
	}

	@Test
	void aCallBetweenTwoLooksIsNoticed() {
		begin(TIMEOUT);
		this.scheduler.advance(Duration.ofMillis(9_500));
		this.core.started.increment();
		this.core.ended.increment();

		this.scheduler.advance(Duration.ofMillis(10_499));
		assertThat(this.fired).isZero();
		this.scheduler.advance(Duration.ofMillis(1));
		assertThat(this.fired).isOne();
	}

	@ParameterizedTest
	@ValueSource(strings = { "PT0S", "P30D", "P300000D" })
	void neverHasNoTimer(Duration never) {
		begin(never);

		assertThat(this.scheduler.scheduled()).isZero();
	}

	@Test
	void beginsAnewOnlyWithAnotherTimeout() {
		begin(TIMEOUT);
		this.scheduler.advance(Duration.ofSeconds(9));
		begin(TIMEOUT);
		this.scheduler.advance(Duration.ofMillis(999));
		begin(Duration.ofSeconds(2));

		this.scheduler.advance(Duration.ofMillis(1999));
		assertThat(this.fired).isZero();
		this.scheduler.advance(Duration.ofMillis(1));
		assertThat(this.fired).isOne();
	}

	@Test
	void aTimerThatIsEndedTooLateDoesNothing() {
		begin(TIMEOUT);
		Runnable late = this.scheduler.pending().get(0).task();
		this.timer.end();
		late.run();
		begin(Duration.ofSeconds(20));
		late.run();

		assertThat(this.scheduler.pending()).singleElement()
			.satisfies((pending) -> assertThat(pending.delay()).isEqualTo(Duration.ofSeconds(2)));
	}

	@Test
	void aClosedClientConnHasNoTimer() {
		this.core.shutdown = Reasons.CLOSED;
		begin(TIMEOUT);

		assertThat(this.scheduler.scheduled()).isZero();
	}

	private void begin(Duration timeout) {
		this.core.serial.execute(() -> this.timer.begin(timeout, this.scheduler));
	}

}
