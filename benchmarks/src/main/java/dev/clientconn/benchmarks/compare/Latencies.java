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

package dev.clientconn.benchmarks.compare;

import java.util.concurrent.atomic.AtomicLongArray;

/**
 * Counts nanoseconds in buckets 1/32 apart, without a lock and without garbage.
 */
public final class Latencies {

	private static final int SUB_BITS = 5;

	private static final int SUB = 1 << SUB_BITS;

	private final AtomicLongArray counts = new AtomicLongArray(64 * SUB);

	public void record(long nanos) {
		this.counts.getAndIncrement(bucket(nanos));
	}

	/** The middle of the bucket that holds the quantile; 0 when nothing was recorded. */
	public double quantile(double q) {
		long total = 0;
		for (int i = 0; i < this.counts.length(); i++) {
			total += this.counts.get(i);
		}
		long rank = (long) Math.ceil(total * q);
		long seen = 0;
		for (int i = 0; i < this.counts.length() && total > 0; i++) {
			seen += this.counts.get(i);
			if (seen >= rank) {
				return (floor(i) + floor(i + 1)) / 2.0;
			}
		}
		return 0;
	}

	private static int bucket(long nanos) {
		if (nanos < SUB) {
			return (int) Math.max(nanos, 0);
		}
		int shift = 63 - Long.numberOfLeadingZeros(nanos) - SUB_BITS;
		return (shift + 1) * SUB + (int) (nanos >>> shift) - SUB;
	}

	private static long floor(int bucket) {
		int shift = bucket / SUB - 1;
		return (shift < 0) ? bucket : (long) (bucket % SUB + SUB) << shift;
	}

}
