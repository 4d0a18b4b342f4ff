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

import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the callbacks of calls from one event loop to the shared pool: all that one turn
 * of the loop brought at once, to a thread that is awake already if there is one. Waking
 * a thread costs more than most callbacks do.
 * <p>
 * A callback may block. So while callbacks wait, the loop looks after them every
 * millisecond: if none has begun since, twice as many threads take part as before; if
 * some have, one more does, up to one per processor.
 */
final class CallbackRelay implements Runnable {

	private static final Logger logger = LoggerFactory.getLogger(CallbackRelay.class);

	private static final long WATCH_MILLIS = 1;

	private static final AtomicIntegerFieldUpdater<CallbackRelay> WORKERS = AtomicIntegerFieldUpdater
		.newUpdater(CallbackRelay.class, "workers");

	private static final FastThreadLocal<@Nullable CallbackRelay> OF_LOOP = new FastThreadLocal<>();

	// set at creation, never change

	private final EventExecutor loop;

	private final Executor pool;

	private final Runnable flush = this::flush;

	private final Runnable watch = this::watch;

	// only on the event loop

	private @Nullable Batch gathering;

	private boolean watching;

	private @Nullable Batch watched;

	private int watchedTaken;

	// shared with the threads of the pool

	private final Queue<Batch> waiting = new ConcurrentLinkedQueue<>();

	/** Threads that take part, blocked ones included. */
	private volatile int workers;

	CallbackRelay(EventExecutor loop, Executor pool) {
		this.loop = loop;
		this.pool = pool;
	}

	/** Returns the relay of an event loop; only on that loop. */
	static CallbackRelay of(EventExecutor loop, Executor pool) {
		CallbackRelay relay = OF_LOOP.get();
		if (relay == null || relay.pool != pool || relay.loop != loop) {
			relay = new CallbackRelay(loop, pool);
			OF_LOOP.set(relay);
		}
		return relay;
	}

	/**
	 * Has a task run on the pool, soon after what the loop does now; only on the loop.
	 */
	void add(Runnable task) {
		Batch batch = this.gathering;
		if (batch == null) {
			batch = new Batch();
			this.gathering = batch;
			this.loop.execute(this.flush);
		}
		batch.add(task);
	}

	/** Works off what waits; a thread of the pool. */
	@Override
	public void run() {
		int others;
		do {
			drain();
			others = WORKERS.decrementAndGet(this);
			// What was added since is seen by the loop, or here.
		}
		while (others == 0 && !this.waiting.isEmpty() && WORKERS.compareAndSet(this, 0, 1));
	}

	private void flush() {
		Batch batch = this.gathering;
		if (batch == null) {
			return;
		}
		this.gathering = null;
		this.waiting.add(batch);
		if (WORKERS.compareAndSet(this, 0, 1)) {
			startWorker();
			if (batch.size == 1) {
				// Whatever it does, nobody waits for it.
				return;
			}
		}
		if (!this.watching) {
			this.watching = true;
			remember();
			this.loop.schedule(this.watch, WATCH_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	private void watch() {
		Batch first = this.waiting.peek();
		if (first == null) {
			this.watching = false;
			this.watched = null;
			return;
		}
		boolean stuck = first == this.watched && first.taken == this.watchedTaken;
		int now = this.workers;
		int more = (stuck || now == 0) ? Math.max(now, 1) : (now < Runtime.getRuntime().availableProcessors()) ? 1 : 0;
		for (int i = 0; i < more; i++) {
			WORKERS.incrementAndGet(this);
			startWorker();
		}
		remember();
		this.loop.schedule(this.watch, WATCH_MILLIS, TimeUnit.MILLISECONDS);
	}

	private void remember() {
		Batch first = this.waiting.peek();
		this.watched = first;
		this.watchedTaken = (first != null) ? first.taken : 0;
	}

	private void startWorker() {
		try {
			this.pool.execute(this);
		}
		catch (RejectedExecutionException ex) {
			// Better here than calls that never end: the pool goes when its last
			// ClientConn has ended.
			run();
		}
	}

	private void drain() {
		for (Batch batch = this.waiting.peek(); batch != null; batch = this.waiting.peek()) {
			Runnable task = batch.take();
			if (task == null || batch.isTaken()) {
				this.waiting.remove(batch);
			}
			if (task != null) {
				run(task);
			}
		}
	}

	private static void run(Runnable task) {
		try {
			task.run();
		}
		catch (Throwable ex) {
			logger.error("a callback failed: {}", task, ex);
		}
	}

	/**
	 * What one turn brought. Filled by the event loop, then emptied by any number of
	 * threads.
	 */
	private static final class Batch {

		private static final AtomicIntegerFieldUpdater<Batch> TAKEN = AtomicIntegerFieldUpdater.newUpdater(Batch.class,
				"taken");

		private static final int FIRST_CAPACITY = 8;

		private @Nullable Runnable[] tasks = new Runnable[FIRST_CAPACITY];

		private int size;

		/** Goes above the size when threads ask for more. */
		private volatile int taken;

		void add(Runnable task) {
			if (this.size == this.tasks.length) {
				this.tasks = Arrays.copyOf(this.tasks, 2 * this.size);
			}
			this.tasks[this.size++] = task;
		}

		boolean isTaken() {
			return this.taken >= this.size;
		}

		@Nullable Runnable take() {
			int index = isTaken() ? this.size : TAKEN.getAndIncrement(this);
			if (index >= this.size) {
				return null;
			}
			Runnable task = this.tasks[index];
			this.tasks[index] = null;
			return task;
		}

	}

}
