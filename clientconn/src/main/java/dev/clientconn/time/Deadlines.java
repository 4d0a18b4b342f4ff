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

import java.util.ArrayList;
import java.util.List;

/**
 * The deadlines of calls: one {@link DeadlineQueue} per event loop, so that a call needs
 * no timer of its own. A deadline is told never early, and late by at most
 * {@link DeadlineQueue#TICK_NANOS} and by what its thread is busy with. Any thread may
 * call.
 */
public final class Deadlines implements AutoCloseable {

	private final DeadlineQueue[] queues;

	/**
	 * Creates them.
	 * @param schedulers at least one; each runs its tasks one at a time
	 * @throws IllegalArgumentException if there is none
	 */
	public Deadlines(List<? extends Scheduler> schedulers) {
		if (schedulers.isEmpty()) {
			throw new IllegalArgumentException("schedulers: [] (expected: at least one)");
		}
		List<DeadlineQueue> made = new ArrayList<>();
		schedulers.forEach((scheduler) -> made.add(new DeadlineQueue(scheduler)));
		this.queues = made.toArray(DeadlineQueue[]::new);
	}

	/**
	 * Watches for a deadline.
	 * @param expiry not watched before
	 * @param delayNanos nanoseconds from now until it is due; what is due already is told
	 * at once, on the thread of a scheduler
	 * @throws java.util.concurrent.RejectedExecutionException if the event loop has been
	 * shut down
	 */
	public void watch(Expiry expiry, long delayNanos) {
		// Threads that start calls at the same time mostly meet in different queues.
		int index = (int) (Thread.currentThread().getId() % this.queues.length);
		this.queues[index].watch(expiry, delayNanos);
	}

	/**
	 * Takes back the timers, when everything watched for is over.
	 */
	@Override
	public void close() {
		for (DeadlineQueue queue : this.queues) {
			queue.close();
		}
	}

}
