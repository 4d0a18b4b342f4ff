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
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * What is done with new connections of an address, and beside READY ones: those that are
 * due are replaced, and one is added when streams run out. Only in the serial context.
 */
final class Upkeep {

	private final AddrConn addrConn;

	private final AddrConnOwner owner;

	private final Attempts attempts;

	private final ConnectionPool pool;

	private final AddressHistory history;

	/** Whether the attempt that runs is to replace a connection. */
	private boolean renewing;

	Upkeep(AddrConn addrConn, AddrConnOwner owner, Attempts attempts, ConnectionPool pool, AddressHistory history) {
		this.addrConn = addrConn;
		this.owner = owner;
		this.attempts = attempts;
		this.pool = pool;
		this.history = history;
	}

	/** Returns the connection of a transport, which may have just become one. */
	@Nullable Connection made(ClientTransport transport) {
		if (!this.attempts.isOf(transport)) {
			return this.pool.find(transport);
		}
		this.owner.connectFinished(this.addrConn, this.attempts.elapsedNanos(), Status.OK);
		this.owner.connectionReady(this.addrConn, transport);
		return this.attempts.succeeded();
	}

	/**
	 * Begins to replace the oldest connection that is due. It does not wait for a
	 * backoff: whoever asks has a reason.
	 * @return whether an attempt has begun
	 */
	boolean renew() {
		if (this.attempts.isRunning() || this.pool.due() == null || this.pool.whyNotServing() != null) {
			return false;
		}
		begin("renewing", true);
		return true;
	}

	/** Does what is wanted now, unless an attempt runs or waits. */
	void goOn() {
		if (this.pool.due() != null && canBegin()) {
			this.owner.renewalDue(this.addrConn);
		}
		if (this.pool.wantsMore(canBegin())) {
			begin("one more connection, for more streams", false);
			this.pool.wantsMore(false);
		}
	}

	/**
	 * Returns what a connection that has been made takes the place of; {@code null} if it
	 * is one more.
	 */
	@Nullable Connection replaced() {
		return this.renewing ? this.pool.due() : null;
	}

	/**
	 * A connection has been made.
	 * @param replaced what it has taken the place of, {@code null} for none
	 */
	void connected(@Nullable Connection replaced) {
		if (replaced != null || this.pool.size() > 1) {
			this.history.add((replaced != null) ? "renewed" : this.pool.size() + " connections");
			this.owner.renewalEnded(this.addrConn);
		}
		goOn();
	}

	/** A limit of streams has changed. */
	void limitChanged() {
		this.pool.serve();
		goOn();
	}

	/** The attempt has failed: the READY connections go on, and it is tried again. */
	void failed(Status cause) {
		this.history.besideFailed(this.attempts.failures(), this.renewing, cause);
		this.attempts.await();
		this.owner.renewalEnded(this.addrConn);
	}

	/** One of several is lost; another one is made only if it is needed. */
	void lost(boolean proven, Status cause) {
		this.history.lostOne(this.pool.size(), cause);
		if (!proven && canBegin()) {
			this.attempts.await();
		}
		goOn();
	}

	/** The other connections have done without this one for long. */
	void surplus(Connection newest) {
		this.history.add("one connection less, " + (this.pool.size() - 1) + " left");
		this.addrConn.retire(newest, Reasons.SURPLUS);
	}

	private boolean canBegin() {
		// One that is yet to serve may be what is wanted.
		return this.pool.size() > 0 && this.pool.whyNotServing() == null && !this.attempts.isRunning()
				&& !this.attempts.isWaiting();
	}

	private void begin(String why, boolean renews) {
		this.history.add(why);
		this.renewing = renews;
		this.attempts.resetIfProven(this.pool.newest());
		this.attempts.begin();
	}

}
