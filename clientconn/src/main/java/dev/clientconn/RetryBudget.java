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
import java.util.concurrent.atomic.LongAdder;

import dev.clientconn.time.Scheduler;

/**
 * Bounds how much load the retries and hedges of a ClientConn add, whatever the policies
 * of its methods say: in any 10 seconds at most a share of the calls that began in them,
 * and some more so that few calls can be retried at all. Unlike the throttle of gRFC A6
 * it needs no service config and does not wait for failures. Only calls with a policy are
 * counted. Any thread.
 */
final class RetryBudget {

	static final Duration WINDOW = Duration.ofSeconds(10);

	private final Scheduler scheduler;

	private final RetryOptions.Budget limits;

	private final RecentCount calls;

	private final RecentCount extra;

	private final LongAdder refusals = new LongAdder();

	/**
	 * Creates it.
	 * @param scheduler for the time
	 * @param limits what is allowed
	 */
	RetryBudget(Scheduler scheduler, RetryOptions.Budget limits) {
		this.scheduler = scheduler;
		this.limits = limits;
		this.calls = new RecentCount(WINDOW, scheduler.nanoTime());
		this.extra = new RecentCount(WINDOW, scheduler.nanoTime());
	}

	/** Tells whether it goes on under other options. */
	boolean fits(RetryOptions.Budget limits) {
		return this.limits.equals(limits);
	}

	/** A call has begun that may have more than one attempt. */
	void callStarted() {
		this.calls.add(this.scheduler.nanoTime(), 1);
	}

	/**
	 * Asks for a retry or a hedge, which is counted if there may be one.
	 * @return whether it may be sent
	 */
	boolean take() {
		long now = this.scheduler.nanoTime();
		double most = this.limits.ratio() * this.calls.sum(now)
				+ (double) this.limits.minPerSecond() * WINDOW.toSeconds();
		if (this.extra.addWithin(now, most)) {
			return true;
		}
		this.refusals.increment();
		return false;
	}

	/** What was taken was not sent. */
	void giveBack() {
		this.extra.add(this.scheduler.nanoTime(), -1);
	}

	/** How often {@link #take} has said no. */
	long refusals() {
		return this.refusals.sum();
	}

}
