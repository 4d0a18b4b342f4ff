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
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The connection that is to take over from the READY one of an address: an attempt that
 * runs, or the wait for the next one after a failure. Changes nothing about the state.
 * Only in the serial context.
 */
final class Renewal {

	private final AddrConn addrConn;

	private final SerialExecutor serial;

	private final AddrConnSettings settings;

	private final AddrConnOwner owner;

	private final AddressHistory history;

	private @Nullable Attempt attempt;

	private Scheduler.@Nullable Timer retry;

	private int failures;

	Renewal(AddrConn addrConn, SerialExecutor serial, AddrConnSettings settings, AddrConnOwner owner,
			AddressHistory history) {
		this.addrConn = addrConn;
		this.serial = serial;
		this.settings = settings;
		this.owner = owner;
		this.history = history;
	}

	/** To be called when no attempt runs. */
	void begin() {
		cancelRetry();
		this.history.add("renewing");
		this.attempt = this.settings.attempt(this.addrConn.address(), this.failures, this.addrConn.transportEvents());
	}

	boolean isOf(ClientTransport transport) {
		return this.attempt != null && this.attempt.transport() == transport;
	}

	/**
	 * Ends the renewal.
	 * @return the attempt, if one runs; the caller takes it over
	 */
	@Nullable Attempt take() {
		cancelRetry();
		this.failures = 0;
		Attempt taken = this.attempt;
		this.attempt = null;
		return taken;
	}

	/** The attempt has failed: the READY connection goes on, and it is tried again. */
	void failed(Status cause) {
		Attempt failed = Objects.requireNonNull(this.attempt);
		this.attempt = null;
		this.failures++;
		long now = this.settings.scheduler().nanoTime();
		this.retry = this.settings.scheduler()
			.schedule(() -> this.serial.execute(this::retryDue), Duration.ofNanos(failed.restNanos(now)));
		this.history.renewalFailed(this.failures, cause);
		this.owner.connectFinished(this.addrConn, now - failed.startNanos(), cause);
		this.owner.renewalEnded(this.addrConn);
	}

	private void retryDue() {
		if (this.retry != null) {
			this.owner.renewalDue(this.addrConn);
		}
	}

	private void cancelRetry() {
		if (this.retry != null) {
			this.retry.cancel();
			this.retry = null;
		}
	}

}
