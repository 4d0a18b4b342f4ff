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

package dev.clientconn.spring.boot.autoconfigure.discovery;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;

import dev.clientconn.spring.boot.autoconfigure.discovery.LookupRunner.Running;
import dev.clientconn.time.Scheduler;
import dev.clientconn.time.Scheduler.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the look-ups of one service with a timeout. What a look-up brings after it was
 * given up is ignored.
 *
 * @param <T> type of an answer
 */
final class RegistryLookup<T> {

	/**
	 * Look-ups that were given up and still hang. More would only pile up threads.
	 */
	private static final int MAX_HANGING = 4;

	private final LookupRunner threads;

	private final Scheduler scheduler;

	private final Duration timeout;

	private final AtomicInteger hanging = new AtomicInteger();

	private volatile @Nullable Attempt current;

	RegistryLookup(LookupRunner threads, Scheduler scheduler, Duration timeout) {
		this.threads = threads;
		this.scheduler = scheduler;
		this.timeout = timeout;
	}

	/**
	 * Starts a look-up. The caller sees to it that there is one at a time. Does not
	 * block.
	 * @param lookup asks the registry; may block
	 * @param ended receives the result, once: on the thread of the look-up, or on one of
	 * the scheduler's if it took too long; never after {@link #close}
	 */
	void start(Supplier<T> lookup, Consumer<Result<T>> ended) {
		if (this.hanging.get() >= MAX_HANGING) {
			ended
				.accept(new Result<>(null, new IllegalStateException(MAX_HANGING + " earlier look-ups still hang"), 0));
			return;
		}
		Attempt attempt = new Attempt(lookup, ended);
		this.current = attempt;
		attempt.start();
	}

	/** Gives up what runs. */
	void close() {
		Attempt attempt = this.current;
		if (attempt != null) {
			attempt.giveUp();
		}
	}

	/**
	 * How a look-up ended.
	 *
	 * @param <T> type of an answer
	 * @param answer what the registry says, {@code null} if the look-up failed
	 * @param failure why it failed, {@code null} if it did not
	 * @param tookNanos how long it took
	 */
	record Result<T>(@Nullable T answer, @Nullable Throwable failure, long tookNanos) {
	}

	private enum Phase {

		WAITING, RUNNING, ENDED, GIVEN_UP

	}

	private final class Attempt implements Runnable {

		private final Supplier<T> lookup;

		private final Consumer<Result<T>> ended;

		private final long startNanos = RegistryLookup.this.scheduler.nanoTime();

		private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.WAITING);

		private volatile @Nullable Timer timer;

		private volatile @Nullable Running running;

		Attempt(Supplier<T> lookup, Consumer<Result<T>> ended) {
			this.lookup = lookup;
			this.ended = ended;
		}

		void start() {
			this.timer = RegistryLookup.this.scheduler.schedule(this::timedOut, RegistryLookup.this.timeout);
			Running handle = RegistryLookup.this.threads.run(this);
			this.running = handle;
			if (this.phase.get() == Phase.GIVEN_UP) {
				handle.abandon(); // Given up before there was a handle.
			}
		}

		@Override
		public void run() {
			if (!this.phase.compareAndSet(Phase.WAITING, Phase.RUNNING)) {
				return;
			}
			T answer = null;
			Throwable failure = null;
			try {
				answer = this.lookup.get();
			}
			catch (Throwable ex) {
				failure = ex; // Errors too: the next look-up waits for the end of this
								// one.
			}
			if (!this.phase.compareAndSet(Phase.RUNNING, Phase.ENDED)) {
				RegistryLookup.this.hanging.decrementAndGet();
				return;
			}
			cancelTimer();
			this.ended.accept(result(answer, failure));
		}

		private void timedOut() {
			boolean waited = this.phase.get() == Phase.WAITING;
			if (giveUp()) {
				String what = waited ? "no thread was free for " : "no answer within ";
				this.ended.accept(result(null, new IllegalStateException(what + RegistryLookup.this.timeout)));
			}
		}

		private boolean giveUp() {
			if (!this.phase.compareAndSet(Phase.WAITING, Phase.GIVEN_UP)) {
				RegistryLookup.this.hanging.incrementAndGet(); // Before run() may count
																// down.
				if (!this.phase.compareAndSet(Phase.RUNNING, Phase.GIVEN_UP)) {
					RegistryLookup.this.hanging.decrementAndGet();
					return false;
				}
			}
			cancelTimer();
			Running handle = this.running;
			if (handle != null) {
				handle.abandon();
			}
			return true;
		}

		private void cancelTimer() {
			Timer pending = this.timer;
			if (pending != null) {
				pending.cancel();
			}
		}

		private Result<T> result(@Nullable T answer, @Nullable Throwable failure) {
			return new Result<>(answer, failure, RegistryLookup.this.scheduler.nanoTime() - this.startNanos);
		}

	}

}
