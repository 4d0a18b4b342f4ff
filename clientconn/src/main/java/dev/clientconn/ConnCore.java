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

import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.LongAdder;

import dev.clientconn.serviceconfig.RetryThrottling;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * What a ClientConn keeps for its whole life, whatever it is dialled to. Everything here
 * may be used by any thread.
 */
final class ConnCore {

	private static final AtomicIntegerFieldUpdater<ConnCore> DEADLINE_MISSED = AtomicIntegerFieldUpdater
		.newUpdater(ConnCore.class, "deadlineMissed");

	final Executor pool;

	final SerialExecutor serial;

	final ConnectivityTracker tracker;

	final PendingCalls pending;

	final DrainedAddresses drained;

	final LongAdder started = new LongAdder();

	final LongAdder ended = new LongAdder();

	/** Calls that nothing but their credentials, or {@link #shutdownNow}, can end. */
	final AwaitingCalls<ClientConnCall<?, ?>> awaitingCredentials = new AwaitingCalls<>();

	/** Calls that nothing but a timer, or {@link #shutdownNow}, can end. */
	final AwaitingCalls<RetriableAttempts<?, ?>> awaitingRetry = new AwaitingCalls<>();

	/** Made for the first call with a policy. */
	private volatile @Nullable ExtraLoad extraLoad;

	/** The tokens of the last calls; replaced where the service config changes. */
	private volatile @Nullable RetryThrottle throttle;

	/** 1 once a unary call without a deadline has been told of. */
	private volatile int deadlineMissed;

	/** Written once by shutdown: what new calls end with. */
	volatile @Nullable Status shutdown;

	/** Written once by shutdownNow: what calls that wait end with. */
	volatile @Nullable Status shutdownNow;

	/**
	 * Creates it.
	 * @param pool the shared pool; to be released
	 * @param target the dial target
	 * @param nowMillis wall clock
	 */
	ConnCore(Executor pool, String target, long nowMillis) {
		this.pool = pool;
		this.serial = new SerialExecutor(SerialExecutor.INLINE);
		this.pending = new PendingCalls(this.serial);
		this.drained = new DrainedAddresses(target);
		this.tracker = new ConnectivityTracker(target, pool, nowMillis);
	}

	/**
	 * Control tasks run on the thread that brings them, often an event loop: a dial wakes
	 * no thread but that. Not so where code that is not ours takes part, for it may
	 * block.
	 */
	void serve(Dial dial) {
		if (dial.mayBlock()) {
			this.serial.moveTo(this.pool);
		}
	}

	/**
	 * Returns the tokens of a target, which outlive updates that do not change their
	 * numbers (gRFC A6).
	 */
	RetryThrottle throttle(String target, RetryThrottling settings) {
		RetryThrottle current = this.throttle;
		return (current != null && current.fits(target, settings)) ? current : newThrottle(target, settings);
	}

	private synchronized RetryThrottle newThrottle(String target, RetryThrottling settings) {
		RetryThrottle current = this.throttle;
		if (current == null || !current.fits(target, settings)) {
			current = new RetryThrottle(target, settings);
			this.throttle = current;
		}
		return current;
	}

	/** Whether a unary call without a deadline has been told of. */
	boolean isDeadlineMissed() {
		return this.deadlineMissed != 0;
	}

	/** Returns whether this is the first one, to be told of. */
	boolean deadlineMissed() {
		return DEADLINE_MISSED.compareAndSet(this, 0, 1);
	}

	/** What bounds retries and hedges; only calls with a policy ask for it. */
	ExtraLoad extraLoad() {
		ExtraLoad known = this.extraLoad;
		return (known != null) ? known : newExtraLoad();
	}

	private synchronized ExtraLoad newExtraLoad() {
		ExtraLoad known = this.extraLoad;
		if (known == null) {
			known = new ExtraLoad();
			this.extraLoad = known;
		}
		return known;
	}

	/**
	 * No call is open: exact once {@link #shutdown} is set, as calls count before they
	 * look.
	 */
	boolean allCallsEnded() {
		long endedNow = this.ended.sum();
		return this.started.sum() == endedNow;
	}

}
