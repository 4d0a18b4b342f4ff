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

package dev.clientconn.time;

import java.time.Duration;
import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deadlines that share one timer. A thread that adds one pushes it on a list, and touches
 * the timer only if that would come too late. When the timer runs, and at the latest
 * after every {@link #LOOK_AFTER} additions, what was added is looked at: what is over by
 * then is dropped, and only the rest is sorted by time. So a call that ends in time pays
 * one push and is never removed from anything; and what is kept of those that are over is
 * bounded by their number between two looks and by the number of those that are not.
 */
final class DeadlineQueue {

	/** The timer runs no more often than this, and so a deadline may be that late. */
	static final long TICK_NANOS = 1_000_000;

	/** Additions after which the list is looked at, whatever the timer says. */
	static final int LOOK_AFTER = 1024;

	/** Deadlines told in one turn, before others have theirs on the same thread. */
	static final int MAX_TOLD = 256;

	private static final Logger logger = LoggerFactory.getLogger(DeadlineQueue.class);

	private final Scheduler scheduler;

	// any thread

	/** The last one added; those before it follow. */
	private final AtomicReference<@Nullable Expiry> added = new AtomicReference<>();

	/** The timer: for each deadline that is not over it comes in time. */
	private final AtomicReference<@Nullable Wake> wake = new AtomicReference<>();

	// only on the thread of the scheduler

	private final PriorityQueue<Expiry> sorted = new PriorityQueue<>(
			(one, other) -> Long.signum(one.dueNanos - other.dueNanos));

	private int compactAt = LOOK_AFTER;

	DeadlineQueue(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	void watch(Expiry expiry, long delayNanos) {
		long now = this.scheduler.nanoTime();
		expiry.dueNanos = now + delayNanos;
		Expiry before;
		int depth;
		do {
			before = this.added.get();
			depth = (before != null) ? before.depth + 1 : 1;
			expiry.depth = depth;
			expiry.next = before;
		}
		while (!this.added.compareAndSet(before, expiry));
		wakeBy((depth % LOOK_AFTER == 0) ? now : now + delayNanos);
	}

	void close() {
		Wake current = this.wake.getAndSet(null);
		if (current != null) {
			current.cancel();
		}
		this.added.set(null);
	}

	/** Has the timer run at most a tick after a time. */
	private void wakeBy(long dueNanos) {
		Wake current = this.wake.get();
		while (current == null || current.atNanos - dueNanos > TICK_NANOS) {
			Wake earlier = new Wake(dueNanos);
			if (this.wake.compareAndSet(current, earlier)) {
				earlier.start();
				if (current != null) {
					current.cancel();
				}
				return;
			}
			current = this.wake.get();
		}
	}

	private void turn() {
		takeAdded();
		long now = this.scheduler.nanoTime();
		int told = 0;
		Expiry first = firstNotOver();
		while (first != null && first.dueNanos - now <= 0 && told < MAX_TOLD) {
			this.sorted.poll();
			tell(first);
			told++;
			first = firstNotOver();
		}
		if (first != null) {
			boolean more = first.dueNanos - now <= 0;
			wakeBy((more || first.dueNanos - now > TICK_NANOS) ? first.dueNanos : now + TICK_NANOS);
		}
	}

	private void takeAdded() {
		Expiry each = this.added.getAndSet(null);
		while (each != null) {
			Expiry before = each.next;
			// Else a long list of garbage would be kept by its oldest part.
			each.next = null;
			if (!each.isOver()) {
				this.sorted.add(each);
			}
			each = before;
		}
		if (this.sorted.size() >= this.compactAt) {
			this.sorted.removeIf(Expiry::isOver);
			this.compactAt = Math.max(LOOK_AFTER, 2 * this.sorted.size());
		}
	}

	private @Nullable Expiry firstNotOver() {
		Expiry first = this.sorted.peek();
		while (first != null && first.isOver()) {
			this.sorted.poll();
			first = this.sorted.peek();
		}
		return first;
	}

	private static void tell(Expiry expiry) {
		try {
			expiry.expire();
		}
		catch (Throwable ex) {
			logger.error("a deadline could not be told: {}", expiry, ex);
		}
	}

	/** For tests: how many are kept, whether they are over or not. */
	int kept() {
		Expiry last = this.added.get();
		return this.sorted.size() + ((last != null) ? last.depth : 0);
	}

	/**
	 * The timer at one time. Another one takes its place if it must run earlier.
	 */
	private final class Wake implements Runnable {

		private final long atNanos;

		private volatile Scheduler.@Nullable Timer timer;

		private volatile boolean replaced;

		private Wake(long atNanos) {
			this.atNanos = atNanos;
		}

		private void start() {
			try {
				long delay = this.atNanos - DeadlineQueue.this.scheduler.nanoTime();
				Scheduler.Timer started = DeadlineQueue.this.scheduler.schedule(this,
						Duration.ofNanos(Math.max(0, delay)));
				this.timer = started;
				if (this.replaced) {
					started.cancel();
				}
			}
			catch (RuntimeException ex) {
				// Or nobody would start one again.
				DeadlineQueue.this.wake.compareAndSet(this, null);
				throw ex;
			}
		}

		private void cancel() {
			this.replaced = true;
			Scheduler.Timer started = this.timer;
			if (started != null) {
				started.cancel();
			}
		}

		@Override
		public void run() {
			if (DeadlineQueue.this.wake.compareAndSet(this, null)) {
				turn();
			}
		}

	}

}
