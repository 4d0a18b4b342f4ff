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

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import dev.clientconn.transport.ClientTransport;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The state of one address, immutable, published as a whole to call threads.
 *
 * @param state the connectivity
 * @param connection the oldest connection, present exactly in READY
 * @param slots where calls reserve a stream, on whichever connection; {@code null} if
 * they need not
 * @param failures attempts in a row without a connection that lived or served
 * @param reason why, present exactly in TRANSIENT_FAILURE, SHUTDOWN and in CONNECTING
 * after a failure
 * @param sinceMillis when the state was entered, wall clock
 * @param nextAttemptMillis when the backoff ends, wall clock; 0 outside
 * TRANSIENT_FAILURE, and there while a connection is made whose server does not serve
 */
record AddrConnState(ConnectivityState state, @Nullable Connection connection, @Nullable StreamSlots slots,
		int failures, @Nullable Status reason, long sinceMillis, long nextAttemptMillis) {

	private static final Map<ConnectivityState, Set<ConnectivityState>> SUCCESSORS = new EnumMap<>(
			ConnectivityState.class);

	static {
		SUCCESSORS.put(ConnectivityState.IDLE, EnumSet.of(ConnectivityState.CONNECTING, ConnectivityState.SHUTDOWN));
		SUCCESSORS.put(ConnectivityState.CONNECTING, EnumSet.of(ConnectivityState.READY,
				ConnectivityState.TRANSIENT_FAILURE, ConnectivityState.IDLE, ConnectivityState.SHUTDOWN));
		// From READY to READY: another connection took over.
		SUCCESSORS.put(ConnectivityState.READY, EnumSet.allOf(ConnectivityState.class));
		// To READY, or to itself for another reason: a connection whose server does not
		// serve.
		SUCCESSORS.put(ConnectivityState.TRANSIENT_FAILURE, EnumSet.allOf(ConnectivityState.class));
		SUCCESSORS.put(ConnectivityState.SHUTDOWN, EnumSet.noneOf(ConnectivityState.class));
	}

	AddrConnState {
		if ((connection != null) != (state == ConnectivityState.READY)) {
			throw new IllegalArgumentException(state + " with connection " + connection);
		}
		if (slots != null && connection == null) {
			throw new IllegalArgumentException(state + " with streams to reserve");
		}
		boolean explains = state == ConnectivityState.TRANSIENT_FAILURE || state == ConnectivityState.SHUTDOWN
				|| (state == ConnectivityState.CONNECTING && failures > 0);
		// A connection that is lost and at once replaced has a reason, but has not
		// failed.
		boolean mayExplain = explains || state == ConnectivityState.CONNECTING;
		if ((reason != null) ? !mayExplain : explains) {
			throw new IllegalArgumentException(state + " after " + failures + " failures with reason " + reason);
		}
		if (failures < 0 || (state == ConnectivityState.TRANSIENT_FAILURE && failures == 0)) {
			throw new IllegalArgumentException(state + " with " + failures + " failures");
		}
	}

	static AddrConnState idle(long now) {
		return new AddrConnState(ConnectivityState.IDLE, null, null, 0, null, now, 0);
	}

	static AddrConnState connecting(int failures, @Nullable Status lastFailure, long now) {
		return new AddrConnState(ConnectivityState.CONNECTING, null, null, failures, lastFailure, now, 0);
	}

	/** READY as before, on other connections; or none of them serves, or no longer. */
	AddrConnState on(ConnectionPool pool, long now) {
		Status why = pool.whyNotServing();
		if (pool.size() == 0 && why != null) {
			return notServing(why, now);
		}
		return new AddrConnState(ConnectivityState.READY, pool.oldest(), pool.slots(), this.failures, null,
				(this.state == ConnectivityState.READY) ? this.sinceMillis : now, 0);
	}

	static AddrConnState transientFailure(Status reason, int failures, long now, long nextAttemptMillis) {
		return new AddrConnState(ConnectivityState.TRANSIENT_FAILURE, null, null, failures, reason, now,
				nextAttemptMillis);
	}

	/** There are connections, and none takes calls. */
	AddrConnState notServing(Status reason, long now) {
		return new AddrConnState(ConnectivityState.TRANSIENT_FAILURE, null, null, Math.max(1, this.failures), reason,
				isNotServing() ? this.sinceMillis : now, 0);
	}

	static AddrConnState shutdown(Status reason, long now) {
		return new AddrConnState(ConnectivityState.SHUTDOWN, null, null, 0, reason, now, 0);
	}

	@Nullable ClientTransport transport() {
		return (this.connection != null) ? this.connection.transport() : null;
	}

	/**
	 * Tells whether the address has failed and not been READY since: a failure is sticky,
	 * so that fail-fast calls do not wait again during every later attempt (seed-spec
	 * K23).
	 */
	boolean isFailing() {
		return this.state == ConnectivityState.TRANSIENT_FAILURE
				|| (this.state == ConnectivityState.CONNECTING && this.failures > 0);
	}

	/** In TRANSIENT_FAILURE with a connection. */
	boolean isNotServing() {
		return this.state == ConnectivityState.TRANSIENT_FAILURE && this.nextAttemptMillis == 0;
	}

	/** What the address counts as in the state of the whole ClientConn. */
	ConnectivityState effective() {
		return isFailing() ? ConnectivityState.TRANSIENT_FAILURE : this.state;
	}

	AddrConnState requireSuccessor(AddrConnState next, Object who) {
		Set<ConnectivityState> successors = SUCCESSORS.get(this.state);
		if (successors == null || !successors.contains(next.state)) {
			throw new IllegalStateException(who + ": illegal transition from " + this.state + " to " + next.state);
		}
		return next;
	}

}
