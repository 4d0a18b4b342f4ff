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
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

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

	private final Scheduler scheduler;

	/** Asked for each transport, as it may change. */
	private final Supplier<Duration> bound;

	/** Is told of each before: what is no call must not keep it. */
	private final Consumer<ClientTransport> onLeave;

	private final Map<ClientTransport, Scheduler.Timer> timers = new ConcurrentHashMap<>(2);

	LeavingTransports(Scheduler scheduler, Supplier<Duration> bound, Consumer<ClientTransport> onLeave) {
		this.scheduler = scheduler;
		this.bound = bound;
		this.onLeave = onLeave;
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
			this.onLeave.accept(transport);
			add(transport, address);
			transport.drain(reason);
		}
	}

	/**
	 * Has a transport finish its calls, which may take their time: its server is well,
	 * and nothing waits for its end.
	 */
	void drainUnbounded(ClientTransport transport, Status reason) {
		this.onLeave.accept(transport);
		this.timers.put(transport, UNBOUNDED);
		transport.drain(reason);
	}

	/** Ends a transport, with its calls, which needs no bound of ours. */
	void close(ClientTransport transport, Status reason) {
		this.onLeave.accept(transport);
		this.timers.put(transport, CLOSING);
		transport.close(reason);
	}

	/** From now on each of them is bounded. */
	void boundAll(Address address) {
		this.timers.forEach((transport, timer) -> {
			if (timer == UNBOUNDED) {
				add(transport, address);
			}
		});
	}

	/** A transport has ended; returns whether it was one of these. */
	boolean ended(ClientTransport transport) {
		Scheduler.Timer timer = this.timers.remove(transport);
		if (timer != null) {
			timer.cancel();
		}
		return timer != null;
	}

	void closeAll(Status reason) {
		this.timers.keySet().forEach((transport) -> transport.close(reason));
	}

	boolean isEmpty() {
		return this.timers.isEmpty();
	}

	int count() {
		return this.timers.size();
	}

	private void add(ClientTransport transport, Address address) {
		Duration within = this.bound.get();
		this.timers.put(transport, this.scheduler.schedule(() -> transport.close(overdue(address, within)), within));
	}

	private static Status overdue(Address address, Duration within) {
		return Status.UNAVAILABLE.withDescription(
				address + ": the connection was drained and the call did not end within " + within.toMillis() + " ms");
	}

	int callsInFlight() {
		return this.timers.keySet().stream().mapToInt((transport) -> transport.snapshot().activeStreams()).sum();
	}

}
