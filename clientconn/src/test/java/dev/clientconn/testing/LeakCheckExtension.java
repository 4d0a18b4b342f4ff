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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves a thread or a watched timer behind, and a test class that
 * leaks buffers. Belongs on every test of the engine:
 * {@code @ExtendWith(LeakCheckExtension.class)}, or {@code @RegisterExtension} on a field
 * to name exceptions and things to watch.
 * <p>
 * After each test every live thread named {@code clientconn-*} that did not run before it
 * must end within 5 s; after the class Netty must have no leak to report. Tests that run
 * in parallel would blame each other.
 */
public final class LeakCheckExtension
		implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, AfterAllCallback {

	private static final String PREFIX = "clientconn-";

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private final List<String> allowed = new ArrayList<>();

	private final List<FakeScheduler> schedulers = new ArrayList<>();

	private final Duration timeout;

	private boolean threadsPerClass;

	private Set<Thread> before = Set.of();

	/**
	 * Makes a check without exceptions.
	 */
	public LeakCheckExtension() {
		this(TIMEOUT);
	}

	LeakCheckExtension(Duration timeout) {
		this.timeout = timeout;
		NettyLeaks.install();
	}

	/**
	 * Lets threads live on that are shared by design.
	 * @param namePrefix how their names begin
	 * @return this
	 */
	public LeakCheckExtension allowingThreads(String namePrefix) {
		this.allowed.add(namePrefix);
		return this;
	}

	/**
	 * Looks for threads once, after the class, and not after each test: the shared event
	 * loops stay for a second after their last user, which the next test would wait for.
	 * Needs a static field.
	 * @return this
	 */
	public LeakCheckExtension checkingThreadsPerClass() {
		this.threadsPerClass = true;
		return this;
	}

	/**
	 * Fails the running test if a scheduler has pending tasks at its end.
	 * @param scheduler watched until the test ends
	 * @return the scheduler
	 */
	public FakeScheduler watch(FakeScheduler scheduler) {
		this.schedulers.add(scheduler);
		return scheduler;
	}

	@Override
	public void beforeAll(ExtensionContext context) {
		this.before = ourThreads();
	}

	@Override
	public void beforeEach(ExtensionContext context) {
		if (!this.threadsPerClass) {
			this.before = ourThreads();
		}
	}

	@Override
	public void afterEach(ExtensionContext context) {
		List<FakeScheduler> watched = List.copyOf(this.schedulers);
		this.schedulers.clear();
		if (!this.threadsPerClass) {
			awaitThreads();
		}
		for (FakeScheduler scheduler : watched) {
			if (!scheduler.pending().isEmpty()) {
				throw new AssertionError("Leaked timers: " + scheduler.pending());
			}
		}
	}

	@Override
	public void afterAll(ExtensionContext context) {
		if (this.threadsPerClass) {
			awaitThreads();
		}
		List<String> leaks = NettyLeaks.collect();
		if (!leaks.isEmpty()) {
			throw new AssertionError(
					"Netty reports " + leaks.size() + " leak(s):" + System.lineSeparator() + String.join("", leaks));
		}
	}

	private void awaitThreads() {
		long deadline = System.nanoTime() + this.timeout.toNanos();
		Set<Thread> alive = newThreads();
		// Again and again: an event loop that never ran is started only to end it.
		while (!alive.isEmpty()) {
			long left = deadline - System.nanoTime();
			if (left <= 0) {
				throw new AssertionError("Leaked threads, still alive after " + this.timeout.toMillis() + " ms: "
						+ alive.stream().map(LeakCheckExtension::describe).collect(Collectors.joining()));
			}
			try {
				TimeUnit.NANOSECONDS.timedJoin(alive.iterator().next(), left);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
				return;
			}
			alive = newThreads();
		}
	}

	private Set<Thread> newThreads() {
		Set<Thread> threads = ourThreads();
		threads.removeAll(this.before);
		threads.removeIf((thread) -> this.allowed.stream().anyMatch(thread.getName()::startsWith));
		return threads;
	}

	private static Set<Thread> ourThreads() {
		ThreadGroup root = Thread.currentThread().getThreadGroup();
		while (root.getParent() != null) {
			root = root.getParent();
		}
		// Cheaper than Thread.getAllStackTraces(), which stops every thread.
		Thread[] threads = new Thread[root.activeCount() + 64];
		int count = root.enumerate(threads);
		return Arrays.stream(threads, 0, count)
			.filter((thread) -> thread.isAlive() && thread.getName().startsWith(PREFIX))
			.collect(Collectors.toSet());
	}

	private static String describe(Thread thread) {
		StringBuilder text = new StringBuilder();
		text.append(System.lineSeparator()).append("  ").append(thread.getName()).append(' ').append(thread.getState());
		for (StackTraceElement element : thread.getStackTrace()) {
			text.append(System.lineSeparator()).append("    at ").append(element);
		}
		return text.toString();
	}

}
