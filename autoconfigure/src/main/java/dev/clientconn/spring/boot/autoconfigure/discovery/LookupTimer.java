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
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.random.RandomGenerator;

import dev.clientconn.time.Scheduler;
import dev.clientconn.time.Scheduler.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Decides when to look up a service: regularly, soon after the registry may have changed,
 * when a connection was lost, and again when an answer needs a second one. One look-up
 * runs at a time; whatever asks for one meanwhile gets exactly one more afterwards.
 */
final class LookupTimer {

	/** Spacing of look-ups for lost connections: many get lost at once. */
	private static final long PULL_SPACING = Duration.ofSeconds(1).toNanos();

	/** A look-up for events waits until none has come for this long ... */
	private static final long EVENT_QUIET = Duration.ofMillis(100).toNanos();

	/** ... but no longer than this. */
	private static final long EVENT_MAX = Duration.ofSeconds(1).toNanos();

	/** A registry that fails is polled ever less often, down to this. */
	private static final long MAX_RETRY_INTERVAL = Duration.ofSeconds(60).toNanos();

	/** Keeps a fleet from polling in step. */
	private static final double JITTER = 0.2;

	private final Scheduler scheduler;

	private final RandomGenerator random;

	private final Intervals intervals;

	private final Runnable lookup;

	// A lock, because timers, events and lost connections come from threads of their own.
	// No callback runs under it.
	private final Object lock = new Object();

	private final Map<Trigger, Long> dues = new EnumMap<>(Trigger.class);

	private final Map<Trigger, Long> counts = new EnumMap<>(Trigger.class);

	private boolean running;

	private boolean closed;

	private boolean idle;

	private long lastStart;

	private @Nullable Trigger lastCause;

	private long lookups;

	private int failures;

	private long firstEvent;

	private boolean urgentEvent;

	private @Nullable Timer timer;

	private long timerDue;

	/**
	 * Creates a timer that does nothing before {@link #start}.
	 * @param scheduler time
	 * @param random source of jitter
	 * @param intervals times between regular look-ups
	 * @param lookup starts a look-up, without blocking; must be followed by
	 * {@link #ended}
	 */
	LookupTimer(Scheduler scheduler, RandomGenerator random, Intervals intervals, Runnable lookup) {
		this.scheduler = scheduler;
		this.random = random;
		this.intervals = intervals;
		this.lookup = lookup;
	}

	/** Looks up now. */
	void start() {
		synchronized (this.lock) {
			trigger(Trigger.START, this.scheduler.nanoTime());
		}
		fire();
	}

	/** A connection was lost or refused. */
	void connectionLost() {
		synchronized (this.lock) {
			trigger(Trigger.CONNECTION_LOST, this.lastStart + PULL_SPACING);
			arm();
		}
	}

	/**
	 * The registry may have changed.
	 * @param urgent whether no address is READY, so that there is nothing to wait for
	 */
	void registryChanged(boolean urgent) {
		synchronized (this.lock) {
			long now = this.scheduler.nanoTime();
			if (!this.dues.containsKey(Trigger.EVENT)) {
				this.firstEvent = now;
				this.urgentEvent = urgent;
				trigger(Trigger.EVENT, urgent ? this.lastStart + EVENT_QUIET : now + EVENT_QUIET);
			}
			else {
				count(Trigger.EVENT);
				if (!this.urgentEvent) {
					long latest = this.firstEvent + EVENT_MAX;
					this.dues.put(Trigger.EVENT, (latest - (now + EVENT_QUIET) < 0) ? latest : now + EVENT_QUIET);
				}
			}
			arm();
		}
	}

	/** Nobody calls any more. */
	void idle() {
		synchronized (this.lock) {
			this.idle = true;
			if (this.dues.containsKey(Trigger.POLL)) {
				this.dues.put(Trigger.POLL, this.lastStart + nextInterval());
				arm();
			}
		}
	}

	/**
	 * Somebody calls again: looks up now, unless the last look-up is as recent as usual.
	 * @param urgent whether the last one came to nothing, so that it is repeated anyway
	 * @return whether a look-up begins now
	 */
	boolean active(boolean urgent) {
		synchronized (this.lock) {
			this.idle = false;
			long due = this.lastStart + (urgent ? PULL_SPACING : this.intervals.poll.toNanos());
			trigger(Trigger.CALL, due);
			arm();
			return this.running || urgent || due - this.scheduler.nanoTime() <= 0;
		}
	}

	/**
	 * Tells whether a look-up for events is planned already. Any thread.
	 * @return whether one is
	 */
	boolean awaitsEvents() {
		synchronized (this.lock) {
			return this.dues.containsKey(Trigger.EVENT);
		}
	}

	/**
	 * The look-up has ended.
	 * @param answered whether the registry answered
	 * @param again when to ask again in any case, from now; {@code null} for the usual
	 * time
	 */
	void ended(boolean answered, @Nullable Duration again) {
		synchronized (this.lock) {
			this.running = false;
			this.failures = answered ? 0 : this.failures + 1;
			this.dues.put(Trigger.POLL, this.lastStart + nextInterval());
			if (again != null) {
				this.dues.put(Trigger.CONFIRMATION, this.scheduler.nanoTime() + again.toNanos());
			}
			arm();
		}
	}

	void close() {
		synchronized (this.lock) {
			this.closed = true;
			this.dues.clear();
			if (this.timer != null) {
				this.timer.cancel();
			}
		}
	}

	/** Any thread. */
	State state() {
		synchronized (this.lock) {
			Entry<Trigger, Long> next = next();
			Instant nextAt = (next == null || this.running) ? null
					: Instant.ofEpochMilli(this.scheduler.currentTimeMillis()
							+ Math.max(0, next.getValue() - this.scheduler.nanoTime()) / 1_000_000);
			Map<String, Object> triggers = new LinkedHashMap<>();
			for (Trigger trigger : Trigger.values()) {
				triggers.put(trigger.label(), this.counts.getOrDefault(trigger, 0L));
			}
			return new State(this.running, this.lookups, this.failures, nextAt,
					new Causes((this.lastCause != null) ? this.lastCause.label() : null, triggers));
		}
	}

	private void trigger(Trigger trigger, long due) {
		count(trigger);
		Long planned = this.dues.get(trigger);
		if (planned == null || due - planned < 0) {
			this.dues.put(trigger, due);
		}
	}

	private void count(Trigger trigger) {
		this.counts.merge(trigger, 1L, Long::sum);
	}

	private @Nullable Entry<Trigger, Long> next() {
		Entry<Trigger, Long> next = null;
		for (Entry<Trigger, Long> due : this.dues.entrySet()) {
			if (next == null || due.getValue() - next.getValue() < 0) {
				next = due;
			}
		}
		return next;
	}

	/**
	 * A timer that comes too early is left as it is: it looks again when it fires, so
	 * that a storm of events costs no timers.
	 */
	private void arm() {
		Entry<Trigger, Long> next = next();
		if (next == null || this.closed || this.running
				|| (this.timer != null && this.timerDue - next.getValue() <= 0)) {
			return;
		}
		if (this.timer != null) {
			this.timer.cancel();
		}
		this.timerDue = next.getValue();
		long delay = Math.max(0, this.timerDue - this.scheduler.nanoTime());
		this.timer = this.scheduler.schedule(this::fire, Duration.ofNanos(delay));
	}

	private void fire() {
		synchronized (this.lock) {
			this.timer = null;
			Entry<Trigger, Long> next = next();
			if (next == null || this.closed || this.running) {
				return;
			}
			if (next.getValue() - this.scheduler.nanoTime() > 0) {
				arm();
				return;
			}
			this.lastCause = next.getKey();
			if (this.lastCause == Trigger.POLL || this.lastCause == Trigger.CONFIRMATION) {
				count(this.lastCause);
			}
			this.dues.clear();
			this.running = true;
			this.lookups++;
			this.lastStart = this.scheduler.nanoTime();
		}
		this.lookup.run();
	}

	private long nextInterval() {
		long interval = (this.idle ? this.intervals.idlePoll : this.intervals.poll).toNanos();
		long max = Math.max(interval, MAX_RETRY_INTERVAL);
		for (int i = 0; i < this.failures && interval < max; i++) {
			interval = Math.min(interval * 2, max);
		}
		return (long) (interval * (1 + JITTER * (2 * this.random.nextDouble() - 1)));
	}

	/**
	 * Times between regular look-ups.
	 *
	 * @param poll while there are calls
	 * @param idlePoll while there are none
	 */
	record Intervals(Duration poll, Duration idlePoll) {
	}

	/**
	 * What asks for look-ups.
	 */
	enum Trigger {

		/** The first one. */
		START,

		/** The poll interval has passed. */
		POLL,

		/** The registry, or the environment, published an event. */
		EVENT,

		/** A connection was lost or refused. */
		CONNECTION_LOST,

		/** The last answer was suspicious. */
		CONFIRMATION,

		/** The first call after a time without. */
		CALL;

		private String label() {
			return (this == CONNECTION_LOST) ? "connectionLost" : name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * What operators see.
	 *
	 * @param running whether a look-up runs
	 * @param lookups look-ups started
	 * @param failures look-ups that failed in a row
	 * @param next when the next one starts, {@code null} while one runs
	 * @param causes what asked for look-ups
	 */
	record State(boolean running, long lookups, int failures, @Nullable Instant next, Causes causes) {
	}

	/**
	 * What asked for look-ups.
	 *
	 * @param last what the last look-up was for, {@code null} before the first
	 * @param counts how often each kind of trigger came
	 */
	record Causes(@Nullable String last, Map<String, Object> counts) {

		Causes {
			counts = Collections.unmodifiableMap(counts);
		}

	}

}
