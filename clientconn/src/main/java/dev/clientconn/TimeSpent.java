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

import java.util.Locale;

import dev.clientconn.naming.Address;
import dev.clientconn.stats.DelayReason;
import dev.clientconn.transport.StreamProgress;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The sentence that says where the time of a call went, in order. Made only when a
 * deadline has passed.
 */
final class TimeSpent {

	private final StringBuilder text = new StringBuilder();

	/** What the call has waited for, each thing with its time. */
	TimeSpent waited(@Nullable Waits waits, long nowNanos) {
		if (waits == null) {
			return this;
		}
		for (DelayReason reason : DelayReason.values()) {
			long nanos = waits.waitedNanos(reason, nowNanos);
			if (nanos > 0) {
				waited(nanos, reason.phrase());
			}
		}
		Status lastEnd = waits.lastEnd();
		if (lastEnd != null) {
			add("the attempt before ended with " + lastEnd.getCode()
					+ ((lastEnd.getDescription() != null) ? ": " + lastEnd.getDescription() : ""));
		}
		return this;
	}

	/** Time before now, such as the delay of a retry; "waited" stands before it. */
	TimeSpent waited(long nanos, String forWhat) {
		return add("waited " + seconds(nanos) + " " + forWhat);
	}

	/**
	 * The attempt that runs.
	 * @param to its address
	 * @param progress of its stream
	 * @param sinceNanos nanoseconds since it has the stream
	 * @param received what has come back
	 */
	TimeSpent attempt(Address to, StreamProgress progress, long sinceNanos, String received) {
		long queued = Math.min(progress.queuedNanos(), sinceNanos);
		if (queued > 0) {
			waited(queued, DelayReason.STREAM_LIMIT.phrase() + " of " + to
					+ ((progress.limit() != Long.MAX_VALUE) ? " (" + progress.limit() + " at once)" : ""));
		}
		if (progress.sent()) {
			add("the request went to " + to + " " + seconds(sinceNanos - queued) + " ago, " + received);
		}
		else if (queued == 0) {
			add("the request was not sent to " + to + " within " + seconds(sinceNanos)
					+ ", as the connection takes no more bytes");
		}
		return this;
	}

	/** Anything else; phases are separated by commas. */
	TimeSpent add(String phase) {
		this.text.append((this.text.length() > 0) ? ", " : "").append(phase);
		return this;
	}

	static String seconds(long nanos) {
		return String.format(Locale.ROOT, "%.3fs", nanos / 1e9);
	}

	@Override
	public String toString() {
		return this.text.toString();
	}

}
