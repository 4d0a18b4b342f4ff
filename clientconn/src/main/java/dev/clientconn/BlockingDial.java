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

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Waits in a blocking dial for the first READY address (seed-spec K4): until the timeout,
 * the end of the caller's {@link Context}, an interrupt, or, if asked for, the first
 * error that time will not cure.
 */
final class BlockingDial {

	private final CallEnv env;

	private final long startNanos = System.nanoTime();

	/** Completes with null once READY, else with why not. */
	private final CompletableFuture<@Nullable Status> outcome = new CompletableFuture<>();

	BlockingDial(CallEnv env) {
		this.env = env;
	}

	/** A connection attempt has failed. */
	void connectFailed(Status cause) {
		if (this.env.options.failOnNonTemporaryDialError && !isTemporary(cause.getCause())) {
			this.outcome.complete(cause);
		}
	}

	/**
	 * Waits.
	 * @throws DialException if there is no READY connection in time
	 */
	void await(@Nullable CountDownLatch firstConfig) {
		Context context = Context.current();
		Context.CancellationListener onCancel = (cancelled) -> this.outcome
			.complete(Contexts.statusFromCancelled(cancelled));
		context.addListener(onCancel, Runnable::run);
		try {
			if (firstConfig != null && !opens(firstConfig)) {
				throw new DialException(timedOut("no service config"));
			}
			watch(this.env.control.tracker());
			Status failure = awaitOutcome();
			if (failure != null) {
				throw new DialException(failure);
			}
		}
		catch (TimeoutException ex) {
			throw new DialException(Diagnosis.noReadyConnection(Status.DEADLINE_EXCEEDED, this.env, elapsedNanos()));
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new DialException(
					Status.CANCELLED.withDescription("interrupted while dialling " + this.env.identity.target())
						.withCause(ex));
		}
		finally {
			context.removeListener(onCancel);
		}
	}

	private void watch(ConnectivityTracker tracker) {
		ConnectivityState state = tracker.state();
		if (state == ConnectivityState.READY) {
			this.outcome.complete(null);
		}
		else if (state == ConnectivityState.SHUTDOWN) {
			this.outcome.complete(Reasons.CLOSING);
		}
		else if (!this.outcome.isDone()) {
			tracker.whenChangedFrom(state, () -> watch(tracker));
		}
	}

	private boolean opens(CountDownLatch latch) throws InterruptedException {
		Duration timeout = this.env.options.timeout;
		if (timeout.isZero()) {
			latch.await();
			return true;
		}
		return latch.await(timeout.toNanos() - elapsedNanos(), TimeUnit.NANOSECONDS);
	}

	private @Nullable Status awaitOutcome() throws InterruptedException, TimeoutException {
		Duration timeout = this.env.options.timeout;
		try {
			return timeout.isZero() ? this.outcome.get()
					: this.outcome.get(Math.max(0, timeout.toNanos() - elapsedNanos()), TimeUnit.NANOSECONDS);
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("the outcome of a dial never completes exceptionally", ex);
		}
	}

	private long elapsedNanos() {
		return System.nanoTime() - this.startNanos;
	}

	private Status timedOut(String what) {
		return Status.DEADLINE_EXCEEDED.withDescription(what + " for " + this.env.identity.target() + " after "
				+ TimeUnit.NANOSECONDS.toMillis(elapsedNanos()) + " ms");
	}

	/**
	 * Tells whether time may cure an error (seed-spec 7.4): a time limit or an end of
	 * file; a refused connection, an unknown host or a bad certificate are permanent.
	 */
	private static boolean isTemporary(@Nullable Throwable cause) {
		return cause instanceof EOFException || cause instanceof SocketTimeoutException
				|| cause instanceof TimeoutException || cause instanceof java.nio.channels.ClosedChannelException
				|| (cause instanceof IOException && "Connection reset by peer".equals(cause.getMessage()));
	}

}
