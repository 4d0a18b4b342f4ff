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

import java.util.Set;

import io.grpc.Status;

/**
 * How one call is sent more than once. Made for a call by {@link CallPolicies}.
 */
sealed interface CallPolicy {

	/** The largest number of attempts, the first included; from 2 to 5. */
	int maxAttempts();

	/**
	 * Another attempt after one has failed.
	 *
	 * @param maxAttempts see {@link CallPolicy#maxAttempts()}
	 * @param backoff the delays between attempts
	 * @param codes statuses after which another attempt follows
	 * @param recvTimeoutNanos longest wait for the response of one attempt, negative for
	 * no limit of its own
	 */
	record Retry(int maxAttempts, Backoff backoff, Set<Status.Code> codes,
			long recvTimeoutNanos) implements CallPolicy {
	}

	/**
	 * Another attempt beside those that run.
	 *
	 * @param maxAttempts see {@link CallPolicy#maxAttempts()}
	 * @param delayNanos nanoseconds without an answer after which the next attempt is
	 * sent; 0 to send all at once, {@link AttemptPlan#NEVER} for not at all
	 * @param nonFatalCodes statuses after which the other attempts go on
	 */
	record Hedge(int maxAttempts, long delayNanos, Set<Status.Code> nonFatalCodes) implements CallPolicy {
	}

	/**
	 * Another attempt beside those that run, when a call takes longer than others.
	 *
	 * @param hedge with the delay of this moment
	 * @param method what is known of the method
	 */
	record Adaptive(Hedge hedge, AdaptiveHedging method) implements CallPolicy {

		@Override
		public int maxAttempts() {
			return this.hedge.maxAttempts();
		}

	}

	/**
	 * Delays that grow.
	 *
	 * @param initialNanos the first in nanoseconds, before jitter
	 * @param maxNanos the longest in nanoseconds, before jitter
	 * @param multiplier from one to the next
	 */
	record Backoff(long initialNanos, long maxNanos, double multiplier) {
	}

}
