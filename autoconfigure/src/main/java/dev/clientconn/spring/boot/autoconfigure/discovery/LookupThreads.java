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

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.system.JavaVersion;
import org.springframework.core.task.VirtualThreadTaskExecutor;

/**
 * A thread per look-up, and no more than a limit at once. A look-up that was given up
 * does not count any more, so a registry that hangs cannot keep those of other services
 * waiting.
 */
final class LookupThreads implements LookupRunner {

	private static final String NAME = "clientconn-discovery-";

	/** Platform threads at once; each service has at most one look-up. */
	private static final int PLATFORM_THREADS = 4;

	private final ThreadFactory threads;

	private final int limit;

	// A lock, because look-ups end on threads of their own. Threads start under it, no
	// look-up runs under it.
	private final Object lock = new Object();

	private final Queue<Task> waiting = new ArrayDeque<>();

	private int running;

	LookupThreads(ThreadFactory threads, int limit) {
		this.threads = threads;
		this.limit = limit;
	}

	/**
	 * Returns virtual threads, or a few platform threads on a JVM before 24. There a
	 * virtual thread that blocks inside {@code synchronized}, as HTTP clients of
	 * registries do, takes one of the few carrier threads with it: a registry that hangs
	 * would stop the virtual threads of the whole application.
	 * @return the threads
	 */
	static LookupThreads create() {
		if (JavaVersion.getJavaVersion().isEqualOrNewerThan(JavaVersion.TWENTY_FOUR)) {
			return new LookupThreads(new VirtualThreadTaskExecutor(NAME).getVirtualThreadFactory(), Integer.MAX_VALUE);
		}
		AtomicInteger number = new AtomicInteger();
		return new LookupThreads((lookup) -> {
			Thread thread = new Thread(lookup, NAME + number.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		}, PLATFORM_THREADS);
	}

	@Override
	public Running run(Runnable lookup) {
		Task task = new Task(lookup);
		synchronized (this.lock) {
			if (this.running < this.limit) {
				task.start();
			}
			else {
				this.waiting.add(task);
			}
		}
		return task;
	}

	private final class Task implements Runnable, Running {

		private final Runnable lookup;

		// guarded by the lock

		private @Nullable Thread thread;

		private boolean released;

		Task(Runnable lookup) {
			this.lookup = lookup;
		}

		private void start() {
			LookupThreads.this.running++;
			this.thread = LookupThreads.this.threads.newThread(this);
			this.thread.start();
		}

		@Override
		public void run() {
			try {
				this.lookup.run();
			}
			finally {
				release();
			}
		}

		@Override
		public void abandon() {
			Thread running;
			synchronized (LookupThreads.this.lock) {
				running = this.thread;
				LookupThreads.this.waiting.remove(this);
			}
			if (running != null) {
				release();
				running.interrupt();
			}
		}

		private void release() {
			synchronized (LookupThreads.this.lock) {
				if (this.released) {
					return;
				}
				this.released = true;
				LookupThreads.this.running--;
				Task next = LookupThreads.this.waiting.poll();
				if (next != null) {
					next.start();
				}
			}
		}

	}

}
