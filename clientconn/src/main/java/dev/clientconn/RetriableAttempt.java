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

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of a {@link RetriableCall}: a {@link ClientConnCall} of its own, which is
 * given the request messages at its pace, and whose answer reaches the application only
 * if the call is committed to it.
 *
 * @param <ReqT> the request type
 * @param <RespT> the response type
 */
final class RetriableAttempt<ReqT, RespT> extends ClientCall.Listener<RespT> {

	@SuppressWarnings("rawtypes")
	private static final AtomicIntegerFieldUpdater<RetriableAttempt> FEEDING = AtomicIntegerFieldUpdater
		.newUpdater(RetriableAttempt.class, "feeding");

	// set at creation, never change

	private final RetriableCall<ReqT, RespT> of;

	private final RetriableAttempts<ReqT, RespT> attempts;

	private final int number;

	private final boolean hedge;

	private final ClientConnCall<ReqT, RespT> call;

	/** Requests to feed that have not been served; from 0 to 1 starts it. */
	private volatile int feeding;

	/** Messages given to the call; written by the thread that feeds. */
	private volatile int taken;

	/** Only in the thread that feeds. */
	private boolean halfClosed;

	/** Only on the event loop: its answer began after it had lost. */
	private boolean late;

	/**
	 * Makes an attempt that has not begun.
	 * @param number counts from 0
	 * @param hedge whether others of the call run
	 */
	RetriableAttempt(RetriableCall<ReqT, RespT> of, RetriableAttempts<ReqT, RespT> attempts, int number,
			boolean hedge) {
		this.of = of;
		this.attempts = attempts;
		this.number = number;
		this.hedge = hedge;
		this.call = of.newAttempt(this);
	}

	Context context() {
		return this.of.context();
	}

	/** Returns how many attempts of the call were before this one, by its policy. */
	int number() {
		return this.number;
	}

	boolean isHedge() {
		return this.hedge;
	}

	ClientConnCall<ReqT, RespT> call() {
		return this.call;
	}

	int taken() {
		return this.taken;
	}

	boolean hasSentMoreThan(RetriableAttempt<ReqT, RespT> other) {
		return (this.call.stream() != null) ? other.call.stream() == null || this.taken > other.taken
				: other.call.stream() == null && this.taken > other.taken;
	}

	void begin(UsedAddresses used) {
		if (this.hedge || this.number == 0 || this.of.avoidsUsedAddresses()) {
			this.call.goElsewhere(used, this.hedge);
		}
		feed();
		this.call.begin();
	}

	/** Gives the call what it has not been given yet; any thread. */
	void feed() {
		if (FEEDING.getAndIncrement(this) == 0) {
			int served;
			do {
				served = this.feeding;
				feedAll();
			}
			while (FEEDING.addAndGet(this, -served) != 0);
		}
	}

	/** Another stream begins; returns how many the call has had before. */
	int countStream(boolean transparent) {
		return this.attempts.countStream(this, transparent);
	}

	/** A stream has begun. */
	void opened() {
		this.attempts.opened(this);
	}

	/** Returns whether a call that a server has refused may be sent again for it. */
	boolean mayRepeatRefused() {
		return this.attempts.mayRepeatRefused();
	}

	/** Returns whether the answer that begins is the one of the call. */
	boolean headersArrived() {
		this.late = !this.attempts.headersArrived(this);
		return !this.late;
	}

	boolean isLate() {
		return this.late;
	}

	/**
	 * The attempt has ended.
	 * @param dropped whether the balancer refused it, which is final
	 * @return what the call ends with, {@code null} if this is not its end
	 */
	@Nullable CallEnd ended(Status status, Metadata trailers, boolean dropped) {
		return this.attempts.ended(this, new CallEnd(status, trailers), dropped);
	}

	@Override
	public void onReady() {
		if (this.attempts.isActive(this)) {
			this.of.listener().onReady();
		}
	}

	@Override
	public void onHeaders(Metadata headers) {
		this.of.listener().onHeaders(headers);
	}

	@Override
	public void onMessage(RespT message) {
		this.of.listener().onMessage(message);
	}

	@Override
	public void onClose(Status status, Metadata trailers) {
		if (this.attempts.isWinner(this)) {
			this.of.listener().onClose(status, trailers);
		}
	}

	private void feedAll() {
		ReplayBuffer buffer = this.of.buffer();
		int sent = this.taken;
		RequestFrame next = buffer.take(sent, this.attempts.isWinner(this));
		while (next != null) {
			this.call.send(next.bytes(), next.plainBytes());
			this.taken = ++sent;
			next = buffer.take(sent, this.attempts.isWinner(this));
		}
		if (!this.halfClosed && buffer.isWhole(sent)) {
			this.halfClosed = true;
			this.call.halfClose();
		}
	}

}
