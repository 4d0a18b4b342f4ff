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

package dev.clientconn.spring.boot.autoconfigure.discovery;

import java.util.Comparator;
import java.util.List;

import dev.clientconn.naming.Address;

/**
 * Puts lists into an order that is the same for each list of one client and another for
 * the next client, so that a fleet with the policy {@code pick_first} does not go to one
 * server. An address that comes or goes does not move the others.
 *
 * @param seed chooses the order
 */
record ClientOrder(long seed) {

	List<Address> of(List<Address> addresses) {
		return addresses.stream()
			.sorted(Comparator.comparingLong((Address address) -> rank(address.addr())).thenComparing(Address::addr))
			.toList();
	}

	/** The finalizer of SplitMix64: each bit of the input changes half of the output. */
	private long rank(String addr) {
		long mixed = this.seed ^ (addr.hashCode() * 0x9E3779B97F4A7C15L);
		mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
		mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
		return mixed ^ (mixed >>> 31);
	}

}
