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

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;

import dev.clientconn.naming.Address;

/**
 * Where the attempts of one call have gone. They share it, so that each can go elsewhere.
 * Any thread.
 */
final class UsedAddresses {

	@SuppressWarnings("rawtypes")
	private static final AtomicReferenceFieldUpdater<UsedAddresses, Map> ALL = AtomicReferenceFieldUpdater
		.newUpdater(UsedAddresses.class, Map.class, "all");

	/** Each with the attempt that went there first; never changed. */
	private volatile Map<Address, Object> all = Map.of();

	/** Returns them in the order of the picks; not changed by later ones. */
	Set<Address> all() {
		return Collections.unmodifiableSet(this.all.keySet());
	}

	/**
	 * Takes note that an attempt goes to an address. In one step with the question
	 * whether another one went there: two hedges that pick at the same time part here.
	 * @param attempt may go back where it has been
	 * @return whether no other attempt has gone there
	 */
	boolean add(Address address, Object attempt) {
		while (true) {
			Map<Address, Object> known = this.all;
			for (Map.Entry<Address, Object> each : known.entrySet()) {
				if (each.getKey().addr().equals(address.addr())) {
					return each.getValue() == attempt;
				}
			}
			Map<Address, Object> more = new LinkedHashMap<>(known);
			more.put(address, attempt);
			if (ALL.compareAndSet(this, known, more)) {
				return true;
			}
		}
	}

}
