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

import dev.clientconn.transport.ClientTransport;

/**
 * One READY connection of an address.
 */
final class Connection {

	private final Attempt attempt;

	private final ClientTransport transport;

	private final long readyNanos;

	/** To be replaced by another one; only in the serial context. */
	private boolean due;

	/** Written by event loops: whether the server has ended a call on it properly. */
	private volatile boolean served;

	/**
	 * Creates it.
	 * @param attempt what it was made by
	 * @param due whether it is to be replaced from the start
	 * @param nowNanos the time
	 */
	Connection(Attempt attempt, boolean due, long nowNanos) {
		this.attempt = attempt;
		this.transport = attempt.transport();
		this.due = due;
		this.readyNanos = nowNanos;
	}

	ClientTransport transport() {
		return this.transport;
	}

	/** The server has ended a call on it. Any thread. */
	void served() {
		if (!this.served) {
			this.served = true;
		}
	}

	/**
	 * Whether it was worth its attempt: it has served a call, or lasted as long as the
	 * delay of the attempt.
	 */
	boolean isProven(long nowNanos) {
		return this.served || nowNanos - this.attempt.startNanos() >= this.attempt.delayNanos();
	}

	boolean isDue() {
		return this.due;
	}

	void setDue() {
		this.due = true;
	}

	long readyNanos() {
		return this.readyNanos;
	}

	@Override
	public String toString() {
		return this.transport.toString();
	}

}
