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
 * Tests for {@link LatencyWindow}.
 */
class LatencyWindowTests {

	private final FakeScheduler time = new FakeScheduler();

	private final LatencyWindow window = new LatencyWindow(this.time.nanoTime());

	@Test
	void percentileIsCloseFromAbove() {
		for (int millis = 1; millis <= 1000; millis++) {
			record(Duration.ofMillis(millis));
		}

		for (double share : new double[] { 0.5, 0.9, 0.98, 0.999 }) {
			assertThat(percentile(share)).isBetween(share * 1000, share * 1000 * 1.0626);
		}
	}

	@ParameterizedTest
	@ValueSource(longs = { 0, 1, 31, 32, 63, 64, 999, 1_000_000, 3_600_000_000L })
	void anyLatencyHasABucketThatEndsJustAboveIt(long micros) {
		this.window.record(this.time.nanoTime(), micros * 1000);

		long percentile = this.window.percentile(this.time.nanoTime(), 1, 1) / 1000;
		assertThat(percentile).isBetween(micros + 1, micros + 1 + micros / 16);
	}

	@Test
	void absurdLatenciesAreKeptToo() {
		this.window.record(this.time.nanoTime(), Long.MAX_VALUE);
		this.window.record(this.time.nanoTime(), -1);

		assertThat(this.window.percentile(this.time.nanoTime(), 1, 2)).isGreaterThan(Duration.ofHours(19).toNanos());
	}

	@Test
	void tooFewSamplesAreNone() {
		record(Duration.ofMillis(1));

		assertThat(this.window.percentile(this.time.nanoTime(), 0.5, 2)).isEqualTo(-1);
	}

	@Test
	void samplesAreForgottenAfterThirtySeconds() {
		record(Duration.ofMillis(100));
		this.time.advance(Duration.ofSeconds(25));
		record(Duration.ofMillis(1));
		assertThat(percentile(1)).isGreaterThanOrEqualTo(100);

		this.time.advance(Duration.ofSeconds(5));

		assertThat(percentile(1)).isLessThan(2);
		this.time.advance(Duration.ofMinutes(10));
		assertThat(this.window.percentile(this.time.nanoTime(), 1, 1)).isEqualTo(-1);
	}

	private void record(Duration latency) {
		this.window.record(this.time.nanoTime(), latency.toNanos());
	}

	/** In milliseconds. */
	private double percentile(double share) {
		return this.window.percentile(this.time.nanoTime(), share, 1) / 1e6;
	}

}
