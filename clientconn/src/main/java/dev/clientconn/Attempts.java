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

import java.time.Duration;
import java.util.Objects;

import dev.clientconn.time.Scheduler;
import dev.clientconn.transport.ClientTransport;
import org.jspecify.annotations.Nullable;

/**
 * The attempts to connect one address, one at a time: the one that runs, the least time
 * from its start to the next one, and the wait for that. Only in the serial context.
 */
final class Attempts {

	private final AddrConn addrConn;

	private final SerialExecutor serial;

	private final AddrConnSettings settings;

	private @Nullable Attempt running;

	/** The running one may have begun with what is now out of date. */
	private boolean outOfDate;

	private Scheduler.@Nullable Timer timer;

	/** Attempts in a row that came to nothing. */
	private int failures;

	private long startNanos;

	private long delayNanos;

	private long failedNanos;

	Attempts(AddrConn addrConn, SerialExecutor serial, AddrConnSettings settings) {
		this.addrConn = addrConn;
		this.serial = serial;
		this.settings = settings;
	}

	void begin() {
		endWait();
		this.outOfDate = false;
		Attempt begun = this.settings.attempt(this.addrConn.address(), this.failures, this.addrConn.transportEvents());
		this.startNanos = begun.startNanos();
		this.delayNanos = begun.delayNanos();
		this.running = begun;
	}

	boolean isRunning() {
		return this.running != null;
	}

	boolean isOf(ClientTransport transport) {
		return this.running != null && this.running.transport() == transport;
	}

	/** The running one has made a connection. */
	Connection succeeded() {
		Attempt made = Objects.requireNonNull(this.running, "running");
		this.running = null;
		return new Connection(made, this.outOfDate, now());
	}

	/** An attempt has come to nothing. */
	void failed() {
		this.failures++;
		this.failedNanos = now();
	}

	/**
	 * What an attempt made is lost.
	 * @return whether it was proven; if not, the attempt has failed all the same
	 */
	boolean lost(Connection connection) {
		boolean proven = connection.isProven(now());
		if (proven) {
			reset();
		}
		else {
			failed();
		}
		return proven;
	}

	/** Ends the one that runs, if there is one; the caller closes it. */
	@Nullable ClientTransport abandon() {
		Attempt abandoned = this.running;
		this.running = null;
		return (abandoned != null) ? abandoned.transport() : null;
	}

	void setOutOfDate() {
		this.outOfDate = this.running != null;
	}

	int failures() {
		return this.failures;
	}

	/** Delays start from the first again. */
	void reset() {
		this.failures = 0;
	}

	/** The same, if a connection shows that the last failure is over. */
	void resetIfProven(Connection newest) {
		if (newest.readyNanos() > this.failedNanos && newest.isProven(now())) {
			reset();
		}
	}

	/**
	 * The same, also for the attempt that runs: it may have been aimed at the last
	 * process.
	 */
	void restart() {
		reset();
		this.delayNanos = Math.min(this.delayNanos, this.settings.pacing().backoff().delayNanos(0));
	}

	/** Since the last one began. */
	long elapsedNanos() {
		return now() - this.startNanos;
	}

	/** How long the next attempt has to wait. */
	Duration rest() {
		return Duration.ofNanos(Math.max(0, this.delayNanos - elapsedNanos()));
	}

	/** Waits until the next attempt may begin. */
	void await() {
		endWait();
		this.timer = this.settings.scheduler()
			.schedule(() -> this.serial.execute(this.addrConn::backoffElapsed), rest());
	}

	boolean isWaiting() {
		return this.timer != null;
	}

	/** Returns whether an attempt waited. */
	boolean endWait() {
		Scheduler.Timer pending = this.timer;
		this.timer = null;
		if (pending != null) {
			pending.cancel();
		}
		return pending != null;
	}

	private long now() {
		return this.settings.scheduler().nanoTime();
	}

}
