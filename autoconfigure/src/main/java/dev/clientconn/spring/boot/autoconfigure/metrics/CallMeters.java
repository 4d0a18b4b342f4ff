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

package dev.clientconn.spring.boot.autoconfigure.metrics;

import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;

import dev.clientconn.stats.DelayReason;
import dev.clientconn.stats.Repeats;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one method of one target (gRFC A66 and A96). They are looked up once per
 * status: counting a call takes an array read and allocates nothing. Safe for use from
 * any thread.
 */
final class CallMeters {

	/** Boundaries of gRFC A66, without its 0, which Micrometer does not take. */
	static final Duration[] DURATIONS = Arrays
		.stream(new long[] { 10, 50, 100, 300, 600, 800, 1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 8_000, 10_000,
				13_000, 16_000, 20_000, 25_000, 30_000, 40_000, 50_000, 65_000, 80_000, 100_000, 130_000, 160_000,
				200_000, 250_000, 300_000, 400_000, 500_000, 650_000, 800_000, 1_000_000, 2_000_000, 5_000_000,
				10_000_000, 20_000_000, 50_000_000, 100_000_000 })
		.mapToObj((micros) -> Duration.ofNanos(micros * 1_000))
		.toArray(Duration[]::new);

	/** Boundaries of gRFC A66 in bytes, without its 0. */
	static final double[] SIZES = { 1L << 10, 2L << 10, 4L << 10, 16L << 10, 64L << 10, 256L << 10, 1L << 20, 4L << 20,
			16L << 20, 64L << 20, 256L << 20, 1L << 30, 4L << 30 };

	/** Boundaries of gRFC A96. */
	static final double[] REPEATS = { 1, 2, 3, 4, 5 };

	private static final int STATUSES = Status.Code.values().length;

	private final MeterRegistry registry;

	private final Tags tags;

	private final boolean histogram;

	private final Counter attemptsStarted;

	private final AtomicReferenceArray<@Nullable AttemptMeters> attempts = new AtomicReferenceArray<>(STATUSES);

	private final AtomicReferenceArray<@Nullable Timer> calls = new AtomicReferenceArray<>(STATUSES);

	private final AtomicReferenceArray<@Nullable Timer> delays = new AtomicReferenceArray<>(
			DelayReason.values().length);

	CallMeters(MeterRegistry registry, String target, String method, boolean histogram) {
		this.registry = registry;
		this.tags = Tags.of("grpc.method", method, "grpc.target", target);
		this.histogram = histogram;
		this.attemptsStarted = ClientConnMeter.ATTEMPT_STARTED.counter().tags(this.tags).register(registry);
	}

	void attemptStarted() {
		this.attemptsStarted.increment();
	}

	AttemptMeters attempt(Status status) {
		int index = status.getCode().ordinal();
		AttemptMeters known = this.attempts.get(index);
		if (known == null) {
			// Twice at worst: the registry gives the same meters again.
			Tags all = withStatus(status);
			known = new AttemptMeters(timer(ClientConnMeter.ATTEMPT_DURATION, all),
					summary(ClientConnMeter.ATTEMPT_SENT, all, SIZES),
					summary(ClientConnMeter.ATTEMPT_RECEIVED, all, SIZES));
			this.attempts.set(index, known);
		}
		return known;
	}

	Timer call(Status status) {
		int index = status.getCode().ordinal();
		Timer known = this.calls.get(index);
		if (known == null) {
			known = timer(ClientConnMeter.CALL_DURATION, withStatus(status));
			this.calls.set(index, known);
		}
		return known;
	}

	/** Counts what gRFC A96 does: nothing where there is nothing. */
	void repeated(Repeats repeats) {
		count(ClientConnMeter.CALL_RETRIES, repeats.retries());
		count(ClientConnMeter.CALL_TRANSPARENT_RETRIES, repeats.transparentRetries());
		count(ClientConnMeter.CALL_HEDGES, repeats.hedges());
		if (repeats.delayNanos() > 0) {
			timer(ClientConnMeter.CALL_RETRY_DELAY, this.tags).record(repeats.delayNanos(), TimeUnit.NANOSECONDS);
		}
	}

	private void count(ClientConnMeter meter, int number) {
		if (number > 0) {
			// Looked up each time: calls that are sent again are few.
			summary(meter, this.tags, REPEATS).record(number);
		}
	}

	Timer delay(DelayReason reason) {
		Timer known = this.delays.get(reason.ordinal());
		if (known == null) {
			// A121 has the wait for a list as one of the call, the others as ones of an
			// attempt.
			known = timer(
					(reason == DelayReason.RESOLVING) ? ClientConnMeter.CALL_DELAY : ClientConnMeter.ATTEMPT_DELAY,
					this.tags.and("grpc.delay_type", reason.label()));
			this.delays.set(reason.ordinal(), known);
		}
		return known;
	}

	private Tags withStatus(Status status) {
		return this.tags.and("grpc.status", status.getCode().name());
	}

	private Timer timer(ClientConnMeter meter, Tags all) {
		Timer.Builder builder = meter.timer().tags(all);
		return (this.histogram ? builder.serviceLevelObjectives(DURATIONS) : builder).register(this.registry);
	}

	private DistributionSummary summary(ClientConnMeter meter, Tags all, double[] boundaries) {
		DistributionSummary.Builder builder = meter.summary().tags(all);
		return (this.histogram ? builder.serviceLevelObjectives(boundaries) : builder).register(this.registry);
	}

	/**
	 * The meters of attempts with one status.
	 *
	 * @param duration times of attempts
	 * @param sent bytes of request messages
	 * @param received bytes of response messages
	 */
	record AttemptMeters(Timer duration, DistributionSummary sent, DistributionSummary received) {
	}

}
