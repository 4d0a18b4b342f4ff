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

package dev.clientconn.stats;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Follows one attempt for one handler and hands on to the next, as {@link SafeRpcStats}
 * does for calls.
 */
final class SafeAttemptStats implements AttemptStats {

	private final AttemptStats stats;

	private final @Nullable AttemptStats next;

	SafeAttemptStats(AttemptStats stats, @Nullable AttemptStats next) {
		this.stats = stats;
		this.next = next;
	}

	@Override
	public void ended(Status status, long durationNanos, long sentBytes, long receivedBytes) {
		try {
			this.stats.ended(status, durationNanos, sentBytes, receivedBytes);
		}
		catch (Throwable ex) {
			StatsFailures.log(this.stats, ex);
		}
		if (this.next != null) {
			this.next.ended(status, durationNanos, sentBytes, receivedBytes);
		}
	}

}
