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

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

import dev.clientconn.stats.Repeats;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call (gRFC A6): begins them as the {@link AttemptPlan} says, until
 * the call is committed to one, the winner, by its response headers, by its end, or
 * because too much would have to be kept. What decides runs under the lock; nothing of
 * the user's and nothing that blocks does.
 *
 * @param <ReqT> the request type
 * @param <RespT> the response type
 */
final class RetriableAttempts<ReqT, RespT> {

	// set at the start of the call, never change

	private final RetriableCall<ReqT, RespT> call;

	private final UsedAddresses used = new UsedAddresses();

	// guarded by this

	private final AttemptPlan plan;

	private final AttemptCounts counts;

	private final AttemptTimer timer;

	/** Those that have neither ended nor lost; only the winner once there is one. */
	private final List<RetriableAttempt<ReqT, RespT>> active = new ArrayList<>(1);

	private int requested;

	private boolean ended;

	private CallEnd lastFailure = new CallEnd(Status.UNAVAILABLE, new Metadata());

	/** Written once under the lock, read by any thread. */
	private volatile @Nullable RetriableAttempt<ReqT, RespT> winner;

	RetriableAttempts(RetriableCall<ReqT, RespT> call, AttemptPlan plan) {
		this.call = call;
		this.plan = plan;
		this.counts = new AttemptCounts(call.env().scheduler());
		this.timer = new AttemptTimer(call.env().scheduler());
	}

	boolean isWinner(RetriableAttempt<ReqT, RespT> attempt) {
		return this.winner == attempt;
	}

	/** Tells whether an attempt runs, and has not lost. */
	synchronized boolean isActive(RetriableAttempt<ReqT, RespT> attempt) {
		return !this.ended && this.active.contains(attempt);
	}

	/** Tells whether any that runs is ready to send. */
	boolean isReady() {
		RetriableAttempt<ReqT, RespT> only = this.winner;
		return (only != null) ? only.call().isReady() : running().stream().anyMatch((each) -> each.call().isReady());
	}

	/** Returns those that run, the oldest first. */
	synchronized List<RetriableAttempt<ReqT, RespT>> running() {
		return List.copyOf(this.active);
	}

	/** Says for a deadline that has passed where the time went. */
	Status whereItWaits(Status code) {
		RetriableAttempt<ReqT, RespT> oldest;
		synchronized (this) {
			if (this.active.isEmpty()) {
				return code
					.withDescription("the call waits to be sent again; attempt " + this.counts.begun() + " ended with "
							+ this.lastFailure.text())
					.withCause(this.lastFailure.status().getCause());
			}
			oldest = this.active.get(0);
		}
		return oldest.call().whereItWaits(code);
	}

	synchronized @Nullable Repeats repeats() {
		return this.counts.repeats();
	}

	synchronized int countStream(RetriableAttempt<ReqT, RespT> attempt, boolean transparent) {
		return this.counts.stream(attempt, transparent);
	}

	synchronized boolean mayRepeatRefused() {
		return this.counts.firstRefusal();
	}

	/** Begins the first attempt. */
	void begin() {
		RetriableAttempt<ReqT, RespT> first;
		synchronized (this) {
			first = create();
		}
		begin(first);
	}

	/** Has the attempts send what the buffer holds. */
	void feed() {
		RetriableAttempt<ReqT, RespT> only = this.winner;
		if (only != null) {
			only.feed();
			return;
		}
		if (this.call.buffer().isFull()) {
			commitToLongest();
		}
		running().forEach(RetriableAttempt::feed);
	}

	void request(int count) {
		RetriableAttempt<ReqT, RespT> only;
		synchronized (this) {
			only = this.winner;
			if (only == null) {
				this.requested += Math.min(Integer.MAX_VALUE - this.requested, count);
			}
		}
		if (only != null) {
			only.call().request(count);
		}
	}

	/** Ends the call from our side. */
	void end(Status status) {
		Commit<ReqT, RespT> commit = null;
		synchronized (this) {
			if (this.ended) {
				return;
			}
			if (this.active.isEmpty()) {
				stop();
			}
			else {
				commit = commit(this.active.get(0));
			}
		}
		if (commit == null) {
			this.call.closeWithoutAttempt(new CallEnd(status, new Metadata()));
		}
		else {
			settle(commit);
			commit.winner.call().cancel(status);
		}
	}

	/** An attempt has got a stream. */
	synchronized void opened(RetriableAttempt<ReqT, RespT> attempt) {
		if (this.winner == null && isActive(attempt)) {
			lookAfter();
		}
	}

	/** Returns whether the answer that begins is the one of the call. */
	boolean headersArrived(RetriableAttempt<ReqT, RespT> attempt) {
		Commit<ReqT, RespT> commit;
		synchronized (this) {
			if (!isActive(attempt)) {
				return false;
			}
			commit = commit(attempt);
			this.plan.answered();
		}
		settle(commit);
		return true;
	}

	/**
	 * An attempt has ended.
	 * @param dropped whether the balancer refused it, which is final
	 * @return what the call ends with, {@code null} if this is not its end
	 */
	@Nullable CallEnd ended(RetriableAttempt<ReqT, RespT> attempt, CallEnd how, boolean dropped) {
		CallEnd result;
		Commit<ReqT, RespT> commit = null;
		synchronized (this) {
			if (!isActive(attempt)) {
				return null;
			}
			result = (how.status() == Reasons.NO_OTHER_ADDRESS) ? afterUnsent(attempt) : after(attempt, how, dropped);
			if (result != null) {
				commit = commit(attempt);
				stop();
			}
		}
		if (commit != null && result != null) {
			settle(commit);
			this.call.ending(result.status());
		}
		else if (this.call.closing() != null) {
			end(this.call.closing());
		}
		return result;
	}

	// with the lock held

	private @Nullable RetriableAttempt<ReqT, RespT> create() {
		boolean full = this.call.buffer().isFull();
		if (this.ended || this.winner != null || (full && !this.active.isEmpty())) {
			return null;
		}
		RetriableAttempt<ReqT, RespT> next = new RetriableAttempt<>(this.call, this, this.counts.begins(),
				!this.active.isEmpty());
		this.active.add(next);
		this.call.waits(false);
		return next;
	}

	private @Nullable CallEnd after(RetriableAttempt<ReqT, RespT> attempt, CallEnd how, boolean dropped) {
		if (this.winner != null || dropped || how.status().isOk() || this.call.closing() != null) {
			this.plan.callEnded(how.status(), how.trailers());
			return how;
		}
		AttemptPlan.Next next = this.plan.ended(how.status(), how.trailers());
		boolean last = this.active.size() == 1;
		if (next.kind() == AttemptPlan.Kind.END || (next.kind() == AttemptPlan.Kind.GO_ON && last)) {
			return how;
		}
		if (next.kind() == AttemptPlan.Kind.GO_ON) {
			this.timer.stop();
		}
		else if (last && !isBeforeDeadline(next.delayNanos())) {
			return how.noting(tooLate(next.delayNanos()));
		}
		else {
			this.timer.set(next.delayNanos(), this::beginDue);
		}
		this.lastFailure = how;
		remove(attempt);
		return null;
	}

	private @Nullable CallEnd afterUnsent(RetriableAttempt<ReqT, RespT> attempt) {
		this.counts.unsent();
		this.plan.unsent();
		if (this.active.size() == 1 && !this.timer.isSet()) {
			return this.lastFailure;
		}
		remove(attempt);
		lookAfter();
		return null;
	}

	private void remove(RetriableAttempt<ReqT, RespT> attempt) {
		this.active.remove(attempt);
		if (this.active.isEmpty()) {
			this.counts.waits();
			this.call.waits(true);
		}
	}

	private void lookAfter() {
		long nanos = this.plan.overdueNanos();
		if (nanos >= 0 && !this.timer.isSet()) {
			this.timer.set(nanos, this::overdue);
		}
	}

	private Commit<ReqT, RespT> commit(RetriableAttempt<ReqT, RespT> to) {
		List<RetriableAttempt<ReqT, RespT>> losers = new ArrayList<>(this.active);
		losers.remove(to);
		this.active.removeAll(losers);
		this.timer.stop();
		int first = (this.winner == null) ? this.requested : 0;
		this.winner = to;
		return new Commit<>(to, losers, first);
	}

	private void stop() {
		this.ended = true;
		this.counts.goesOn();
		this.timer.stop();
		this.call.waits(false);
	}

	private boolean isBeforeDeadline(long delayNanos) {
		CallDeadline deadline = this.call.deadline();
		return deadline == null || delayNanos < deadline.deadline().timeRemaining(TimeUnit.NANOSECONDS);
	}

	// without the lock

	private void beginDue(int timerNumber) {
		RetriableAttempt<ReqT, RespT> next;
		synchronized (this) {
			next = this.timer.takeDue(timerNumber) ? create() : null;
		}
		begin(next);
	}

	private void overdue(int timerNumber) {
		RetriableAttempt<ReqT, RespT> next = null;
		List<RetriableAttempt<ReqT, RespT>> replaced = List.of();
		synchronized (this) {
			if (!this.timer.takeDue(timerNumber) || this.ended || this.winner != null) {
				return;
			}
			AttemptPlan.Next todo = this.plan.overdue();
			if (todo.kind() == AttemptPlan.Kind.ATTEMPT) {
				next = create();
			}
			else if (todo.kind() == AttemptPlan.Kind.LATER) {
				lookAfter();
			}
			else if (todo.kind() == AttemptPlan.Kind.REPLACE && isBeforeDeadline(todo.delayNanos())) {
				this.lastFailure = new CallEnd(Reasons.NO_RESPONSE, new Metadata());
				replaced = running();
				replaced.forEach(this::remove);
				this.timer.set(todo.delayNanos(), this::beginDue);
			}
		}
		replaced.forEach((each) -> each.call().cancel(Reasons.NO_RESPONSE));
		Status closing = this.call.closing();
		if (!replaced.isEmpty() && closing != null) {
			// It may have looked for calls that wait before this one did.
			end(closing);
		}
		begin(next);
	}

	private void begin(@Nullable RetriableAttempt<ReqT, RespT> next) {
		if (next != null) {
			next.begin(this.used);
		}
		if (this.call.buffer().isFull()) {
			commitToLongest();
		}
	}

	private void commitToLongest() {
		Commit<ReqT, RespT> commit;
		synchronized (this) {
			RetriableAttempt<ReqT, RespT> longest = null;
			for (RetriableAttempt<ReqT, RespT> each : this.active) {
				longest = (longest == null || each.hasSentMoreThan(longest)) ? each : longest;
			}
			if (this.ended || this.winner != null || longest == null) {
				return;
			}
			commit = commit(longest);
		}
		settle(commit);
	}

	private void settle(Commit<ReqT, RespT> commit) {
		this.call.buffer().commit(commit.winner.taken());
		if (commit.requested > 0) {
			commit.winner.call().request(commit.requested);
		}
		commit.losers.forEach((each) -> each.call().cancel(Reasons.OTHER_ATTEMPT));
	}

	private static String tooLate(long delayNanos) {
		return String.format(Locale.ROOT, "(not sent again: the next attempt would begin in %.3fs, after the deadline)",
				delayNanos / 1e9);
	}

	/**
	 * What follows when a winner is known.
	 */
	private record Commit<ReqT, RespT>(RetriableAttempt<ReqT, RespT> winner, List<RetriableAttempt<ReqT, RespT>> losers,
			int requested) {
	}

}
