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
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import dev.clientconn.time.Deadlines;
import dev.clientconn.time.Expiry;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The deadline of a call: the earliest of the call's own, its context's and its service
 * config's; the default one only where there is no other. Calls without one have no such
 * object.
 */
final class CallDeadline extends Expiry {

	private static final Logger logger = LoggerFactory.getLogger(CallDeadline.class);

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
		DeadlinePropagation propagation = options.deadlinePropagation;
		Deadline ofContext = propagation.enabled() ? context.getDeadline() : null;
		if (ofContext != null) {
			boolean less = !propagation.margin().isZero();
			if (less) {
				ofContext = ofContext.offset(-propagation.margin().toNanos(), TimeUnit.NANOSECONDS);
			}
			if (earliest == null || ofContext.isBefore(earliest)) {
				earliest = ofContext;
				source = less ? "Context less margin" : "Context";
			}
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

	/** Tells of unary calls without a deadline, the first time that there is one. */
	static void check(@Nullable CallDeadline deadline, ConnCore core, MethodDescriptor<?, ?> method, Object call) {
		if (deadline == null && !core.isDeadlineMissed() && method.getType() == MethodType.UNARY
				&& core.deadlineMissed()) {
			logger.warn("{} - a call without a deadline, which may wait for ever; set one on the call, or a default"
					+ " with DialOptions.defaultDeadline or the property call.deadline (said once)", call);
		}
	}

	/**
	 * Returns what a call ends with whose context has been cancelled, {@code null} if the
	 * call's deadline has passed with that.
	 */
	static @Nullable Status cancelledBy(Context context, DialOptions options) {
		Throwable cause = context.cancellationCause();
		if (!(cause instanceof TimeoutException)) {
			return Status.CANCELLED.withDescription("io.grpc.Context was cancelled").withCause(cause);
		}
		return options.deadlinePropagation.enabled() ? null
				: Status.DEADLINE_EXCEEDED.withDescription("io.grpc.Context was cancelled by its deadline")
					.withCause(cause);
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
					+ " deadline was exceeded " + TimeSpent.seconds(-leftNanos) + " ago");
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
		return this.source + " deadline exceeded after " + TimeSpent.seconds(elapsedNanos) + ". [" + where + "]";
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
