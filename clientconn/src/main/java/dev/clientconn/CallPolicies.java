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

import dev.clientconn.serviceconfig.HedgingPolicy;
import dev.clientconn.serviceconfig.MethodConfig;
import dev.clientconn.serviceconfig.RetryPolicy;
import dev.clientconn.serviceconfig.RetryThrottling;
import dev.clientconn.serviceconfig.ServiceConfig;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * Decides which policy applies to a call. Asked once per call, as it is made.
 */
final class CallPolicies {

	/**
	 * More attempts than this are not made, whatever a policy says; it is lowered, not
	 * refused (gRFC A6, "maxAttempts").
	 */
	static final int MAX_ATTEMPTS = 5;

	private static final Duration LONGEST = Duration.ofDays(365 * 100);

	private final CallEnv env;

	private final OptionPolicies options;

	/** Made by the first call with a policy. */
	private @Nullable RetryBudget budget;

	CallPolicies(CallEnv env) {
		this.env = env;
		this.options = new OptionPolicies(env);
	}

	/**
	 * Returns how a call is sent more than once.
	 * @param config what the service config says of the method
	 * @return {@code null} for a call that is not, which is the common case
	 */
	@Nullable CallPolicy of(MethodDescriptor<?, ?> method, CallOptions callOptions, MethodConfig config) {
		RetryPolicy retry = config.retryPolicy();
		HedgingPolicy hedging = config.hedgingPolicy();
		if (!this.env.options.retry.enabled()) {
			return null;
		}
		if (retry != null) {
			return new CallPolicy.Retry(Math.min(retry.maxAttempts(), MAX_ATTEMPTS),
					new CallPolicy.Backoff(nanos(retry.initialBackoff()), nanos(retry.maxBackoff()),
							retry.backoffMultiplier()),
					retry.retryableStatusCodes(),
					(retry.perAttemptRecvTimeout() != null) ? nanos(retry.perAttemptRecvTimeout()) : AttemptPlan.NEVER);
		}
		if (hedging != null) {
			return new CallPolicy.Hedge(Math.min(hedging.maxAttempts(), MAX_ATTEMPTS), nanos(hedging.hedgingDelay()),
					hedging.nonFatalStatusCodes());
		}
		return this.options.of(method);
	}

	/** Returns what a call does by its policy. */
	AttemptPlan plan(CallPolicy policy, ServiceConfig config) {
		RetryBudget load = budget();
		ExtraAttempts extra = new BudgetedAttempts(throttle(config), load);
		load.callStarted();
		if (policy instanceof CallPolicy.Retry retry) {
			return new RetryPlan(retry, extra, this.env.options.random);
		}
		if (policy instanceof CallPolicy.Adaptive adaptive) {
			return new AdaptivePlan(adaptive.method(), new HedgingPlan(adaptive.hedge(), extra), this.env.scheduler());
		}
		return new HedgingPlan((CallPolicy.Hedge) policy, extra);
	}

	/** Threads that race here get the same one. */
	private RetryBudget budget() {
		RetryBudget known = this.budget;
		if (known == null) {
			known = this.env.core.extraLoad().budget(this.env.scheduler(), this.env.options.retry.budget());
			this.budget = known;
		}
		return known;
	}

	private ExtraAttempts throttle(ServiceConfig config) {
		RetryThrottling throttling = config.retryThrottling();
		return (throttling != null) ? this.env.core.throttle(this.env.identity.target(), throttling)
				: ExtraAttempts.UNLIMITED;
	}

	/** A service config may say up to 10,000 years. */
	private static long nanos(Duration duration) {
		return (duration.compareTo(LONGEST) < 0) ? duration.toNanos() : LONGEST.toNanos();
	}

}
