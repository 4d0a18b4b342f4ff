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

package dev.clientconn.balancer;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Delivers the address lists of one ClientConn and picks an address for each call:
 * grpc-go's balancer of 2017, with its five verbs (seed-spec section 12).
 * <p>
 * A balancer belongs to one ClientConn. {@link #start}, {@link #up}, the {@link Down}
 * that it returns, {@link #stateChanged} and {@link #close} are called from the
 * ClientConn's serial queue, one at a time and in order; they may call back into the
 * ClientConn (seed-spec K51). {@link #get} is called by any number of threads at once.
 * <p>
 * A balancer may follow another one over connections that exist already: then, after its
 * first list, it is told the state of each address, and {@code up} for each that is
 * READY. It takes over once {@link #get} gives a READY address; until then what it asks
 * of {@link BalancerConfig.Control} is kept, and its lists are, too.
 */
public interface Balancer {

	/**
	 * Starts the notify stream. Called once. Address lists go to the listener, now or
	 * later, from any thread: always full lists, never deltas. It must not wait for the
	 * first list.
	 * @param target the dial target as the user wrote it
	 * @param config what the balancer works with
	 * @param listener receives the full lists ({@code Notify} in Go)
	 * @throws RuntimeException to fail the dial; {@link #close} is called then too
	 */
	void start(String target, BalancerConfig config, AddressListener listener);

	/**
	 * Tells that an address has become usable. Strictly alternates with the returned
	 * {@link Down} for each address.
	 * @param address an address of the last list, whose connection is READY
	 * @return called once when the address stops being usable; {@code null} if that is of
	 * no interest
	 */
	@Nullable Down up(Address address);

	/**
	 * Chooses for one call, without blocking: an address; "queue", after which the call
	 * is asked for again when anything changes (a fail-fast call fails instead while the
	 * ClientConn is in TRANSIENT_FAILURE); or "fail". An address that is not READY is
	 * treated like "queue", except that a fail-fast call fails if that address is in
	 * TRANSIENT_FAILURE and is chosen again when the call is asked for anew.
	 * @param options the call
	 * @return the choice
	 */
	Pick get(PickOptions options);

	/**
	 * Tells every change of an address's connectivity, in order, before {@link #up} and
	 * after {@link Down#down}.
	 * @param address the address
	 * @param state its new state
	 * @param cause why it is in TRANSIENT_FAILURE or SHUTDOWN, otherwise OK
	 */
	default void stateChanged(Address address, ConnectivityState state, Status cause) {
	}

	/**
	 * Tells whether the ClientConn connects every listed address at once, as grpc-go of
	 * 2017 did. Otherwise addresses start IDLE and connect when the balancer calls
	 * {@link BalancerConfig.Control#connect}. Must be constant.
	 * @return {@code true} to connect all
	 */
	default boolean connectsAll() {
		return true;
	}

	/**
	 * Tells whether an address is READY for it only while its server says that it serves,
	 * where health checks are on. Must be constant.
	 * @return {@code false} for all that are connected
	 */
	default boolean checksHealth() {
		return true;
	}

	/**
	 * Asks for a fresh address list soon, because a connection was lost or refused. May
	 * be called from the serial queue only; must not block.
	 */
	default void refresh() {
	}

	/**
	 * Ends the notify stream and releases everything. Idempotent (seed-spec K7).
	 */
	void close();

	/**
	 * Called when an address stops being usable.
	 */
	@FunctionalInterface
	interface Down {

		/**
		 * Tells that the address is not usable any more.
		 * @param reason why
		 * @param temporary whether the ClientConn tries to connect to it again
		 */
		void down(Status reason, boolean temporary);

	}

}
