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

import java.time.Duration;
import java.time.Instant;

import dev.clientconn.spring.boot.autoconfigure.discovery.LookupTimer.Intervals;
import dev.clientconn.testing.FakeScheduler;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LookupTimerTests {

	private final FakeScheduler scheduler = new FakeScheduler();

	private int started;

	private boolean hanging;

	private final LookupTimer timer = new LookupTimer(this.scheduler, () -> 1L << 63,
			new Intervals(Duration.ofSeconds(10), Duration.ofSeconds(60)), this::lookUp);

	@Test
	void eventsWaitForQuiet() {
		this.timer.start();
		seconds(1);
		this.timer.registryChanged(false);
		millis(60);
		this.timer.registryChanged(false);
		millis(99);
		assertThat(this.started).isEqualTo(1);
		millis(1);
		assertThat(this.started).isEqualTo(2);
	}

	@Test
	void eventsDoNotWaitLongerThanASecond() {
		this.timer.start();
		seconds(1);
		for (int i = 0; i < 2000; i++) {
			this.timer.registryChanged(false);
			millis(1);
		}
		assertThat(this.started).isEqualTo(1 + 2);
		assertThat(this.timer.state().causes().counts()).containsEntry("event", 2000L);
	}

	@Test
	void urgentEventsDoNotWait() {
		this.timer.start();
		seconds(1);
		this.timer.registryChanged(true);
		millis(0);
		assertThat(this.started).isEqualTo(2);

		for (int i = 0; i < 1000; i++) {
			this.timer.registryChanged(true);
			millis(1);
		}
		assertThat(this.started).as("but are spaced").isBetween(2 + 9, 2 + 10);
	}

	@Test
	void aStormOfEventsCostsFewTimers() {
		this.timer.start();
		long before = this.scheduler.scheduled();
		for (int i = 0; i < 1000; i++) {
			this.timer.registryChanged(false);
		}
		assertThat(this.scheduler.scheduled() - before).isEqualTo(1);
		assertThat(this.scheduler.pending()).hasSize(1);
	}

	@Test
	void triggersDuringALookupCauseExactlyOneMore() {
		this.hanging = true;
		this.timer.start();
		this.timer.connectionLost();
		this.timer.registryChanged(false);
		this.timer.registryChanged(true);
		seconds(60);
		assertThat(this.started).isEqualTo(1);
		assertThat(this.timer.state().running()).isTrue();
		assertThat(this.timer.state().next()).isNull();

		this.timer.ended(true, null);
		millis(0);
		assertThat(this.started).isEqualTo(2);
		this.timer.ended(true, null);
		seconds(9);
		assertThat(this.started).isEqualTo(2);
		seconds(1);
		assertThat(this.started).isEqualTo(3);
	}

	@Test
	void anAnswerMayNeedASecondOne() {
		this.hanging = true;
		this.timer.start();
		this.timer.ended(true, Duration.ofSeconds(1));
		assertThat(this.timer.state().next())
			.isEqualTo(Instant.ofEpochMilli(this.scheduler.currentTimeMillis() + 1000));
		seconds(1);

		assertThat(this.started).isEqualTo(2);
		assertThat(this.timer.state().causes().last()).isEqualTo("confirmation");
		assertThat(this.timer.state().causes().counts()).containsEntry("confirmation", 1L).containsEntry("poll", 0L);
	}

	@Test
	void failuresStretchTheInterval() {
		this.hanging = true;
		this.timer.start();
		for (int interval : new int[] { 20, 40, 60, 60 }) {
			this.timer.ended(false, null);
			int before = this.started;
			millis(interval * 1000 - 1);
			assertThat(this.started).isEqualTo(before);
			millis(1);
			assertThat(this.started).isEqualTo(before + 1);
		}
		this.timer.ended(true, null);
		assertThat(this.timer.state().failures()).isZero();
	}

	@Test
	void whileIdleThePollsAreRare() {
		this.timer.start();
		this.timer.idle();
		seconds(59);
		assertThat(this.started).isOne();
		seconds(1);
		assertThat(this.started).isEqualTo(2);
		seconds(60);
		assertThat(this.started).isEqualTo(3);
	}

	@Test
	void theFirstCallLooksUpNowIfTheListIsOlderThanUsual() {
		this.timer.start();
		this.timer.idle();
		seconds(11);

		assertThat(this.timer.active(false)).isTrue();
		millis(0);
		assertThat(this.started).isEqualTo(2);
		assertThat(this.timer.state().causes().last()).isEqualTo("call");
		seconds(10);
		assertThat(this.started).isEqualTo(3);
	}

	@Test
	void theFirstCallChangesNothingIfTheListIsFresh() {
		this.timer.start();
		this.timer.idle();
		seconds(4);

		assertThat(this.timer.active(false)).isFalse();
		seconds(5);
		assertThat(this.started).isOne();
		seconds(1);
		assertThat(this.started).isEqualTo(2);
	}

	@Test
	void theFirstCallLooksUpSoonIfTheLastLookUpCameToNothing() {
		this.hanging = true;
		this.timer.start();
		this.timer.ended(false, null);
		this.timer.idle();

		assertThat(this.timer.active(true)).isTrue();
		seconds(1);
		assertThat(this.started).isEqualTo(2);
	}

	@Test
	void nothingStartsAfterClose() {
		this.hanging = true;
		this.timer.start();
		this.timer.registryChanged(true);
		this.timer.close();
		this.timer.ended(true, Duration.ofSeconds(1));
		this.timer.connectionLost();
		this.timer.registryChanged(true);

		assertThat(this.scheduler.pending()).isEmpty();
	}

	private void lookUp() {
		this.started++;
		if (!this.hanging) {
			this.timer.ended(true, null);
		}
	}

	private void seconds(int seconds) {
		this.scheduler.advance(Duration.ofSeconds(seconds));
	}

	private void millis(int millis) {
		this.scheduler.advance(Duration.ofMillis(millis));
	}

}
