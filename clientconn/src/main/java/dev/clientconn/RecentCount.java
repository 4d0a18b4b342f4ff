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

/**
 * How often something has happened in the last seconds. Any thread.
 */
final class RecentCount {

	private static final int SLICES = 10;

	/** No adders: their sum may miss what was added before it. */
	private final TimeSlices<AtomicLong> slices;

	/**
	 * Creates it.
	 * @param window how long something counts
	 * @param nowNanos {@link dev.clientconn.time.Scheduler#nanoTime}
	 */
	RecentCount(Duration window, long nowNanos) {
		this.slices = new TimeSlices<>(window, SLICES, nowNanos, AtomicLong::new);
	}

	void add(long nowNanos, long times) {
		this.slices.at(nowNanos).addAndGet(times);
	}

	long sum(long nowNanos) {
		long[] sum = { 0 };
		this.slices.each(nowNanos, (slice) -> sum[0] += slice.get());
		return sum[0];
	}

	/**
	 * Counts one more if that makes no more than a limit. Threads that ask at the same
	 * time may all be told no where one of them could have been let through, but never
	 * the other way round.
	 * @return whether it was counted
	 */
	boolean addWithin(long nowNanos, double limit) {
		AtomicLong slice = this.slices.at(nowNanos);
		slice.incrementAndGet();
		if (sum(nowNanos) <= limit) {
			return true;
		}
		slice.decrementAndGet();
		return false;
	}

}
