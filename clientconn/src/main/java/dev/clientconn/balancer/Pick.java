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

import java.util.Objects;

import dev.clientconn.naming.Address;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A balancer's answer for one call. Immutable; balancers keep one per address and hand it
 * out again, so that a pick allocates nothing.
 */
public final class Pick {

	private static final Pick QUEUE = new Pick(null, null, Status.OK);

	private final @Nullable Address address;

	private final @Nullable Put put;

	private final Status failure;

	private Pick(@Nullable Address address, @Nullable Put put, Status failure) {
		this.address = address;
		this.put = put;
		this.failure = failure;
	}

	/**
	 * Sends the call to an address.
	 * @param address an address of the last list
	 * @return the pick
	 */
	public static Pick of(Address address) {
		return new Pick(Objects.requireNonNull(address, "address"), null, Status.OK);
	}

	/**
	 * Sends the call to an address and hears of its end.
	 * @param address an address of the last list
	 * @param put called exactly once when the call's attempt has ended, or when the
	 * address turned out not to be usable (seed-spec K43)
	 * @return the pick
	 */
	public static Pick of(Address address, Put put) {
		return new Pick(Objects.requireNonNull(address, "address"), Objects.requireNonNull(put, "put"), Status.OK);
	}

	/**
	 * Has the call wait until something changes.
	 * @return the pick
	 */
	public static Pick queue() {
		return QUEUE;
	}

	/**
	 * Ends the call, wait-for-ready or not.
	 * @param status why, not OK
	 * @return the pick
	 * @throws IllegalArgumentException if the status is OK
	 */
	public static Pick fail(Status status) {
		if (status.isOk()) {
			throw new IllegalArgumentException("status: OK (expected: an error)");
		}
		return new Pick(null, null, status);
	}

	/**
	 * Returns the chosen address.
	 * @return the address, or {@code null} to queue or to fail
	 */
	public @Nullable Address address() {
		return this.address;
	}

	/**
	 * Returns what to call when the attempt ends.
	 * @return the callback, or {@code null} if there is none
	 */
	public @Nullable Put put() {
		return this.put;
	}

	/**
	 * Returns why the call fails.
	 * @return an error, or OK if the call is not to fail
	 */
	public Status failure() {
		return this.failure;
	}

	/**
	 * Hears of the end of an attempt.
	 */
	@FunctionalInterface
	public interface Put {

		/**
		 * Tells that the attempt has ended. Runs on an event loop or on the call's thread
		 * and must not block.
		 * @param status how it ended
		 */
		void put(Status status);

	}

}
