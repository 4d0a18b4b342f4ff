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

package dev.clientconn.testing;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

import dev.clientconn.time.Scheduler;

/**
 * Time that moves only when a test says so.
 * <p>
 * Due tasks run in {@link #advance}, on its thread, ordered by due time and then by the
 * order of scheduling; a task sees its own due time as "now". Any thread may schedule and
 * cancel. The nanosecond clock starts shortly before it overflows, because only
 * differences mean anything.
 */
public final class FakeScheduler implements Scheduler {

	private static final long ORIGIN_NANOS = Long.MAX_VALUE - Duration.ofSeconds(30).toNanos();

	/** 2026-01-01T00:00:00Z. */
	private static final long ORIGIN_EPOCH_MILLIS = 1_767_225_600_000L;

	private final PriorityQueue<Pending> queue = new PriorityQueue<>(
			Comparator.comparingLong((Pending pending) -> pending.dueNanos)
				.thenComparingLong((pending) -> pending.number));

	// Guarded by this, like the queue; never held while a task runs.
	private long elapsedNanos;

	private long scheduled;

	@Override
	public synchronized long nanoTime() {
		return ORIGIN_NANOS + this.elapsedNanos;
	}

	@Override
	public synchronized long currentTimeMillis() {
		return ORIGIN_EPOCH_MILLIS + this.elapsedNanos / 1_000_000;
	}

	@Override
	public synchronized Timer schedule(Runnable task, Duration delay) {
		long delayNanos = Math.max(0, saturatedNanos(delay));
		long dueNanos = this.elapsedNanos + delayNanos;
		Pending pending = new Pending(task, (dueNanos < 0) ? Long.MAX_VALUE : dueNanos, this.scheduled++);
		this.queue.add(pending);
		return pending;
	}

	/**
	 * Returns the time since the start.
	 */
	public synchronized Duration elapsed() {
		return Duration.ofNanos(this.elapsedNanos);
	}

	/**
	 * Moves time forward and runs what is due on the way, also what such tasks schedule.
	 * @param time how far; zero runs what is due now
	 * @return how many tasks ran
	 */
	public int advance(Duration time) {
		long target;
		synchronized (this) {
			target = this.elapsedNanos + time.toNanos();
		}
		int ran = 0;
		Pending due;
		while ((due = takeDue(target)) != null) {
			due.task.run();
			ran++;
		}
		synchronized (this) {
			this.elapsedNanos = Math.max(this.elapsedNanos, target);
		}
		return ran;
	}

	/**
	 * Runs what is due now.
	 * @return how many tasks ran
	 */
	public int runDue() {
		return advance(Duration.ZERO);
	}

	/**
	 * Moves time to the next pending task and runs what is due then.
	 * @return how far time has moved
	 * @throws AssertionError if nothing is pending
	 */
	public Duration advanceToNext() {
		Duration delay;
		synchronized (this) {
			if (this.queue.isEmpty()) {
				throw new AssertionError("no task is pending");
			}
			delay = this.queue.peek().delay();
		}
		advance(delay);
		return delay;
	}

	/**
	 * Returns the tasks that are neither run nor cancelled, in the order they will run.
	 */
	public synchronized List<Pending> pending() {
		return this.queue.stream().sorted(this.queue.comparator()).toList();
	}

	/**
	 * Returns how many tasks were scheduled so far.
	 */
	public synchronized long scheduled() {
		return this.scheduled;
	}

	private synchronized Pending takeDue(long targetNanos) {
		Pending next = this.queue.peek();
		if (next == null || next.dueNanos > targetNanos) {
			return null;
		}
		this.elapsedNanos = Math.max(this.elapsedNanos, next.dueNanos);
		return this.queue.poll();
	}

	private synchronized void remove(Pending pending) {
		this.queue.remove(pending);
	}

	private static long saturatedNanos(Duration delay) {
		try {
			return delay.toNanos();
		}
		catch (ArithmeticException ex) {
			return delay.isNegative() ? 0 : Long.MAX_VALUE;
		}
	}

	@Override
	public String toString() {
		return "FakeScheduler[elapsed=" + elapsed() + ", pending=" + pending() + "]";
	}

	/**
	 * A task that waits for its time.
	 */
	public final class Pending implements Timer {

		private final Runnable task;

		private final long dueNanos;

		private final long number;

		private Pending(Runnable task, long dueNanos, long number) {
			this.task = task;
			this.dueNanos = dueNanos;
			this.number = number;
		}

		/**
		 * Returns the task.
		 */
		public Runnable task() {
			return this.task;
		}

		/**
		 * Returns when it is due, counted from the start.
		 */
		public Duration due() {
			return Duration.ofNanos(this.dueNanos);
		}

		/**
		 * Returns how long from now it is due.
		 */
		public Duration delay() {
			return due().minus(elapsed());
		}

		@Override
		public void cancel() {
			remove(this);
		}

		@Override
		public String toString() {
			return this.task + " at " + due();
		}

	}

}
