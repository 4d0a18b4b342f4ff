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

import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Sends a call again while it has no answer, and takes the first that comes (gRFC A6,
 * "Hedging Policy"). An attempt that could not be sent, because no other address was
 * READY, counts as one.
 */
final class HedgingPlan implements AttemptPlan {

	private final CallPolicy.Hedge policy;

	private final ExtraAttempts extra;

	/** Those that were decided on; the first needs no decision. */
	private int attempts = 1;

	private boolean stopped;

	HedgingPlan(CallPolicy.Hedge policy, ExtraAttempts extra) {
		this.policy = policy;
		this.extra = extra;
	}

	@Override
	public long overdueNanos() {
		return (this.stopped || this.attempts >= this.policy.maxAttempts()) ? NEVER : this.policy.delayNanos();
	}

	@Override
	public Next overdue() {
		return next(0);
	}

	@Override
	public void unsent() {
		this.extra.giveBack();
	}

	@Override
	public Next ended(Status status, Metadata trailers) {
		Pushback pushback = status.isOk() ? null : Pushback.of(trailers);
		if (!countFailure(status, pushback)) {
			return Next.END;
		}
		this.stopped |= pushback != null && pushback.isNever();
		return next((pushback != null) ? pushback.delayNanos() : 0);
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

	/** Returns whether other attempts go on after the status. */
	private boolean countFailure(Status status, @Nullable Pushback pushback) {
		boolean nonFatal = this.policy.nonFatalCodes().contains(status.getCode()) && !status.isOk();
		if (nonFatal || (pushback != null && pushback.isNever())) {
			this.extra.failed();
		}
		return nonFatal;
	}

	private Next next(long delayNanos) {
		if (this.stopped || this.attempts >= this.policy.maxAttempts()) {
			return Next.GO_ON;
		}
		// Not asked again: what is refused now would be refused in a moment too.
		this.stopped = !this.extra.take();
		if (this.stopped) {
			return Next.GO_ON;
		}
		this.attempts++;
		return Next.attempt(delayNanos);
	}

}
