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
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * The latencies of a method in the last 30 seconds. Recording is one increment. A
 * percentile is read from buckets whose width is a sixteenth of their octave, so it is at
 * most 6.25 % too high and never too low. Any thread.
 */
final class LatencyWindow {

	static final Duration WINDOW = Duration.ofSeconds(30);

	private static final int SLICES = 6;

	/** Of the buckets of one octave: 16. */
	private static final int BITS = 4;

	/** Microseconds; what is longer counts as this long: 19 hours. */
	private static final long LONGEST = (1L << 36) - 1;

	private static final int BUCKETS = bucket(LONGEST) + 1;

	private final TimeSlices<AtomicIntegerArray> slices;

	LatencyWindow(long nowNanos) {
		this.slices = new TimeSlices<>(WINDOW, SLICES, nowNanos, () -> new AtomicIntegerArray(BUCKETS));
	}

	void record(long nowNanos, long latencyNanos) {
		long micros = Math.min(Math.max(0, latencyNanos / 1000), LONGEST);
		this.slices.at(nowNanos).incrementAndGet(bucket(micros));
	}

	/**
	 * Returns the latency that a share of the calls does not exceed.
	 * @param share above 0, up to 1
	 * @param samples how many calls it takes
	 * @return nanoseconds, or -1 if there were fewer calls
	 */
	long percentile(long nowNanos, double share, int samples) {
		long[] counts = new long[BUCKETS];
		long[] total = { 0 };
		this.slices.each(nowNanos, (slice) -> {
			for (int i = 0; i < BUCKETS; i++) {
				int count = slice.get(i);
				counts[i] += count;
				total[0] += count;
			}
		});
		if (total[0] < samples) {
			return -1;
		}
		long wanted = (long) Math.ceil(share * total[0]);
		long seen = 0;
		int bucket = -1;
		while (seen < wanted) {
			bucket++;
			seen += counts[bucket];
		}
		return 1000 * end(Math.max(0, bucket));
	}

	/** The first 32 hold one microsecond each, then there are 16 for each octave. */
	private static int bucket(long micros) {
		int shift = Math.max(0, Long.SIZE - Long.numberOfLeadingZeros(micros) - BITS - 1);
		return (shift << BITS) + (int) (micros >>> shift);
	}

	/** The microseconds at which a bucket ends. */
	private static long end(int bucket) {
		int shift = Math.max(0, (bucket >>> BITS) - 1);
		return ((long) bucket - ((long) shift << BITS) + 1) << shift;
	}

}
