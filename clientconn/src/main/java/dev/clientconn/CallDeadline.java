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
import java.util.Locale;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import dev.clientconn.time.Deadlines;
import dev.clientconn.time.Expiry;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of a call: the earliest of the call's own, its context's and its service
 * config's; the default one only where there is no other. Calls without one have no such
 * object.
 */
final class CallDeadline extends Expiry {

	private final Deadline deadline;

	/** Who set it, for messages. */
	private final String source;

	/**
	 * Given up when the call ends, because this is kept for longer. The timer may see
	 * that late: a call that has ended is not ended again.
	 */
	private @Nullable Owner call;

	private CallDeadline(Deadline deadline, String source, Owner call) {
		this.deadline = deadline;
		this.source = source;
		this.call = call;
	}

	static @Nullable CallDeadline of(Owner call, Context context, @Nullable Duration ofConfig, DialOptions options) {
		Deadline earliest = call.callOptions().getDeadline();
		String source = "CallOptions";
		Deadline ofContext = context.getDeadline();
		if (ofContext != null && (earliest == null || ofContext.isBefore(earliest))) {
			earliest = ofContext;
			source = "Context";
		}
		Duration timeout = (ofConfig != null || earliest != null) ? ofConfig : options.defaultDeadline;
		if (timeout != null) {
			Deadline after = Deadline.after(timeout.toNanos(), TimeUnit.NANOSECONDS);
			if (earliest == null || after.isBefore(earliest)) {
				earliest = after;
				source = (ofConfig != null) ? "service config" : "default";
			}
		}
		return (earliest != null) ? new CallDeadline(earliest, source, call) : null;
	}

	Deadline deadline() {
		return this.deadline;
	}

	boolean isExpired() {
		return this.deadline.isExpired();
	}

	/**
	 * Watches for the deadline.
	 * @return {@code null}, or why the call cannot start
	 */
	@Nullable Status watch(Deadlines deadlines) {
		long leftNanos = this.deadline.timeRemaining(TimeUnit.NANOSECONDS);
		if (leftNanos <= 0) {
			return Status.DEADLINE_EXCEEDED.withDescription("ClientCall started after " + this.source
					+ " deadline was exceeded " + seconds(-leftNanos) + " ago");
		}
		try {
			deadlines.watch(this, leftNanos);
			return null;
		}
		catch (RejectedExecutionException ex) {
			return Status.UNAVAILABLE.withDescription("the event loops have been shut down").withCause(ex);
		}
	}

	void unwatch() {
		this.call = null;
	}

	@Override
	protected boolean isOver() {
		return this.call == null;
	}

	@Override
	protected void expire() {
		Owner watched = this.call;
		if (watched != null) {
			watched.deadlineExpired();
		}
	}

	/** What a call is told whose deadline has passed on the way. */
	String passed(long elapsedNanos, @Nullable String where) {
		return this.source + " deadline exceeded after " + seconds(elapsedNanos) + ". [" + where + "]";
	}

	private static String seconds(long nanos) {
		return String.format(Locale.ROOT, "%.3fs", nanos / 1e9);
	}

	/**
	 * The call.
	 */
	interface Owner {

		CallOptions callOptions();

		/** The thread of a timer: must not block. */
		void deadlineExpired();

	}

}
