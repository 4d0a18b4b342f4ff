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

import java.util.random.RandomGenerator;

import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Sends a call again after an attempt has failed, with growing delays (gRFC A6, "Retry
 * Policy").
 */
final class RetryPlan implements AttemptPlan {

	/** Delays differ by up to this part of them, up and down. */
	private static final double JITTER = 0.2;

	private final CallPolicy.Retry policy;

	private final ExtraAttempts extra;

	private final RandomGenerator random;

	/** Those that were decided on; the first needs no decision. */
	private int attempts = 1;

	private double nextNanos;

	RetryPlan(CallPolicy.Retry policy, ExtraAttempts extra, RandomGenerator random) {
		this.policy = policy;
		this.extra = extra;
		this.random = random;
		restartBackoff();
	}

	@Override
	public long overdueNanos() {
		return this.policy.recvTimeoutNanos();
	}

	@Override
	public Next overdue() {
		this.extra.failed();
		return mayRepeat() ? Next.replace(backoffNanos()) : Next.GO_ON;
	}

	@Override
	public Next ended(Status status, Metadata trailers) {
		Pushback pushback = status.isOk() ? null : Pushback.of(trailers);
		if (!countFailure(status, pushback) || (pushback != null && pushback.isNever()) || !mayRepeat()) {
			return Next.END;
		}
		if (pushback != null) {
			restartBackoff();
			return Next.attempt(pushback.delayNanos());
		}
		return Next.attempt(backoffNanos());
	}

	@Override
	public void callEnded(Status status, Metadata trailers) {
		if (status.isOk()) {
			this.extra.succeeded();
		}
		else {
			countFailure(status, Pushback.of(trailers));
		}
	}

	/** Returns whether the status is one to try again after. */
	private boolean countFailure(Status status, @Nullable Pushback pushback) {
		boolean retryable = this.policy.codes().contains(status.getCode());
		if (retryable || (pushback != null && pushback.isNever())) {
			this.extra.failed();
		}
		return retryable;
	}

	private boolean mayRepeat() {
		if (this.attempts >= this.policy.maxAttempts() || !this.extra.take()) {
			return false;
		}
		this.attempts++;
		return true;
	}

	private void restartBackoff() {
		this.nextNanos = this.policy.backoff().initialNanos();
	}

	private long backoffNanos() {
		double max = this.policy.backoff().maxNanos();
		double base = Math.min(this.nextNanos, max);
		this.nextNanos = Math.min(base * this.policy.backoff().multiplier(), max);
		return (long) (base * (1 - JITTER + 2 * JITTER * this.random.nextDouble()));
	}

}
