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
import java.util.concurrent.TimeUnit;

import dev.clientconn.time.Scheduler;
import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import org.jspecify.annotations.Nullable;

/**
 * The deadline of a call: the earliest of the call's own, its context's and its service
 * config's; the default one only where there is no other. Calls without one have no such
 * object.
 */
final class CallDeadline {

	private final Deadline deadline;

	/** Who set it, for messages. */
	private final String source;

	/** Set once by {@link #watch}, before the first attempt. */
	private Scheduler.@Nullable Timer timer;

	private CallDeadline(Deadline deadline, String source) {
		this.deadline = deadline;
		this.source = source;
	}

	static @Nullable CallDeadline of(CallOptions call, Context context, @Nullable Duration ofConfig,
			@Nullable Duration fallback) {
		CallDeadline earliest = earlier(null, call.getDeadline(), "CallOptions");
		earliest = earlier(earliest, context.getDeadline(), "Context");
		if (ofConfig != null) {
			earliest = earlier(earliest, after(ofConfig), "service config");
		}
		if (earliest == null && fallback != null) {
			earliest = earlier(null, after(fallback), "default");
		}
		return earliest;
	}

	private static @Nullable CallDeadline earlier(@Nullable CallDeadline known, @Nullable Deadline offered,
			String source) {
		if (offered == null || (known != null && !offered.isBefore(known.deadline))) {
			return known;
		}
		return new CallDeadline(offered, source);
	}

	private static Deadline after(Duration delay) {
		return Deadline.after(delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	Deadline deadline() {
		return this.deadline;
	}

	boolean isExpired() {
		return this.deadline.isExpired();
	}

	/** Runs a task when the deadline has passed. */
	void watch(Scheduler scheduler, Runnable expired) {
		this.timer = scheduler.schedule(expired, Duration.ofNanos(this.deadline.timeRemaining(TimeUnit.NANOSECONDS)));
	}

	void unwatch() {
		if (this.timer != null) {
			this.timer.cancel();
		}
	}

	/** What a call is told whose deadline has passed before it started. */
	String passedBeforeStart() {
		return "ClientCall started after " + this.source + " deadline was exceeded "
				+ seconds(-this.deadline.timeRemaining(TimeUnit.NANOSECONDS)) + " ago";
	}

	/** What a call is told whose deadline has passed on the way. */
	String passed(long elapsedNanos, @Nullable String where) {
		return this.source + " deadline exceeded after " + seconds(elapsedNanos) + ". [" + where + "]";
	}

	private static String seconds(long nanos) {
		return String.format(Locale.ROOT, "%.3fs", nanos / 1e9);
	}

}
