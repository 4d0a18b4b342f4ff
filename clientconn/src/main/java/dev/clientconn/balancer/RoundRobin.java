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

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Sends calls to all usable addresses in turn, in the order of the list, from a random
 * one on (seed-spec K55). An address whose metadata say a {@linkplain Address#WEIGHT
 * weight} takes as many turns as that, the others one.
 * <p>
 * Which addresses are usable is told by {@link #up} and {@link Down} alone, never by
 * lists, so the two cannot drift apart (seed-spec K2). A burst of events costs one
 * rebuild: the first event queues it behind the others. An address that went down is
 * skipped at once, even before the rebuild. An address that the call has used is skipped
 * while there is another.
 */
final class RoundRobin implements Balancer {

	private static final Member[] NONE = {};

	// Only in the serial context.

	private @Nullable BalancerConfig config;

	private @Nullable Resolution resolution;

	/** May have duplicates. */
	private List<Address> list = List.of();

	/**
	 * The member at each place of the list, {@code null} where there is none; may still
	 * hold members that went down.
	 */
	private @Nullable Member[] places = NONE;

	/** Whether picks read {@link #places} too, so that it must not be written to. */
	private boolean placesShared;

	/** Whether the places have to be looked up before they are used. */
	private boolean placesStale;

	/** Where a member was put last; the next one mostly follows it. */
	private int lastPlace;

	/** Never written to while it is empty. */
	private Map<String, Member> connected = Map.of();

	private boolean rebuildQueued;

	private boolean closed;

	// Read by RPC threads.

	/** Not private: tests bring it near its overflow. */
	final AtomicInteger next = new AtomicInteger();

	private volatile Member[] members = NONE;

	@Override
	public void start(String target, BalancerConfig config, AddressListener listener) {
		this.config = config;
		this.next.set(config.random().nextInt());
		this.resolution = config.resolution().apply(new ListRelay(listener, config.serial(), this::listChanged));
	}

	@Override
	public Down up(Address address) {
		Member member = new Member(address);
		if (this.connected.isEmpty()) {
			this.connected = new HashMap<>(2);
		}
		if (this.connected.put(address.addr(), member) == null) {
			place(member, address);
		}
		else {
			this.placesStale = true;
		}
		queueRebuild();
		return member;
	}

	@Override
	public Pick get(PickOptions options) {
		Member[] members = this.members;
		int index = (members.length > 1) ? Integer.remainderUnsigned(this.next.getAndIncrement(), members.length) : 0;
		boolean choosy = !options.avoid().isEmpty();
		Pick used = Pick.queue();
		for (int tried = 0; tried < members.length; tried++) {
			Pick pick = members[index].pick;
			if (pick != null) {
				Address address = pick.address();
				if (!choosy || address == null || !options.avoids(address)) {
					return pick;
				}
				used = (used.address() != null) ? used : pick;
			}
			index = (index + 1 < members.length) ? index + 1 : 0;
		}
		return used;
	}

	@Override
	public void refresh() {
		if (this.resolution != null) {
			this.resolution.refresh();
		}
	}

	@Override
	public void close() {
		this.closed = true;
		this.connected = Map.of();
		this.list = List.of();
		this.places = NONE;
		this.members = NONE;
		if (this.resolution != null) {
			this.resolution.close();
		}
	}

	private void listChanged(List<Address> list) {
		List<Address> before = this.list;
		this.list = list;
		if (this.connected.isEmpty()) {
			this.placesStale = true;
			return;
		}
		if (!this.placesStale) {
			movePlaces(before);
		}
		queueRebuild();
	}

	/**
	 * Keeps the places of what the list begins and ends with like the one before, and
	 * looks up the rest.
	 */
	private void movePlaces(List<Address> before) {
		List<Address> list = this.list;
		int most = Math.min(before.size(), list.size());
		int begin = 0;
		while (begin < most && before.get(begin).equals(list.get(begin))) {
			begin++;
		}
		int end = 0;
		while (end < most - begin && before.get(before.size() - 1 - end).equals(list.get(list.size() - 1 - end))) {
			end++;
		}
		@Nullable Member[] old = this.places;
		for (int i = begin; i < old.length - end; i++) {
			if (old[i] != null) {
				old[i].placed = false;
			}
		}
		this.places = new Member[list.size()];
		this.placesShared = false;
		System.arraycopy(old, 0, this.places, 0, begin);
		System.arraycopy(old, old.length - end, this.places, list.size() - end, end);
		lookUp(begin, list.size() - end);
		for (int i = begin; i < old.length - end; i++) {
			// Perhaps a duplicate that is now the only one.
			this.placesStale |= old[i] != null && !old[i].placed && old[i].pick != null;
		}
	}

	private void lookUpAll() {
		this.connected.values().forEach((member) -> member.placed = false);
		this.places = new Member[this.list.size()];
		this.placesShared = false;
		this.placesStale = false;
		lookUp(0, this.places.length);
	}

	private void lookUp(int from, int to) {
		for (int i = from; i < to; i++) {
			Address address = this.list.get(i);
			Member member = this.connected.get(address.addr());
			if (member != null && !member.placed) {
				member.placed = true;
				member.describe(address);
				this.places[i] = member;
			}
			else if (member != null) {
				// Of duplicates the first counts, wherever it comes from.
				this.placesStale = true;
			}
		}
	}

	/** Puts a new member where the list has the same object. */
	private void place(Member member, Address address) {
		int size = this.list.size();
		int place = this.lastPlace;
		for (int tried = 0; tried < size && !this.placesStale; tried++) {
			place = (place + 1 < size) ? place + 1 : 0;
			if (this.list.get(place) == address) {
				this.lastPlace = place;
				this.places = this.placesShared ? this.places.clone() : this.places;
				this.placesShared = false;
				this.places[place] = member;
				member.placed = true;
				return;
			}
		}
		this.placesStale = true;
	}

	private void queueRebuild() {
		if (this.config != null && !this.closed && !this.rebuildQueued) {
			this.rebuildQueued = true;
			this.config.serial().execute(this::rebuild);
		}
	}

	private void rebuild() {
		this.rebuildQueued = false;
		if (this.config == null || this.closed) {
			return;
		}
		if (this.placesStale) {
			lookUpAll();
		}
		Member[] rebuilt = new Member[this.connected.size()];
		int size = 0;
		for (Member member : this.places) {
			if (member != null && member.pick != null) {
				rebuilt[size++] = member;
			}
		}
		if (size == this.places.length && size == rebuilt.length) {
			this.places = rebuilt;
			this.placesShared = true;
		}
		// The ClientConn may hold on to addresses that a list dropped too suddenly.
		if (size < rebuilt.length) {
			for (Member member : this.connected.values()) {
				if (!member.placed) {
					rebuilt[size++] = member;
				}
			}
		}
		this.members = inTurns(rebuilt);
		this.config.control().picksChanged();
	}

	private static Member[] inTurns(Member[] members) {
		if (areAlike(members)) {
			return members;
		}
		double[] weights = Arrays.stream(members).mapToDouble((member) -> member.weight).toArray();
		int[] order = WeightedTurns.order(weights);
		Member[] turns = new Member[order.length];
		Arrays.setAll(turns, (turn) -> members[order[turn]]);
		return turns;
	}

	private static boolean areAlike(Member[] members) {
		for (Member member : members) {
			if (member.weight != members[0].weight) {
				return false;
			}
		}
		return true;
	}

	private final class Member implements Down {

		private Address address;

		private double weight;

		/** Whether it has a place in the list. */
		private boolean placed;

		/** {@code null} once the address is down. */
		private volatile @Nullable Pick pick;

		private Member(Address address) {
			this.address = address;
			this.weight = address.weight();
			this.pick = Pick.of(address);
		}

		@Override
		public void down(Status reason, boolean temporary) {
			this.pick = null;
			Map<String, Member> members = RoundRobin.this.connected;
			if (!members.isEmpty() && members.remove(this.address.addr(), this)) {
				queueRebuild();
			}
		}

		/**
		 * Takes over metadata and headers that a newer list gives to the address.
		 */
		private void describe(Address address) {
			if (!this.address.equals(address)) {
				this.address = address;
				this.weight = address.weight();
				this.pick = Pick.of(address);
			}
		}

	}

}
