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

package dev.clientconn.serviceconfig;

import java.time.Duration;
import java.util.Set;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * When and how often a call of a method is sent again after an attempt has failed (gRFC
 * A6).
 *
 * @param maxAttempts largest number of attempts, the first included; at least 2
 * @param initialBackoff delay before the first retry, before jitter; positive
 * @param maxBackoff longest delay, before jitter; positive
 * @param backoffMultiplier what each delay is multiplied with for the next; positive
 * @param retryableStatusCodes failures after which another attempt follows; not empty
 * @param perAttemptRecvTimeout longest wait for the response of one attempt, {@code null}
 * for no limit of its own
 */
public record RetryPolicy(int maxAttempts, Duration initialBackoff, Duration maxBackoff, double backoffMultiplier,
		Set<Status.Code> retryableStatusCodes, @Nullable Duration perAttemptRecvTimeout) {

	/** Keeps its own copy of the codes. */
	public RetryPolicy {
		retryableStatusCodes = Set.copyOf(retryableStatusCodes);
	}

	static @Nullable RetryPolicy read(JsonValue policy) {
		if (policy.isAbsent()) {
			return null;
		}
		JsonValue codes = policy.field("retryableStatusCodes");
		Set<Status.Code> retryable = codes.failureCodes();
		if (retryable.isEmpty()) {
			throw codes.expected("at least one status code");
		}
		JsonValue receive = policy.field("perAttemptRecvTimeout");
		return new RetryPolicy(policy.field("maxAttempts").attempts(),
				policy.field("initialBackoff").positiveDuration(), policy.field("maxBackoff").positiveDuration(),
				policy.field("backoffMultiplier").positiveNumber(), retryable,
				receive.isAbsent() ? null : receive.positiveDuration());
	}

}
