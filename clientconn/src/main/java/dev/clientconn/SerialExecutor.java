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

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time in the order they were given: the owner of all control state
 * of one ClientConn. A task that is given from inside a task runs after it, never nested.
 * Each task sees what the tasks before it wrote, because the counter hands over from one
 * drain to the next.
 */
final class SerialExecutor implements Executor, Runnable {

	private static final Logger logger = LoggerFactory.getLogger(SerialExecutor.class);

	/**
	 * Runs tasks on the thread that gives the first of them: to wake another one costs
	 * more than a short task does.
	 */
	static final Executor INLINE = Runnable::run;

	private static final AtomicIntegerFieldUpdater<SerialExecutor> PENDING = AtomicIntegerFieldUpdater
		.newUpdater(SerialExecutor.class, "pending");

	private volatile Executor backing;

	private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();

	/** Tasks that have not ended. */
	@SuppressWarnings("UnusedVariable") // read through PENDING
	private volatile int pending;

	private volatile @Nullable Thread running;

	/**
	 * Creates an executor that runs its tasks on another one.
	 * @param backing such as {@link #INLINE}
	 */
	SerialExecutor(Executor backing) {
		this.backing = backing;
	}

	/** The tasks that are given from now on run on another executor; any thread. */
	void moveTo(Executor other) {
		this.backing = other;
	}

	@Override
	public void execute(Runnable task) {
		if (this.backing == INLINE && PENDING.compareAndSet(this, 0, 1)) {
			// Neither runs one nor waits one that it would have to queue behind.
			run(task);
			return;
		}
		this.queue.add(task);
		if (PENDING.getAndIncrement(this) == 0) {
			handOver();
		}
	}

	/**
	 * Throws unless called from a task of this executor: the first line of every mutator
	 * of control state.
	 */
	void assertInContext() {
		if (!inContext()) {
			throw new IllegalStateException("not in the serial context but on " + Thread.currentThread());
		}
	}

	boolean inContext() {
		return this.running == Thread.currentThread();
	}

	/** Runs what there is; for the backing executor. */
	@Override
	public void run() {
		run(this.queue.poll());
	}

	private void run(@Nullable Runnable first) {
		Executor by = this.backing;
		Thread outer = this.running;
		Runnable task = first;
		int left;
		while (true) {
			this.running = Thread.currentThread();
			try {
				if (task != null) {
					task.run();
				}
			}
			catch (Throwable ex) {
				logger.error("control task failed", ex);
			}
			finally {
				this.running = outer;
			}
			left = PENDING.decrementAndGet(this);
			if (left == 0 || by != this.backing) {
				break;
			}
			task = this.queue.poll();
		}
		if (left != 0) {
			handOver();
		}
	}

	private void handOver() {
		try {
			this.backing.execute(this);
		}
		catch (RejectedExecutionException ex) {
			// The user's, and ended: control events must still be handled, or a transport
			// could stay open.
			run();
		}
	}

}
