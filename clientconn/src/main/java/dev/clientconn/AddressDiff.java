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

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

import dev.clientconn.naming.Address;

/**
 * What a full address list changes, in one pass over the list and one over what is known
 * (seed-spec K31). Known addresses are marked with the version of the list, so that
 * nothing is allocated but the two results. Duplicates count once (seed-spec K33).
 *
 * @param added connections to new addresses, in list order
 * @param removed connections to addresses that are not in the list
 */
record AddressDiff(List<AddrConn> added, List<AddrConn> removed) {

	/**
	 * Applies a list to the known addresses.
	 * @param list the full list
	 * @param version its number, larger than any before
	 * @param known connections by {@link Address#addr()}; entries are added and removed
	 * @param create makes the connection to a new address
	 * @return what changed
	 */
	static AddressDiff apply(List<Address> list, long version, Map<String, AddrConn> known,
			Function<Address, AddrConn> create) {
		List<AddrConn> added = new ArrayList<>(0);
		int distinct = 0;
		for (Address address : list) {
			AddrConn addrConn = known.get(address.addr());
			if (addrConn == null) {
				addrConn = create.apply(address);
				known.put(address.addr(), addrConn);
				added.add(addrConn);
			}
			else if (addrConn.listVersion() == version) {
				continue;
			}
			distinct++;
			addrConn.listed(address, version);
		}
		List<AddrConn> removed = new ArrayList<>(0);
		if (distinct < known.size()) {
			known.values().removeIf((addrConn) -> {
				boolean gone = addrConn.listVersion() != version;
				if (gone) {
					removed.add(addrConn);
				}
				return gone;
			});
		}
		return new AddressDiff(added, removed);
	}

}
