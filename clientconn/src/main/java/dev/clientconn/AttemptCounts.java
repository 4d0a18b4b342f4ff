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

import dev.clientconn.stats.Repeats;
import dev.clientconn.time.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Counts how often a call was sent (gRFC A96). Guarded by the lock of
 * {@link RetriableAttempts}.
 */
final class AttemptCounts {

	private final Scheduler scheduler;

	private int begun;

	private int streams;

	private int transparent;

	private int retries;

	private int hedges;

	private long delayNanos;

	private boolean refused;

	private boolean waiting;

	private long waitingSince;

	AttemptCounts(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	/** An attempt begins; returns its number, from 0. */
	int begins() {
		goesOn();
		return this.begun++;
	}

	int begun() {
		return this.begun;
	}

	/** An attempt that has begun was not sent, and is none. */
	void unsent() {
		this.begun--;
	}

	/** Returns whether a server has refused the call for the first time. */
	boolean firstRefusal() {
		boolean first = !this.refused;
		this.refused = true;
		return first;
	}

	/**
	 * An attempt gets a stream.
	 * @param transparent whether it has had one before
	 * @return streams of the call before this one
	 */
	int stream(RetriableAttempt<?, ?> attempt, boolean transparent) {
		if (transparent) {
			this.transparent++;
		}
		else if (attempt.isHedge()) {
			this.hedges++;
		}
		else if (attempt.number() > 0) {
			this.retries++;
		}
		return this.streams++;
	}

	/** No attempt runs. */
	void waits() {
		this.waiting = true;
		this.waitingSince = this.scheduler.nanoTime();
	}

	/** The wait is over. */
	void goesOn() {
		if (this.waiting) {
			this.waiting = false;
			this.delayNanos += this.scheduler.nanoTime() - this.waitingSince;
		}
	}

	/** Returns {@code null} for a call that was sent at most once. */
	@Nullable Repeats repeats() {
		if (this.streams < 2 && this.delayNanos == 0) {
			return null;
		}
		return new Repeats(this.retries, this.transparent, this.hedges, this.delayNanos);
	}

}
