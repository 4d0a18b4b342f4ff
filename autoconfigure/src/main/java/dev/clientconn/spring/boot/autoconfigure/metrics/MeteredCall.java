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

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.naming.Address;
import dev.clientconn.spring.boot.autoconfigure.metrics.CallMeters.AttemptMeters;
import dev.clientconn.stats.AttemptStats;
import dev.clientconn.stats.DelayReason;
import dev.clientconn.stats.Repeats;
import dev.clientconn.stats.RpcStats;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Measures one call and all its attempts, which need no objects of their own: what they
 * came to is told at their end.
 */
final class MeteredCall implements RpcStats, AttemptStats {

	private static final int NONE = 0;

	private static final int SOME = 1;

	/** The call ended without one, and was counted as one. */
	private static final int CLOSED = 2;

	private final CallMeters meters;

	private final AtomicInteger attempts = new AtomicInteger(NONE);

	MeteredCall(CallMeters meters) {
		this.meters = meters;
	}

	@Override
	public @Nullable AttemptStats attemptStarted(Address address, int previousAttempts, boolean transparentRetry,
			long waitedNanos) {
		if (!this.attempts.compareAndSet(NONE, SOME) && this.attempts.get() == CLOSED) {
			return null;
		}
		this.meters.attemptStarted();
		return this;
	}

	@Override
	public void delayed(DelayReason reason, long nanos) {
		this.meters.delay(reason).record(nanos, TimeUnit.NANOSECONDS);
	}

	@Override
	public void ended(Status status, long durationNanos, long sentBytes, long receivedBytes) {
		AttemptMeters attempt = this.meters.attempt(status);
		attempt.duration().record(durationNanos, TimeUnit.NANOSECONDS);
		attempt.sent().record(sentBytes);
		attempt.received().record(receivedBytes);
	}

	@Override
	public void repeated(Repeats repeats) {
		this.meters.repeated(repeats);
	}

	@Override
	public void ended(Status status, long durationNanos) {
		if (this.attempts.compareAndSet(NONE, CLOSED)) {
			// gRFC A66 counts the attempt of a call that finds no address too.
			this.meters.attemptStarted();
			ended(status, durationNanos, 0, 0);
		}
		this.meters.call(status).record(durationNanos, TimeUnit.NANOSECONDS);
	}

}
