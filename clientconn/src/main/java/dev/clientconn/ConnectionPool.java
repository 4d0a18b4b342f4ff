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
import java.util.ArrayList;
import java.util.List;

import dev.clientconn.time.Scheduler;
import dev.clientconn.transport.ClientTransport;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one address, oldest first, those without calls apart; knows when
 * there are too few or too many, and when one is too old. Only in the serial context.
 */
final class ConnectionPool {

	/** How often in {@code scaleDownAfter} it is looked whether all are needed. */
	private static final int LOOKS = 4;

	private final AddrConn addrConn;

	private final SerialExecutor serial;

	private final Scheduler scheduler;

	private final Pacing pacing;

	private List<Connection> connections = List.of();

	/** Made, but their servers do not serve: no calls go there. */
	private List<Connection> aside = List.of();

	/** There if streams are reserved: there are several connections, or may be. */
	private @Nullable StreamSlots slots;

	private Scheduler.@Nullable Timer surplusTimer;

	private int calmLooks;

	ConnectionPool(AddrConn addrConn, SerialExecutor serial, AddrConnSettings settings) {
		this.addrConn = addrConn;
		this.serial = serial;
		this.scheduler = settings.scheduler();
		this.pacing = settings.pacing();
	}

	/** Adds one that is READY, or is it again. */
	void add(Connection connection) {
		this.aside = SmallList.without(this.aside, connection);
		this.connections = SmallList.with(this.connections, connection);
		age(connection);
	}

	/** Adds one whose server does not serve, or takes it from calls. */
	void setAside(Connection connection, Status why) {
		remove(connection);
		connection.setNotServing(why);
		this.aside = SmallList.with(this.aside, connection);
	}

	void remove(Connection connection) {
		this.connections = SmallList.without(this.connections, connection);
		this.aside = SmallList.without(this.aside, connection);
		connection.ageTimer(null);
	}

	/** Takes all out. */
	List<Connection> removeAll() {
		List<Connection> all = all();
		all.forEach(this::remove);
		return all;
	}

	/** Also those without calls. */
	List<Connection> all() {
		List<Connection> all = new ArrayList<>(this.connections);
		all.addAll(this.aside);
		return all;
	}

	@Nullable Connection find(ClientTransport transport) {
		Connection ready = find(transport, this.connections);
		return (ready != null) ? ready : find(transport, this.aside);
	}

	private static @Nullable Connection find(ClientTransport transport, List<Connection> among) {
		for (Connection connection : among) {
			if (connection.transport() == transport) {
				return connection;
			}
		}
		return null;
	}

	boolean isEmpty() {
		return this.connections.isEmpty() && this.aside.isEmpty();
	}

	boolean isReady(Connection connection) {
		return this.connections.contains(connection);
	}

	/** Why there are connections without calls; {@code null} if there are none. */
	@Nullable Status whyNotServing() {
		return this.aside.isEmpty() ? null : this.aside.get(0).notServing();
	}

	/** Of at least one. */
	Connection oldest() {
		return this.connections.get(0);
	}

	/** Of at least one. */
	Connection newest() {
		return this.connections.get(this.connections.size() - 1);
	}

	/** Of those that are READY. */
	int size() {
		return this.connections.size();
	}

	/** What is here now is to be replaced. */
	void setDue() {
		this.connections.forEach(Connection::setDue);
		this.aside.forEach(Connection::setDue);
	}

	/** The oldest one that is to be replaced; {@code null} if there is none. */
	@Nullable Connection due() {
		for (Connection connection : this.connections) {
			if (connection.isDue()) {
				return connection;
			}
		}
		return null;
	}

	/** Where calls reserve streams; {@code null} if they need not. */
	@Nullable StreamSlots slots() {
		return this.slots;
	}

	/** Takes over what has changed: connections, or how many there may be. */
	void changed() {
		boolean reserves = size() > 1 || (size() == 1 && this.pacing.maxConnections() > 1);
		StreamSlots before = this.slots;
		if (reserves) {
			StreamSlots now = (before != null) ? before
					: new StreamSlots(() -> this.serial.execute(this.addrConn.upkeep()::goOn));
			this.slots = now;
			this.connections.forEach((connection) -> connection.reservedAt(now));
			now.connections(this.connections, this.pacing.connections().minHeadroom());
		}
		else if (before != null) {
			this.slots = null;
			this.connections.forEach((connection) -> connection.reservedAt(null));
			// After the new state, and what the balancer does about it.
			this.serial.execute(before::close);
		}
		endSurplusTimer();
		if (size() > 1) {
			this.calmLooks = 0;
			lookForSurplus();
		}
	}

	/** A limit has changed. */
	void serve() {
		if (this.slots != null) {
			this.slots.serve();
		}
	}

	/**
	 * Returns whether another connection is needed and allowed. If not, and one can be
	 * made now, {@link Upkeep#goOn} follows once it is.
	 * @param canGrow whether one can be made now
	 */
	boolean wantsMore(boolean canGrow) {
		return this.slots != null && this.slots.isShort(canGrow && size() < this.pacing.maxConnections());
	}

	/** Counts ages anew: the greatest one may have changed. */
	void rearm() {
		this.connections.forEach(this::age);
	}

	private void age(Connection connection) {
		Duration maxAge = this.pacing.maxAge();
		if (maxAge == null) {
			connection.ageTimer(null);
			return;
		}
		Duration left = maxAge.minusNanos(this.scheduler.nanoTime() - connection.readyNanos());
		connection.ageTimer(this.scheduler.schedule(() -> this.serial.execute(() -> {
			if (this.connections.contains(connection)) {
				connection.setDue();
				this.addrConn.upkeep().goOn();
			}
		}), left.isNegative() ? Duration.ZERO : left));
	}

	private void lookForSurplus() {
		this.surplusTimer = this.scheduler.schedule(() -> this.serial.execute(this::looked),
				this.pacing.connections().scaleDownAfter().dividedBy(LOOKS));
	}

	private void looked() {
		StreamSlots current = this.slots;
		if (this.surplusTimer == null || current == null) {
			return;
		}
		this.calmLooks = current.wasCalm() ? this.calmLooks + 1 : 0;
		if (this.calmLooks >= LOOKS) {
			this.addrConn.upkeep().surplus(newest());
		}
		else {
			lookForSurplus();
		}
	}

	private void endSurplusTimer() {
		if (this.surplusTimer != null) {
			this.surplusTimer.cancel();
			this.surplusTimer = null;
		}
	}

}
