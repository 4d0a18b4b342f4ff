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

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.clientconn.naming.Address;
import io.grpc.ConnectivityState;
import org.jspecify.annotations.Nullable;

/**
 * The list of {@link PickFirst} with what is known of each address. Used only in the
 * serial context.
 */
final class MemberList {

	private List<Member> order = List.of();

	private final Map<String, Member> members = new HashMap<>();

	/**
	 * Takes a new list over.
	 * @param list may have duplicates
	 * @param chosen kept if the list has its address, even if the last one did not
	 * @return whether members or their order changed
	 */
	boolean update(List<Address> list, @Nullable Member chosen) {
		Map<String, Member> known = new HashMap<>(this.members);
		if (chosen != null) {
			known.put(chosen.address.addr(), chosen);
		}
		List<Member> updated = new ArrayList<>(list.size());
		this.members.clear();
		Map<String, Address> distinct = new LinkedHashMap<>();
		list.forEach((address) -> distinct.putIfAbsent(address.addr(), address));
		for (Address address : AddressFamilies.interleave(distinct.values())) {
			Member member = known.computeIfAbsent(address.addr(), (addr) -> new Member(address));
			member.address = address;
			updated.add(member);
			this.members.put(address.addr(), member);
		}
		boolean changed = !updated.equals(this.order);
		this.order = updated;
		return changed;
	}

	/**
	 * Returns the addresses in the order of a pass.
	 * @return not changed by later updates
	 */
	List<Member> order() {
		return this.order;
	}

	@Nullable Member find(Address address) {
		return this.members.get(address.addr());
	}

	boolean contains(Member member) {
		return this.members.get(member.address.addr()) == member;
	}

	/**
	 * Forgets an address that was shut down: in a later list it is a new one.
	 */
	void forget(Member member) {
		this.members.remove(member.address.addr(), member);
	}

	void clear() {
		this.order = List.of();
		this.members.clear();
	}

	/**
	 * An address of the list.
	 */
	static final class Member {

		/** As the last list described it. */
		Address address;

		ConnectivityState state = ConnectivityState.IDLE;

		/** It was asked to go IDLE and has not yet done so. */
		boolean idleAsked;

		/** It has failed since the pass came to it. */
		boolean failed;

		Member(Address address) {
			this.address = address;
		}

		boolean isIdleOrWillBe() {
			return this.state == ConnectivityState.IDLE || this.idleAsked;
		}

	}

}
