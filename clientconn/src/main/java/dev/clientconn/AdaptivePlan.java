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

import dev.clientconn.time.Scheduler;
import io.grpc.Metadata;
import io.grpc.Status;

/**
 * Hedges a call when {@link AdaptiveHedging} says so, and tells it what came of the call.
 * An attempt that fails is followed by the next as under any hedging policy: that is a
 * retry, which needs no more than the budget of the ClientConn.
 * <p>
 * Where the load allows no hedge now, it is asked for again after twice the time: a pause
 * of ours makes many calls late at once, and what is left of the load is for those that
 * stay late.
 */
final class AdaptivePlan implements AttemptPlan {

	private final AdaptiveHedging method;

	private final HedgingPlan plan;

	private final Scheduler scheduler;

	private final long startNanos;

	private int refusals;

	/** Hedges that were taken and may yet turn out not to be sent. */
	private int taken;

	AdaptivePlan(AdaptiveHedging method, HedgingPlan plan, Scheduler scheduler) {
		this.method = method;
		this.plan = plan;
		this.scheduler = scheduler;
		this.startNanos = scheduler.nanoTime();
	}

	@Override
	public long overdueNanos() {
		long nanos = this.plan.overdueNanos();
		return (nanos > 0) ? nanos << Math.min(this.refusals, Long.numberOfLeadingZeros(nanos) - 1) : nanos;
	}

	@Override
	public Next overdue() {
		if (!this.method.take()) {
			this.refusals++;
			return Next.LATER;
		}
		Next next = this.plan.overdue();
		if (next.kind() == Kind.ATTEMPT) {
			this.taken++;
		}
		else {
			this.method.giveBack();
		}
		return next;
	}

	@Override
	public void unsent() {
		if (this.taken > 0) {
			this.taken--;
			this.method.giveBack();
		}
		this.plan.unsent();
	}

	@Override
	public void answered() {
		this.method.firstAnswered(this.scheduler.nanoTime() - this.startNanos);
	}

	@Override
	public Next ended(Status status, Metadata trailers) {
		this.method.attemptEnded(status);
		return this.plan.ended(status, trailers);
	}

	@Override
	public void callEnded(Status status, Metadata trailers) {
		this.method.attemptEnded(status);
		this.plan.callEnded(status, trailers);
	}

}
