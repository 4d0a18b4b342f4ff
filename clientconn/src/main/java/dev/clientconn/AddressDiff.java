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
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

import dev.clientconn.naming.Address;

/**
 * What a full address list changes (seed-spec K31). What both lists begin and end with is
 * compared and not looked up, so that a list which changes little costs little.
 * Duplicates count once (seed-spec K33).
 *
 * @param added connections to new addresses, in list order
 * @param removed connections to addresses that are not in the list
 */
record AddressDiff(List<AddrConn> added, List<AddrConn> removed) {

	private static final AddressDiff NONE = new AddressDiff(List.of(), List.of());

	/**
	 * Applies a list to the known addresses.
	 * @param before the list that was applied before, empty if there was none
	 * @param list the full list
	 * @param known connections by {@link Address#addr()}, those of the list before;
	 * entries are added and removed
	 * @param create makes the connection to a new address
	 * @return what changed
	 */
	static AddressDiff apply(List<Address> before, List<Address> list, Map<String, AddrConn> known,
			Function<Address, AddrConn> create) {
		if (list == before) {
			return NONE;
		}
		// Of a duplicate one might go, and the other stay where nobody looks.
		boolean distinct = before.size() == known.size();
		int begin = distinct ? sameAtBegin(before, list) : 0;
		int end = distinct ? sameAtEnd(before, list, begin) : 0;
		List<Address> changed = list.subList(begin, list.size() - end);
		Set<String> gone = addrs(before, begin, before.size() - end);
		if (changed.isEmpty() && gone.isEmpty()) {
			return NONE;
		}
		List<AddrConn> added = new ArrayList<>(0);
		boolean duplicates = false;
		for (Address address : changed) {
			AddrConn addrConn = known.get(address.addr());
			if (addrConn == null) {
				addrConn = create.apply(address);
				known.put(address.addr(), addrConn);
				added.add(addrConn);
			}
			else if (gone.remove(address.addr())) {
				addrConn.listed(address);
			}
			else {
				duplicates = true;
			}
		}
		if (duplicates) {
			describeByFirst(list, known);
		}
		List<AddrConn> removed = new ArrayList<>(0);
		for (String addr : gone) {
			AddrConn addrConn = known.remove(addr);
			if (addrConn != null) {
				removed.add(addrConn);
			}
		}
		return new AddressDiff(added, removed);
	}

	/** Never written to if it is empty. */
	private static Set<String> addrs(List<Address> list, int begin, int end) {
		if (begin == end) {
			return Collections.emptySet();
		}
		Set<String> addrs = new LinkedHashSet<>();
		list.subList(begin, end).forEach((address) -> addrs.add(address.addr()));
		return addrs;
	}

	/** Of duplicates the first counts, also where it stands before what is unchanged. */
	private static void describeByFirst(List<Address> list, Map<String, AddrConn> known) {
		Set<String> seen = new HashSet<>();
		for (Address address : list) {
			AddrConn addrConn = known.get(address.addr());
			if (seen.add(address.addr()) && addrConn != null && !addrConn.address().equals(address)) {
				addrConn.listed(address);
			}
		}
	}

	private static int sameAtBegin(List<Address> before, List<Address> list) {
		int most = Math.min(before.size(), list.size());
		int same = 0;
		while (same < most && before.get(same).equals(list.get(same))) {
			same++;
		}
		return same;
	}

	private static int sameAtEnd(List<Address> before, List<Address> list, int begin) {
		int most = Math.min(before.size(), list.size()) - begin;
		int same = 0;
		while (same < most && before.get(before.size() - 1 - same).equals(list.get(list.size() - 1 - same))) {
			same++;
		}
		return same;
	}

}
