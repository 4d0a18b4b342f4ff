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

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.clientconn.naming.Address;

/**
 * Orders addresses so that one broken IP family cannot hold all others up (RFC 8305
 * section 4).
 */
final class AddressFamilies {

	private enum Family {

		IPV6, IPV4, NAMED

	}

	private AddressFamilies() {
	}

	/**
	 * Takes one address of each family in turn, beginning with the family of the first.
	 * @param addresses in order of preference
	 * @return all of them; the order within a family is kept
	 */
	static List<Address> interleave(Collection<Address> addresses) {
		Map<Family, Deque<Address>> families = new LinkedHashMap<>();
		for (Address address : addresses) {
			families.computeIfAbsent(familyOf(address), (family) -> new ArrayDeque<>()).add(address);
		}
		List<Address> interleaved = new ArrayList<>(addresses.size());
		while (interleaved.size() < addresses.size()) {
			for (Deque<Address> family : families.values()) {
				if (!family.isEmpty()) {
					interleaved.add(family.remove());
				}
			}
		}
		return interleaved;
	}

	private static Family familyOf(Address address) {
		if (address.isUnix()) {
			return Family.NAMED;
		}
		String host = address.host();
		if (host.indexOf(':') >= 0) {
			return Family.IPV6;
		}
		boolean numeric = host.chars().allMatch((character) -> character == '.' || Character.isDigit(character));
		return numeric ? Family.IPV4 : Family.NAMED;
	}

}
