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
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs tasks one at a time in the order they were given, on another executor: the owner
 * of all control state of one ClientConn. A task that is given from inside a task runs
 * after it, never nested. Each task sees what the tasks before it wrote, because the
 * counter hands over from one drain to the next.
 */
final class SerialExecutor implements Executor {

	private static final Logger logger = LoggerFactory.getLogger(SerialExecutor.class);

	private final Executor backing;

	private final Queue<Runnable> queue = new ConcurrentLinkedQueue<>();

	private final AtomicInteger pending = new AtomicInteger();

	private volatile @Nullable Thread running;

	SerialExecutor(Executor backing) {
		this.backing = backing;
	}

	@Override
	public void execute(Runnable task) {
		this.queue.add(task);
		if (this.pending.getAndIncrement() == 0) {
			try {
				this.backing.execute(this::drain);
			}
			catch (RejectedExecutionException ex) {
				// The backing executor is the user's or has been released: control events
				// must
				// still be handled, or a transport could stay open.
				drain();
			}
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

	private void drain() {
		Thread outer = this.running;
		do {
			Runnable task = this.queue.poll();
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
		}
		while (this.pending.decrementAndGet() != 0);
	}

}
