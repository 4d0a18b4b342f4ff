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
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The process-wide pool for call listeners, look-ups that block, and control tasks. It
 * grows with demand, because listeners may block. Nobody ends it: without work it has no
 * threads.
 */
final class SharedExecutor {

	/**
	 * Long enough to serve bursts, and one dial after the other, with the same threads;
	 * short enough to leave no trace.
	 */
	private static final long KEEP_ALIVE_SECONDS = 1;

	private static final AtomicInteger THREADS = new AtomicInteger();

	static final Executor INSTANCE = new ThreadPoolExecutor(0, Integer.MAX_VALUE, KEEP_ALIVE_SECONDS, TimeUnit.SECONDS,
			new SynchronousQueue<>(), SharedExecutor::newThread);

	private SharedExecutor() {
	}

	private static Thread newThread(Runnable task) {
		Thread thread = new Thread(task, "clientconn-call-" + THREADS.incrementAndGet());
		thread.setDaemon(true);
		return thread;
	}

}
