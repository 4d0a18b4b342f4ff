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

package dev.clientconn.naming;

import java.util.Map;
import java.util.concurrent.Executor;

import dev.clientconn.time.Scheduler;
import io.grpc.ConnectivityState;

/**
 * Turns targets of one scheme into address lists that stay current.
 * <p>
 * One resolver serves many ClientConns; all state of one of them lives in the
 * {@link Resolution}. Resolvers that do the same should be equal, or be the same object:
 * an update with another one connects anew.
 */
public interface Resolver {

	/**
	 * Returns the target scheme that this resolver serves, such as {@code dns}.
	 * @return lower-case scheme without the colon
	 */
	String scheme();

	/**
	 * Returns the authority that calls to the target carry and that TLS verifies.
	 * @param target the parsed target
	 * @return {@code host} or {@code host:port}, never empty
	 * @throws IllegalArgumentException if the target does not fit the scheme; the message
	 * says what was wrong and shows a correct example
	 */
	String authority(Target target);

	/**
	 * Starts to resolve, and returns at once whatever the name service does. Lists and
	 * errors go to the listener until the resolution is closed.
	 * @param target the parsed target
	 * @param context executor and time for the work
	 * @param listener receives full lists and errors
	 * @return a handle to refresh and to stop
	 * @throws IllegalArgumentException if the target does not fit the scheme
	 */
	Resolution resolve(Target target, Context context, AddressListener listener);

	/**
	 * Returns whether {@link #resolve} and all methods of its {@link Resolution} keep the
	 * promise not to block, whatever happens: none waits for a lock that is held for
	 * long, a file or a name service. They are then called where an event is handled, on
	 * an event loop for instance, and connections need no thread of the pool for their
	 * control tasks.
	 * @return {@code true} for the built-in ones; {@code false} unless overridden, where
	 * they are called on threads of the pool
	 */
	default boolean isNonBlocking() {
		return false;
	}

	/**
	 * Returns the built-in resolvers by scheme: {@code dns}, {@code static} and
	 * {@code unix}.
	 * @return an immutable map, always the same
	 */
	static Map<String, Resolver> defaults() {
		return DefaultResolvers.BY_SCHEME;
	}

	/**
	 * What a resolution works with.
	 *
	 * @param blocking runs look-ups that block; never an event loop
	 * @param scheduler time and timers
	 * @param connectivity what the ClientConn's own connections say of an address
	 */
	record Context(Executor blocking, Scheduler scheduler, Connectivity connectivity) {

		/**
		 * Creates a context without connections: every address is IDLE.
		 * @param blocking runs look-ups that block; never an event loop
		 * @param scheduler time and timers
		 */
		public Context(Executor blocking, Scheduler scheduler) {
			this(blocking, scheduler, (address) -> ConnectivityState.IDLE);
		}

	}

	/**
	 * The connections as a witness: a name service may be wrong about an address that
	 * answers calls.
	 */
	@FunctionalInterface
	interface Connectivity {

		/**
		 * Returns the state of an address. Any thread may call; never blocks.
		 * @param address an address, found by {@link Address#addr()}
		 * @return its state, where a failure lasts until READY as it does for calls;
		 * {@code IDLE} if the ClientConn does not know the address
		 */
		ConnectivityState of(Address address);

	}

}
