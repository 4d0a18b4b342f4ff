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
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;

/**
 * The process-wide pool for call listeners, look-ups that block, and control tasks. It
 * grows with demand, because listeners may block, and lives as long as a ClientConn uses
 * it.
 */
final class SharedExecutor {

	/**
	 * Long enough to serve bursts with the same threads, short enough to leave no trace.
	 */
	private static final long KEEP_ALIVE_SECONDS = 1;

	private static final Object LOCK = new Object();

	private static final AtomicInteger THREADS = new AtomicInteger();

	// guarded by LOCK

	private static @Nullable ExecutorService pool;

	private static int users;

	private SharedExecutor() {
	}

	static Executor acquire() {
		synchronized (LOCK) {
			if (pool == null) {
				pool = new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS,
						new SynchronousQueue<>(), SharedExecutor::newThread);
			}
			users++;
			return pool;
		}
	}

	/** Gives the pool back; its threads end soon after the last user has. */
	static void release() {
		synchronized (LOCK) {
			if (--users == 0 && pool != null) {
				pool.shutdown();
				pool = null;
			}
		}
	}

	private static Thread newThread(Runnable task) {
		Thread thread = new Thread(task, "clientconn-call-" + THREADS.incrementAndGet());
		thread.setDaemon(true);
		return thread;
	}

}
