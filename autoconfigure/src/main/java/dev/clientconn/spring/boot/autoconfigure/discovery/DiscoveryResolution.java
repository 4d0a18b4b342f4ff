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
import java.util.concurrent.RejectedExecutionException;

import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver.Context;
import dev.clientconn.time.Scheduler.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Decides when to look up a service: regularly, soon after the registry may have changed,
 * and when a connection was lost. One look-up runs at a time; whatever asks for another
 * meanwhile gets exactly one more afterwards.
 */
final class DiscoveryResolution implements Resolution {

	/** Spacing of look-ups for lost connections: many get lost at once. */
	private static final Duration REFRESH_SPACING = Duration.ofSeconds(1);

	/** Spacing of look-ups for registry events: some registries send them in storms. */
	private static final Duration EVENT_SPACING = Duration.ofMillis(100);

	/** A registry that fails is polled ever less often, down to this. */
	private static final Duration MAX_RETRY_INTERVAL = Duration.ofSeconds(60);

	/** Keeps a fleet from polling in step. */
	private static final double JITTER = 0.2;

	private final DiscoveryResolver resolver;

	private final Context context;

	private final DiscoveryLookup lookup;

	private final Runnable eventListener = () -> lookUpWithin(EVENT_SPACING);

	// A lock, because timers, events and lost connections come from threads of their own.
	// No callback runs under it.
	private final Object lock = new Object();

	private boolean running;

	private boolean closed;

	private long lastStart;

	private int failures;

	private @Nullable Duration rerunSpacing;

	private @Nullable Timer timer;

	private long timerDue;

	DiscoveryResolution(DiscoveryResolver resolver, Context context, DiscoveryLookup lookup) {
		this.resolver = resolver;
		this.context = context;
		this.lookup = lookup;
	}

	void start() {
		this.resolver.registryEvents().add(this.eventListener);
		startLookup();
	}

	@Override
	public void refresh() {
		lookUpWithin(REFRESH_SPACING);
	}

	@Override
	public void close() {
		this.resolver.registryEvents().remove(this.eventListener);
		this.lookup.close();
		synchronized (this.lock) {
			this.closed = true;
			if (this.timer != null) {
				this.timer.cancel();
			}
		}
	}

	private void lookUpWithin(Duration spacing) {
		synchronized (this.lock) {
			if (!this.running) {
				schedule(this.lastStart + spacing.toNanos());
			}
			else if (this.rerunSpacing == null || spacing.compareTo(this.rerunSpacing) < 0) {
				this.rerunSpacing = spacing;
			}
		}
	}

	private void schedule(long due) {
		if (this.closed || (this.timer != null && this.timerDue - due <= 0)) {
			return;
		}
		if (this.timer != null) {
			this.timer.cancel();
		}
		long delay = Math.max(0, due - this.context.scheduler().nanoTime());
		this.timerDue = due;
		this.timer = this.context.scheduler().schedule(this::startLookup, Duration.ofNanos(delay));
	}

	private void startLookup() {
		synchronized (this.lock) {
			if (this.closed || this.running) {
				return;
			}
			this.running = true;
			this.timer = null;
			this.lastStart = this.context.scheduler().nanoTime();
		}
		try {
			this.context.blocking().execute(() -> lookupEnded(this.lookup.run()));
		}
		catch (RejectedExecutionException ex) {
			lookupEnded(false);
		}
	}

	private void lookupEnded(boolean successful) {
		synchronized (this.lock) {
			this.running = false;
			this.failures = successful ? 0 : this.failures + 1;
			schedule(this.lastStart + nextInterval());
			if (this.rerunSpacing != null) {
				schedule(this.lastStart + this.rerunSpacing.toNanos());
				this.rerunSpacing = null;
			}
		}
	}

	private long nextInterval() {
		long interval = this.resolver.settings().pollInterval().toNanos();
		long max = Math.max(interval, MAX_RETRY_INTERVAL.toNanos());
		for (int i = 0; i < this.failures && interval < max; i++) {
			interval = Math.min(interval * 2, max);
		}
		return (long) (interval * (1 + JITTER * (2 * this.resolver.random().nextDouble() - 1)));
	}

}
