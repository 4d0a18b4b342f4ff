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
 * How a call of a method is sent more than once before an answer has come (gRFC A6).
 *
 * @param maxAttempts largest number of attempts, the first included; at least 2
 * @param hedgingDelay time without an answer after which the next attempt is sent; zero
 * to send all at once
 * @param nonFatalStatusCodes failures after which the other attempts go on; may be empty
 */
public record HedgingPolicy(int maxAttempts, Duration hedgingDelay, Set<Status.Code> nonFatalStatusCodes) {

	/** Keeps its own copy of the codes. */
	public HedgingPolicy {
		nonFatalStatusCodes = Set.copyOf(nonFatalStatusCodes);
	}

	static @Nullable HedgingPolicy read(JsonValue policy) {
		if (policy.isAbsent()) {
			return null;
		}
		JsonValue delay = policy.field("hedgingDelay");
		Duration given = delay.duration();
		if (given != null && given.isNegative()) {
			throw delay.expected("a duration of at least \"0s\"");
		}
		return new HedgingPolicy(policy.field("maxAttempts").attempts(), (given != null) ? given : Duration.ZERO,
				policy.field("nonFatalStatusCodes").failureCodes());
	}

}
