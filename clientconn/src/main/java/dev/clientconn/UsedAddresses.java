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

import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import dev.clientconn.naming.Address;

/**
 * Where the attempts of one call have gone. They share it, so that each can go elsewhere.
 * Any thread.
 */
final class UsedAddresses {

	@SuppressWarnings("rawtypes")
	private static final AtomicReferenceFieldUpdater<UsedAddresses, Set> ALL = AtomicReferenceFieldUpdater
		.newUpdater(UsedAddresses.class, Set.class, "all");

	private volatile Set<Address> all = Set.of();

	/** Returns them in the order of the picks; not changed by later ones. */
	Set<Address> all() {
		return this.all;
	}

	/**
	 * Takes note that an attempt goes to an address. In one step with the question
	 * whether another one went there: two hedges that pick at the same time part here.
	 * @return whether no other attempt has gone there
	 */
	boolean add(Address address) {
		while (true) {
			Set<Address> known = this.all;
			for (Address each : known) {
				if (each.addr().equals(address.addr())) {
					return false;
				}
			}
			Set<Address> more = new LinkedHashSet<>(known);
			more.add(address);
			if (ALL.compareAndSet(this, known, more)) {
				return true;
			}
		}
	}

}
