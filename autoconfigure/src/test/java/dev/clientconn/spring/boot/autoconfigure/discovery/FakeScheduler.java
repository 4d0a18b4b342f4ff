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
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

import dev.clientconn.time.Scheduler;

/**
 * Time that stands still until a test advances it.
 */
class FakeScheduler implements Scheduler {

	private final List<Task> tasks = new ArrayList<>();

	private long now = -5_000_000_000L;

	@Override
	public long nanoTime() {
		return this.now;
	}

	@Override
	public long currentTimeMillis() {
		return this.now / 1_000_000;
	}

	@Override
	public Timer schedule(Runnable task, Duration delay) {
		Task scheduled = new Task(this.now + delay.toNanos(), task);
		this.tasks.add(scheduled);
		return () -> this.tasks.remove(scheduled);
	}

	void advance(Duration duration) {
		long end = this.now + duration.toNanos();
		while (true) {
			Task next = this.tasks.stream()
				.filter((task) -> task.due <= end)
				.min(Comparator.comparingLong((task) -> task.due))
				.orElse(null);
			if (next == null) {
				break;
			}
			this.tasks.remove(next);
			this.now = next.due;
			next.action.run();
		}
		this.now = end;
	}

	int pending() {
		return this.tasks.size();
	}

	private static final class Task {

		private final long due;

		private final Runnable action;

		private Task(long due, Runnable action) {
			this.due = due;
			this.action = action;
		}

	}

}
