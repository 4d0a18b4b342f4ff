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

import java.util.Set;

import dev.clientconn.naming.Address;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/**
 * The call that an address is picked for.
 */
public interface PickOptions {

	/**
	 * Returns the method.
	 * @return the descriptor
	 */
	MethodDescriptor<?, ?> method();

	/**
	 * Returns the call's options.
	 * @return the options
	 */
	CallOptions callOptions();

	/**
	 * Returns the request headers; a balancer may read and add, before it returns.
	 * @return mutable headers
	 */
	Metadata headers();

	/**
	 * Tells whether the call waits for a READY address ({@code BlockingWait} in Go).
	 * @return {@code true} for wait-for-ready, {@code false} for fail-fast
	 */
	boolean waitForReady();

	/**
	 * Returns the addresses that earlier attempts of this call went to. A balancer picks
	 * another one where it can, and one of these rather than none: it is for the call to
	 * refuse what it must not have.
	 * @return addresses as they were described when they were picked; empty for a first
	 * attempt
	 */
	default Set<Address> avoid() {
		return Set.of();
	}

	/**
	 * Tells whether an address is one to {@linkplain #avoid() avoid}, whatever a newer
	 * list says of it.
	 * @param address the address that could be picked
	 * @return {@code true} if an earlier attempt of this call went there
	 */
	default boolean avoids(Address address) {
		for (Address each : avoid()) {
			if (each.addr().equals(address.addr())) {
				return true;
			}
		}
		return false;
	}

}
