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

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.LongAdder;

import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.naming.Address;
import dev.clientconn.time.Scheduler;
import dev.clientconn.transport.TransportSnapshot;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What operators are told of one address: log lines, the last events, and what its calls
 * came to. Events are written in the serial context; any thread counts calls and reads.
 */
final class AddressHistory {

	/** Named after what the lines speak of. */
	private static final Logger logger = LoggerFactory.getLogger(AddrConn.class);

	private static final AtomicLongFieldUpdater<AddressHistory> FAILED = AtomicLongFieldUpdater
		.newUpdater(AddressHistory.class, "failed");

	private final AddrConn addrConn;

	private final String target;

	private final Scheduler scheduler;

	private final EventLog events = new EventLog();

	private final LongAdder succeeded = new LongAdder();

	/** Rare, so that threads seldom meet here. */
	private volatile long failed;

	AddressHistory(AddrConn addrConn, String target, Scheduler scheduler) {
		this.addrConn = addrConn;
		this.target = target;
		this.scheduler = scheduler;
	}

	/** A list has the address; returns whether it says that there is another process. */
	boolean restarted(Address before, Address listed) {
		String was = before.metadata().get(Address.INSTANCE_ID);
		String is = listed.metadata().get(Address.INSTANCE_ID);
		boolean restarted = was != null && is != null && !was.equals(is);
		if (restarted) {
			add("restarted: instance " + is + " after " + was);
		}
		return restarted;
	}

	/** A call's attempt has ended. Any thread. */
	void attemptEnded(Status status) {
		if (status.isOk()) {
			this.succeeded.increment();
		}
		else {
			FAILED.incrementAndGet(this);
		}
	}

	/** The state has changed, and is published. */
	void moved(AddrConnState before, AddrConnState next) {
		if (before.state() == next.state() && Objects.equals(before.reason(), next.reason())) {
			return;
		}
		Status reason = next.reason();
		add((reason != null) ? next.state() + ": " + text(reason) : next.state().toString());
		// One line when an outage of the address begins, one when it ends.
		if (next.isNotServing() || before.isNotServing()) {
			servingChanged(before, next);
		}
		else if (next.state() == ConnectivityState.TRANSIENT_FAILURE && next.failures() == 1) {
			logger.warn("{} - no connection, trying again with backoff: {}", this.addrConn,
					text(Objects.requireNonNull(next.reason())));
		}
		else if (next.state() == ConnectivityState.READY && before.failures() > 0) {
			logger.info("{} - connected again after {} failed attempt{}", this.addrConn, before.failures(),
					(before.failures() == 1) ? "" : "s");
		}
	}

	private void servingChanged(AddrConnState before, AddrConnState next) {
		if (!before.isNotServing()) {
			logger.warn("{} - no calls go there: {}", this.addrConn, text(Objects.requireNonNull(next.reason())));
		}
		else if (next.state() == ConnectivityState.READY) {
			logger.info("{} - serves again", this.addrConn);
		}
	}

	/**
	 * A connection beside READY ones, which go on, could not be made.
	 * @param failures how many in a row
	 * @param renewing whether it was to replace one
	 */
	void besideFailed(int failures, boolean renewing, Status cause) {
		add((renewing ? "renewal failed: " : "no further connection: ") + text(cause));
		if (failures == 1) {
			logger.warn("{} - {}, trying again with backoff: {}", this.addrConn,
					renewing ? "the connection could not be renewed and goes on serving"
							: "no further connection beside those that serve",
					text(cause));
		}
	}

	/** One of several connections is lost. */
	void lostOne(int left, Status cause) {
		add("connection lost, " + left + " left: " + text(cause));
	}

	void add(String what) {
		this.events.add(this.scheduler.currentTimeMillis(), this.addrConn.listVersion(), what);
		if (logger.isDebugEnabled()) {
			logger.debug("{} [{}#{}] - {}", this.target, this.addrConn.address(), this.addrConn.state().failures() + 1,
					what);
		}
	}

	/**
	 * Reads what is published; the state and all that belongs to it are of one moment.
	 */
	AddressState snapshot(LeavingTransports leaving) {
		Address address = this.addrConn.address();
		AddrConnState state = this.addrConn.state();
		Status reason = state.reason();
		StreamSlots slots = state.slots();
		List<TransportSnapshot> ready = connections(state);
		HealthChecks health = this.addrConn.transportEvents().health();
		int inFlight = leaving.callsInFlight()
				+ ready.stream().mapToInt((each) -> each.activeStreams() + each.queuedStreams()).sum();
		if (!ready.isEmpty()) {
			inFlight = Math.max(0, inFlight - health.openStreams());
		}
		int attempts = switch (state.state()) {
			case CONNECTING -> state.failures() + 1;
			case TRANSIENT_FAILURE -> state.isNotServing() ? 0 : state.failures();
			case IDLE, READY, SHUTDOWN -> 0;
		};
		Instant next = (state.nextAttemptMillis() > 0) ? Instant.ofEpochMilli(state.nextAttemptMillis()) : null;
		return new AddressState(address.addr(), address.metadata(), state.state(),
				(reason != null) ? text(reason) : null, Instant.ofEpochMilli(state.sinceMillis()), attempts, next,
				ready, health.seen(state.transport()), leaving.count(), inFlight, (slots != null) ? slots.waiting() : 0,
				this.succeeded.sum(), this.failed, this.events.events());
	}

	private static List<TransportSnapshot> connections(AddrConnState state) {
		StreamSlots slots = state.slots();
		Connection only = state.connection();
		if (slots != null) {
			return slots.connections().stream().map((connection) -> connection.transport().snapshot()).toList();
		}
		return (only != null) ? List.of(only.transport().snapshot()) : List.of();
	}

	private static String text(Status status) {
		String description = status.getDescription();
		return (description != null) ? description : status.getCode().toString();
	}

}
