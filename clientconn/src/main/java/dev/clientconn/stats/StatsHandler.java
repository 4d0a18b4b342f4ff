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

package dev.clientconn.stats;

import java.util.List;

import dev.clientconn.naming.Address;
import io.grpc.ConnectivityState;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Hears of connection and call events (seed-spec section 14). Every method has an empty
 * default. What a handler throws is logged and dropped.
 */
public interface StatsHandler {

	/** Hears nothing; compared by identity where telling costs something. */
	StatsHandler NOOP = new StatsHandler() {

		@Override
		public String toString() {
			return "StatsHandler.NOOP";
		}

	};

	/**
	 * Returns a handler that tells several, in order. What one of them throws is logged,
	 * at WARN once per class and then at DEBUG, and does not reach the caller or the
	 * others.
	 * @param handlers the handlers
	 * @return one handler; {@link #NOOP} if there is none to tell
	 */
	static StatsHandler of(List<StatsHandler> handlers) {
		if (handlers.isEmpty()) {
			return NOOP;
		}
		List<StatsHandler> told = handlers.stream().filter((handler) -> handler != NOOP).toList();
		return told.isEmpty() ? NOOP : new SafeStatsHandler(told);
	}

	/**
	 * Tells that an address changed its state.
	 * @param target the dial target
	 * @param address the address
	 * @param from its state before
	 * @param to its state now
	 * @param cause why, for TRANSIENT_FAILURE and SHUTDOWN; otherwise OK
	 */
	default void stateChanged(String target, Address address, ConnectivityState from, ConnectivityState to,
			Status cause) {
	}

	/**
	 * Tells that a connection attempt ended. One that was given up, because its address
	 * was removed, went idle or was closed, is neither a success nor a failure, and is
	 * not told.
	 * @param target the dial target
	 * @param address the address
	 * @param durationNanos nanoseconds from the start of the attempt
	 * @param outcome OK if the connection is READY, else why it failed
	 */
	default void connectFinished(String target, Address address, long durationNanos, Status outcome) {
	}

	/**
	 * Tells that a connection is READY, after its attempt has finished.
	 * @param target the dial target
	 * @param address the address
	 * @param security how what it carries is protected
	 */
	default void connectionReady(String target, Address address, SecurityLevel security) {
	}

	/**
	 * Tells that a READY connection has ended: it takes no new calls; those that it has
	 * may go on for a while. Exactly once after each {@link #connectionReady}, so that
	 * the difference is the number of open ones.
	 * @param target the dial target
	 * @param address the address
	 * @param lifetimeNanos nanoseconds since it became READY
	 * @param reason why
	 */
	default void connectionEnded(String target, Address address, long lifetimeNanos, DisconnectReason reason) {
	}

	/**
	 * Tells that the server asked for the end of a connection.
	 * @param target the dial target
	 * @param address the address
	 * @param reason the error code and debug data of the GOAWAY frame as a status
	 */
	default void goAwayReceived(String target, Address address, Status reason) {
	}

	/**
	 * Tells that an address list is in use now.
	 * @param target the dial target
	 * @param version counts the lists of the target, from 1 on
	 * @param addresses the whole list, as the resolver gave it
	 */
	default void listApplied(String target, long version, List<Address> addresses) {
	}

	/**
	 * Tells that a call has started, and may follow it.
	 * @param target the dial target
	 * @param method the method
	 * @return hears of the call's events, or {@code null} for no interest
	 */
	default @Nullable RpcStats rpcStarted(String target, MethodDescriptor<?, ?> method) {
		return null;
	}

}
