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
import io.grpc.Status;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link AdaptiveHedging}.
 */
class AdaptiveHedgingTests {

	private final FakeScheduler time = new FakeScheduler();

	private final AdaptiveHedging hedging = new AdaptiveHedging(this.time, 0.02);

	@Test
	void delayIsThePercentileThatLeavesTheLoad() {
		for (int i = 1; i <= 1000; i++) {
			call(Duration.ofMillis(i));
		}
		this.time.advance(AdaptiveHedging.REFRESH);

		assertThat(this.hedging.callStarted()).isBetween(Duration.ofMillis(980), Duration.ofMillis(1042));
	}

	@Test
	void withoutEnoughSamplesThereIsNoHedge() {
		calls(AdaptiveHedging.SAMPLES - 1);
		this.time.advance(AdaptiveHedging.REFRESH);
		assertThat(this.hedging.callStarted()).isNull();

		calls(1);
		this.time.advance(AdaptiveHedging.REFRESH);

		assertThat(this.hedging.callStarted()).isNotNull();
	}

	@Test
	void delayFollowsOnceASecond() {
		calls(AdaptiveHedging.SAMPLES);
		assertThat(this.hedging.callStarted()).isNull();

		this.time.advance(AdaptiveHedging.REFRESH.minusNanos(1));
		assertThat(this.hedging.callStarted()).isNull();
		this.time.advance(Duration.ofNanos(1));

		assertThat(this.hedging.callStarted()).isNotNull();
	}

	@Test
	void delayIsAtLeastAMillisecond() {
		for (int i = 0; i < 1000; i++) {
			call(Duration.ofNanos(20_000));
		}
		this.time.advance(AdaptiveHedging.REFRESH);

		assertThat(this.hedging.callStarted()).isEqualTo(AdaptiveHedging.FLOOR);
	}

	@Test
	void hedgesNeverExceedTheirShareOfTheCalls() {
		calls(1000);

		assertThat(taken(1000)).isEqualTo(20);
		this.time.advance(Duration.ofSeconds(31));
		assertThat(taken(1000)).as("after the calls were forgotten").isZero();
	}

	@Test
	void whatWasNotSentIsGivenBack() {
		calls(50);
		assertThat(taken(2)).isEqualTo(1);

		this.hedging.giveBack();

		assertThat(taken(2)).isEqualTo(1);
	}

	@Test
	void failuresStopHedging() {
		calls(900);
		for (int i = 0; i < 100; i++) {
			this.hedging.attemptEnded(Status.UNAVAILABLE);
		}
		assertThat(this.hedging.take()).as("a tenth has failed").isTrue();

		this.hedging.attemptEnded(Status.UNAVAILABLE);

		assertThat(this.hedging.take()).isFalse();
		this.time.advance(AdaptiveHedging.REFRESH);
		assertThat(this.hedging.callStarted()).isNull();
		this.time.advance(AdaptiveHedging.FAILURE_WINDOW);
		assertThat(this.hedging.callStarted()).isNotNull();
	}

	@Test
	void answersOfTheApplicationAreNoFailures() {
		calls(100);
		for (int i = 0; i < 100; i++) {
			this.hedging.attemptEnded(Status.NOT_FOUND);
		}

		assertThat(this.hedging.take()).isTrue();
	}

	@Test
	void whatIsKnownOfAMethodOutlivesUpdatesOfOtherOptions() {
		ExtraLoad load = new ExtraLoad();
		AdaptiveHedging known = load.hedging(this.time, CallRecorder.UNARY, 0.02);

		assertThat(load.hedging(this.time, CallRecorder.UNARY, 0.02)).isSameAs(known);
		assertThat(load.hedging(this.time, CallRecorder.UNARY, 0.03)).isNotSameAs(known);
		assertThat(load.hedging(this.time, CallRecorder.BIDI, 0.03)).isNotSameAs(known);
	}

	private void calls(int count) {
		for (int i = 0; i < count; i++) {
			call(Duration.ofMillis(5));
		}
	}

	private void call(Duration latency) {
		this.hedging.callStarted();
		this.hedging.firstAnswered(latency.toNanos());
		this.hedging.attemptEnded(Status.OK);
	}

	private int taken(int asked) {
		int taken = 0;
		for (int i = 0; i < asked; i++) {
			taken += this.hedging.take() ? 1 : 0;
		}
		return taken;
	}

}
