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

import java.util.Locale;

/**
 * What one arm measured in one round of one workload.
 *
 * @param operations how many ended
 * @param elapsedNanos wall clock
 * @param cpuNanos of the process, JIT threads left out, GC threads included
 * @param gcNanos of the GC threads alone
 * @param jitNanos of the JIT's threads, in nothing else
 * @param bytes allocated on the heap, or held where that is what is measured
 * @param p50Nanos median latency, 0 if not measured
 * @param p99Nanos 99th percentile of the latency, 0 if not measured
 * @param threads how many more there are, where that is measured
 */
record Round(long operations, long elapsedNanos, long cpuNanos, long gcNanos, long jitNanos, long bytes,
		double p50Nanos, double p99Nanos, int threads) {

	/** A round that asks what is held. */
	static Round held(long operations, long elapsedNanos, long bytes, int threads) {
		return new Round(operations, elapsedNanos, 0, 0, 0, bytes, 0, 0, threads);
	}

	/** A round of one operation that asks for CPU alone, and counts all threads. */
	static Round spent(long elapsedNanos, long cpuNanos) {
		return new Round(1, elapsedNanos, cpuNanos, 0, 0, 0, 0, 0, 0);
	}

	double cpuMicros() {
		return this.cpuNanos / 1e3 / this.operations;
	}

	double gcMicros() {
		return this.gcNanos / 1e3 / this.operations;
	}

	double bytesEach() {
		return (double) this.bytes / this.operations;
	}

	double perSecond() {
		return this.operations * 1e9 / this.elapsedNanos;
	}

	double p50Micros() {
		return this.p50Nanos / 1e3;
	}

	double p99Micros() {
		return this.p99Nanos / 1e3;
	}

	/** The JIT's part of the CPU: what says whether the code is still changing. */
	double jitShare() {
		return (double) this.jitNanos / (this.cpuNanos + this.jitNanos);
	}

	String encode() {
		return String.format(Locale.ROOT, "%d %d %d %d %d %d %.0f %.0f %d", this.operations, this.elapsedNanos,
				this.cpuNanos, this.gcNanos, this.jitNanos, this.bytes, this.p50Nanos, this.p99Nanos, this.threads);
	}

	static Round decode(String line) {
		String[] f = line.split(" ");
		return new Round(Long.parseLong(f[0]), Long.parseLong(f[1]), Long.parseLong(f[2]), Long.parseLong(f[3]),
				Long.parseLong(f[4]), Long.parseLong(f[5]), Double.parseDouble(f[6]), Double.parseDouble(f[7]),
				Integer.parseInt(f[8]));
	}

}
