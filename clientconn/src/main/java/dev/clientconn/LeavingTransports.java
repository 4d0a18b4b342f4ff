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
import java.util.List;

import dev.clientconn.naming.Address;
import dev.clientconn.time.Scheduler;
import dev.clientconn.transport.ClientTransport;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one address that have been told to end, each with the timer that
 * bounds its drain, if it is bounded. Written in the serial context, counted by any
 * thread.
 */
final class LeavingTransports {

	private static final Scheduler.Timer UNBOUNDED = () -> {
	};

	private static final Scheduler.Timer CLOSING = () -> {
	};

	private final AddrConnSettings settings;

	/** Is told of each before: what is no call must not keep it. */
	private final HealthChecks health;

	/** Few: an address seldom has more than one or two. */
	private final SmallList<Leaving> all = new SmallList<>();

	LeavingTransports(AddrConnSettings settings, HealthChecks health) {
		this.settings = settings;
		this.health = health;
	}

	/** Ends a transport: with its calls, unless the reason is to drain or to rest. */
	void end(ClientTransport transport, Address address, Status reason) {
		if (reason == Reasons.DRAIN || reason == Reasons.IDLE) {
			drain(transport, address, reason);
		}
		else {
			close(transport, reason);
		}
	}

	/** Has a transport, if there is one, finish its calls within the bound. */
	void drain(@Nullable ClientTransport transport, Address address, Status reason) {
		if (transport != null) {
			this.health.ended(transport);
			// First: the timer then finds the event loop awake, and need not wake it.
			transport.drain(reason);
			add(transport, address);
		}
	}

	/**
	 * Has a transport finish its calls, which may take their time: its server is well,
	 * and nothing waits for its end.
	 */
	void drainUnbounded(ClientTransport transport, Status reason) {
		this.health.ended(transport);
		put(transport, UNBOUNDED);
		transport.drain(reason);
	}

	/** Ends a transport, with its calls, which needs no bound of ours. */
	void close(ClientTransport transport, Status reason) {
		this.health.ended(transport);
		put(transport, CLOSING);
		transport.close(reason);
	}

	/** From now on each of them is bounded. */
	void boundAll(Address address) {
		for (Leaving each : this.all) {
			if (each.timer == UNBOUNDED) {
				add(each.transport, address);
			}
		}
	}

	/** A transport has ended; returns whether it was one of these. */
	boolean ended(ClientTransport transport) {
		Leaving known = find(transport);
		if (known != null) {
			remove(known);
		}
		return known != null;
	}

	void closeAll(Status reason) {
		this.all.forEach((each) -> each.transport.close(reason));
	}

	boolean isEmpty() {
		return this.all.isEmpty();
	}

	int count() {
		return this.all.get().size();
	}

	private void add(ClientTransport transport, Address address) {
		Duration within = this.settings.pacing().drainTimeout();
		put(transport, this.settings.scheduler().schedule(() -> transport.close(overdue(address, within)), within));
	}

	/** Whoever counts sees one that drains already all the time. */
	private void put(ClientTransport transport, Scheduler.Timer timer) {
		Leaving before = find(transport);
		this.all.add(new Leaving(transport, timer));
		if (before != null) {
			remove(before);
		}
	}

	private void remove(Leaving leaving) {
		this.all.remove(leaving);
		leaving.timer.cancel();
	}

	private @Nullable Leaving find(ClientTransport transport) {
		List<Leaving> known = this.all.get();
		for (int i = 0; i < known.size(); i++) {
			if (known.get(i).transport == transport) {
				return known.get(i);
			}
		}
		return null;
	}

	private static Status overdue(Address address, Duration within) {
		return Status.UNAVAILABLE.withDescription(
				address + ": the connection was drained and the call did not end within " + within.toMillis() + " ms");
	}

	int callsInFlight() {
		return this.all.get().stream().mapToInt((each) -> each.transport.snapshot().activeStreams()).sum();
	}

	private record Leaving(ClientTransport transport, Scheduler.Timer timer) {
	}

}
