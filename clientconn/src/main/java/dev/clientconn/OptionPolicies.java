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
import java.util.Set;

import dev.clientconn.HedgingOptions.Mode;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The policies of methods for which the service config has none: hedging and retries of
 * what may be done twice. Any thread.
 */
final class OptionPolicies {

	/** A call that a server may have processed is only sent again after this. */
	private static final Set<Status.Code> FAILED = Set.of(Status.Code.UNAVAILABLE);

	/**
	 * Three attempts, the second about 50 ms after the first has failed: short, because
	 * it goes to another address, and long enough not to meet the same pause of all.
	 */
	private static final CallPolicy IDEMPOTENT = new CallPolicy.Retry(3,
			new CallPolicy.Backoff(Duration.ofMillis(50).toNanos(), Duration.ofSeconds(1).toNanos(), 2), FAILED,
			AttemptPlan.NEVER);

	private final CallEnv env;

	private final HedgingOptions hedging;

	private final MethodPatterns idempotent;

	OptionPolicies(CallEnv env) {
		this.env = env;
		this.hedging = env.options.hedging;
		this.idempotent = MethodPatterns.of("idempotentMethods", env.options.retry.idempotentMethods());
	}

	@Nullable CallPolicy of(MethodDescriptor<?, ?> method) {
		boolean twice = method.isIdempotent() || method.isSafe() || this.idempotent.contains(method);
		if (this.hedging.mode != Mode.OFF && method.getType().clientSendsOneMessage()
				&& (twice || this.hedging.methods.contains(method))) {
			return hedge(method);
		}
		return twice ? IDEMPOTENT : null;
	}

	private CallPolicy hedge(MethodDescriptor<?, ?> method) {
		if (this.hedging.mode == Mode.FIXED) {
			return new CallPolicy.Hedge(this.hedging.maxAttempts, this.hedging.delay.toNanos(), FAILED);
		}
		AdaptiveHedging ofMethod = this.env.core.extraLoad()
			.hedging(this.env.scheduler(), method, this.hedging.maxExtraLoad);
		Duration delay = ofMethod.callStarted();
		return new CallPolicy.Adaptive(new CallPolicy.Hedge(this.hedging.maxAttempts,
				(delay != null) ? delay.toNanos() : AttemptPlan.NEVER, FAILED), ofMethod);
	}

}
