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

import org.jspecify.annotations.Nullable;

/**
 * What a service config sets for a method. {@code null} means not set.
 *
 * @param waitForReady whether calls wait for a READY address; an explicit choice of the
 * call wins
 * @param timeout longest duration of a call; the earlier of this and the call's own
 * deadline counts. Not positive means that calls fail at once
 * @param maxRequestMessageBytes largest request message in bytes; the smaller of this and
 * the call's own limit counts
 * @param maxResponseMessageBytes largest response message in bytes, likewise
 * @param retryPolicy when a failed call is sent again
 * @param hedgingPolicy how a call is sent more than once; never together with a retry
 * policy
 */
public record MethodConfig(@Nullable Boolean waitForReady, @Nullable Duration timeout,
		@Nullable Integer maxRequestMessageBytes, @Nullable Integer maxResponseMessageBytes,
		@Nullable RetryPolicy retryPolicy, @Nullable HedgingPolicy hedgingPolicy) {

	/** Sets nothing. */
	public static final MethodConfig EMPTY = new MethodConfig(null, null, null, null, null, null);

}
