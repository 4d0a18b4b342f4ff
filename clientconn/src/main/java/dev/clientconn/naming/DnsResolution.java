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

package dev.clientconn.naming;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.clientconn.time.Scheduler;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the addresses of one host name current.
 * <p>
 * At most one look-up runs at a time, and it ends only after the listener has been told,
 * so that lists arrive in order. {@link #refresh} comes from any thread, timers from the
 * scheduler, look-ups run on the blocking executor: these meet under a lock that is never
 * held while foreign code runs.
 */
final class DnsResolution implements Resolution {

	private static final Logger logger = LoggerFactory.getLogger(DnsResolution.class);

	// Set at the start, never change.

	private final Address dialled;

	private final Callable<Set<Address>> lookup;

	private final LookupTimes times;

	private final Resolver.Context context;

	private final AddressListener listener;

	private final Object lock = new Object();

	@GuardedBy("lock")
	private boolean running;

	@GuardedBy("lock")
	private boolean runAgain;

	/** The timer is due as soon as the minimum interval allows. */
	@GuardedBy("lock")
	private boolean pulledForward;

	@GuardedBy("lock")
	private boolean started;

	@GuardedBy("lock")
	private long startNanos;

	@GuardedBy("lock")
	private Scheduler.@Nullable Timer timer;

	/** Counts timers, so that one that was cancelled too late does nothing. */
	@GuardedBy("lock")
	private int timerNumber;

	/** When the timer is due, also while idle, when there is none. */
	@GuardedBy("lock")
	private long dueNanos;

	@GuardedBy("lock")
	private boolean idle;

	/** The next list is delivered even if it is the same. */
	@GuardedBy("lock")
	private boolean answerOwed;

	// Written under the lock, read anywhere.

	private volatile boolean closed;

	private volatile int failures;

	// Only in the look-up that runs.

	private Set<Address> delivered = Set.of();

	DnsResolution(Address dialled, Callable<Set<Address>> lookup, LookupTimes times, Resolver.Context context,
			AddressListener listener) {
		this.dialled = dialled;
		this.lookup = lookup;
		this.times = times;
		this.context = context;
		this.listener = listener;
	}

	/**
	 * Looks the name up, at once if the last look-up started long enough ago. During one
	 * it leads to exactly one more; during the backoff after an error it changes nothing.
	 */
	@Override
	public void refresh() {
		synchronized (this.lock) {
			if (this.running) {
				this.runAgain = true;
				return;
			}
			if (this.closed || this.idle || this.pulledForward || this.failures > 0) {
				return;
			}
			Duration wait = untilNextStart();
			if (!wait.isZero()) {
				this.pulledForward = true;
				schedule(wait);
				return;
			}
			markStarted();
		}
		execute();
	}

	/** Looks nothing up until {@link #active}. */
	@Override
	public void idle() {
		synchronized (this.lock) {
			this.idle = true;
			cancelTimer();
		}
	}

	/** Looks the name up now if it would have been looked up meanwhile. */
	@Override
	public boolean active() {
		synchronized (this.lock) {
			if (this.closed || !this.idle) {
				return false;
			}
			this.idle = false;
			if (this.running) {
				// It may have told its result already.
				this.answerOwed = true;
				this.runAgain = true;
				return true;
			}
			Duration rest = Duration.ofNanos(this.dueNanos - this.context.scheduler().nanoTime());
			if (rest.compareTo(Duration.ZERO) > 0) {
				schedule(rest);
				return false;
			}
			this.answerOwed = true;
			markStarted();
		}
		execute();
		return true;
	}

	@Override
	public void close() {
		synchronized (this.lock) {
			this.closed = true;
			cancelTimer();
		}
	}

	private void timerFired(int number) {
		synchronized (this.lock) {
			if (this.closed || this.running || number != this.timerNumber) {
				return;
			}
			markStarted();
		}
		execute();
	}

	private void execute() {
		try {
			this.context.blocking().execute(this::lookUp);
		}
		catch (RuntimeException ex) {
			failed(ex);
		}
	}

	private void lookUp() {
		if (this.closed) {
			return;
		}
		Set<Address> addresses;
		try {
			addresses = this.lookup.call();
		}
		catch (Exception ex) {
			failed(ex);
			return;
		}
		succeeded(addresses);
	}

	private void succeeded(Set<Address> addresses) {
		boolean owed = takeAnswerOwed();
		boolean recovered = this.failures > 0;
		if (recovered && !this.closed) {
			logger.info("{} - looked up again, with {} addresses", this.dialled, addresses.size());
		}
		// After an error the same list is told again, as the sign that it is current.
		if (owed || recovered || !addresses.equals(this.delivered)) {
			this.delivered = addresses;
			tell(() -> this.listener.onAddresses(List.copyOf(addresses)));
		}
		finished(0, this.times.afterSuccess());
	}

	private void failed(Exception cause) {
		int tries = this.failures + 1;
		Duration wait = this.times.afterFailures(tries);
		Status error = Status.UNAVAILABLE
			.withDescription("look-up of " + this.dialled.host() + " failed (" + tries
					+ ((tries == 1) ? " try" : " tries in a row") + ", next in " + wait.toMillis() + " ms): " + cause)
			.withCause(cause);
		if (tries == 1 && !this.closed) {
			logger.warn("{} - {}; {} known addresses stay in use", this.dialled, error.getDescription(),
					this.delivered.size());
		}
		takeAnswerOwed();
		tell(() -> this.listener.onError(error));
		finished(tries, wait);
	}

	private boolean takeAnswerOwed() {
		synchronized (this.lock) {
			boolean owed = this.answerOwed;
			this.answerOwed = false;
			return owed;
		}
	}

	private void finished(int failures, Duration wait) {
		synchronized (this.lock) {
			this.failures = failures;
			this.running = false;
			this.pulledForward = this.runAgain && (failures == 0 || this.answerOwed);
			schedule(this.pulledForward ? untilNextStart() : wait);
		}
	}

	private void tell(Runnable call) {
		if (this.closed) {
			return;
		}
		try {
			call.run();
		}
		catch (RuntimeException ex) {
			logger.warn("{} - Address listener failed", this.dialled, ex);
		}
	}

	@GuardedBy("lock")
	private void markStarted() {
		cancelTimer();
		this.running = true;
		this.runAgain = false;
		this.pulledForward = false;
		this.started = true;
		this.startNanos = this.context.scheduler().nanoTime();
	}

	@GuardedBy("lock")
	private Duration untilNextStart() {
		if (!this.started) {
			return Duration.ZERO;
		}
		long elapsed = this.context.scheduler().nanoTime() - this.startNanos;
		return Duration.ofNanos(Math.max(0, LookupTimes.MIN_INTERVAL.toNanos() - elapsed));
	}

	@GuardedBy("lock")
	private void schedule(Duration wait) {
		cancelTimer();
		if (this.closed) {
			return;
		}
		this.dueNanos = this.context.scheduler().nanoTime() + wait.toNanos();
		if (this.idle) {
			return;
		}
		int number = this.timerNumber;
		this.timer = this.context.scheduler().schedule(() -> timerFired(number), wait);
	}

	@GuardedBy("lock")
	private void cancelTimer() {
		this.timerNumber++;
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

}
