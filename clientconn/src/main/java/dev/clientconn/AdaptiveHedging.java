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
import java.util.concurrent.atomic.AtomicLong;

import dev.clientconn.time.Scheduler;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Decides for one method when another attempt is worth its load: once the first one takes
 * longer than all but a share of the calls, where the share is the load that hedges may
 * add (as Finagle's BackupRequest). Hedges must not feed an outage, so there are none
 * while more than a tenth of the attempts fail, and in any 30 seconds never more than the
 * share, however late the percentile follows. Any thread.
 */
final class AdaptiveHedging {

	/** Calls of the last 30 seconds without which a percentile means nothing. */
	static final int SAMPLES = 200;

	/** Below this a hedge is more likely to meet a pause of ours than a slow server. */
	static final Duration FLOOR = Duration.ofMillis(1);

	static final Duration REFRESH = Duration.ofSeconds(1);

	/** Also how long hedging stays off once nothing fails any more. */
	static final Duration FAILURE_WINDOW = Duration.ofSeconds(10);

	private static final double MOST_FAILURES = 0.1;

	private final Scheduler scheduler;

	private final double maxExtraLoad;

	private final LatencyWindow latencies;

	private final RecentCount calls;

	private final RecentCount hedges;

	private final RecentCount ends;

	private final RecentCount failures;

	/** When the delay is computed again; the thread that moves it does so. */
	private final AtomicLong refreshNanos;

	private volatile @Nullable Duration delay;

	/**
	 * Creates it.
	 * @param scheduler for the time
	 * @param maxExtraLoad hedges per call, above 0 and below 1
	 */
	AdaptiveHedging(Scheduler scheduler, double maxExtraLoad) {
		long now = scheduler.nanoTime();
		this.scheduler = scheduler;
		this.maxExtraLoad = maxExtraLoad;
		this.latencies = new LatencyWindow(now);
		this.calls = new RecentCount(LatencyWindow.WINDOW, now);
		this.hedges = new RecentCount(LatencyWindow.WINDOW, now);
		this.ends = new RecentCount(FAILURE_WINDOW, now);
		this.failures = new RecentCount(FAILURE_WINDOW, now);
		this.refreshNanos = new AtomicLong(now);
	}

	/** Tells whether it goes on under other options. */
	boolean fits(double maxExtraLoad) {
		return this.maxExtraLoad == maxExtraLoad;
	}

	/**
	 * Counts a call that begins.
	 * @return when its hedge is due, {@code null} if there is to be none
	 */
	@Nullable Duration callStarted() {
		long now = this.scheduler.nanoTime();
		this.calls.add(now, 1);
		long due = this.refreshNanos.get();
		if (now - due >= 0 && this.refreshNanos.compareAndSet(due, now + REFRESH.toNanos())) {
			this.delay = isFailing(now) ? null : delay(now);
		}
		return this.delay;
	}

	/**
	 * Asks for a hedge whose time has come; it is counted if there may be one.
	 * @return whether it may be sent
	 */
	boolean take() {
		long now = this.scheduler.nanoTime();
		return !isFailing(now) && this.hedges.addWithin(now, this.maxExtraLoad * this.calls.sum(now));
	}

	/** What was taken was not sent. */
	void giveBack() {
		this.hedges.add(this.scheduler.nanoTime(), -1);
	}

	/**
	 * Tells how long the first attempt of a call took to answer, or had not answered when
	 * a hedge of it did: without the latter the slowest would be missing, and the delay
	 * would shrink with each hedge that wins.
	 * @param nanos from the attempt's start to its response headers
	 */
	void firstAnswered(long nanos) {
		this.latencies.record(this.scheduler.nanoTime(), nanos);
	}

	/** Tells how an attempt ended; not of those that lost. */
	void attemptEnded(Status status) {
		long now = this.scheduler.nanoTime();
		this.ends.add(now, 1);
		if (isFailure(status.getCode())) {
			this.failures.add(now, 1);
		}
	}

	private boolean isFailing(long now) {
		return this.failures.sum(now) > MOST_FAILURES * this.ends.sum(now);
	}

	private @Nullable Duration delay(long now) {
		long nanos = this.latencies.percentile(now, 1 - this.maxExtraLoad, SAMPLES);
		if (nanos < 0) {
			return null;
		}
		Duration percentile = Duration.ofNanos(nanos);
		return (percentile.compareTo(FLOOR) < 0) ? FLOOR : percentile;
	}

	/** What a server says that is in trouble; other codes are answers. */
	private static boolean isFailure(Status.Code code) {
		return switch (code) {
			case UNAVAILABLE, DEADLINE_EXCEEDED, RESOURCE_EXHAUSTED, INTERNAL, UNKNOWN -> true;
			default -> false;
		};
	}

}
