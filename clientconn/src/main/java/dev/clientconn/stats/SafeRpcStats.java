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

import dev.clientconn.naming.Address;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Follows one call for one handler and hands on to the next: a chain, so that a call
 * costs one object per handler that is interested.
 */
final class SafeRpcStats implements RpcStats {

	private final RpcStats stats;

	private @Nullable SafeRpcStats next;

	SafeRpcStats(RpcStats stats) {
		this.stats = stats;
	}

	/**
	 * Sets the next of the chain, before the chain is handed out.
	 */
	void append(SafeRpcStats next) {
		this.next = next;
	}

	@Override
	public @Nullable AttemptStats attemptStarted(Address address, int previousAttempts, boolean transparentRetry,
			long waitedNanos) {
		AttemptStats own = null;
		try {
			own = this.stats.attemptStarted(address, previousAttempts, transparentRetry, waitedNanos);
		}
		catch (Throwable ex) {
			StatsFailures.log(this.stats, ex);
		}
		AttemptStats others = (this.next != null)
				? this.next.attemptStarted(address, previousAttempts, transparentRetry, waitedNanos) : null;
		return (own != null) ? new SafeAttemptStats(own, others) : others;
	}

	@Override
	public void delayed(DelayReason reason, long nanos) {
		for (SafeRpcStats each = this; each != null; each = each.next) {
			try {
				each.stats.delayed(reason, nanos);
			}
			catch (Throwable ex) {
				StatsFailures.log(each.stats, ex);
			}
		}
	}

	@Override
	public void messageSent(long wireBytes) {
		for (SafeRpcStats each = this; each != null; each = each.next) {
			try {
				each.stats.messageSent(wireBytes);
			}
			catch (Throwable ex) {
				StatsFailures.log(each.stats, ex);
			}
		}
	}

	@Override
	public void headersReceived() {
		for (SafeRpcStats each = this; each != null; each = each.next) {
			try {
				each.stats.headersReceived();
			}
			catch (Throwable ex) {
				StatsFailures.log(each.stats, ex);
			}
		}
	}

	@Override
	public void messageReceived(long wireBytes) {
		for (SafeRpcStats each = this; each != null; each = each.next) {
			try {
				each.stats.messageReceived(wireBytes);
			}
			catch (Throwable ex) {
				StatsFailures.log(each.stats, ex);
			}
		}
	}

	@Override
	public void repeated(Repeats repeats) {
		for (SafeRpcStats each = this; each != null; each = each.next) {
			try {
				each.stats.repeated(repeats);
			}
			catch (Throwable ex) {
				StatsFailures.log(each.stats, ex);
			}
		}
	}

	@Override
	public void ended(Status status, long durationNanos) {
		for (SafeRpcStats each = this; each != null; each = each.next) {
			try {
				each.stats.ended(status, durationNanos);
			}
			catch (Throwable ex) {
				StatsFailures.log(each.stats, ex);
			}
		}
	}

}
