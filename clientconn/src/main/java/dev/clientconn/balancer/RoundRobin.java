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

	/** Counts rebuilds. */
	private int rebuilds;

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
		this.connected.put(address.addr(), member);
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
		this.members = NONE;
		if (this.resolution != null) {
			this.resolution.close();
		}
	}

	private void listChanged(List<Address> list) {
		this.list = list;
		if (!this.connected.isEmpty()) {
			queueRebuild();
		}
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
		Member[] rebuilt = new Member[this.connected.size()];
		int size = 0;
		int rebuild = ++this.rebuilds;
		for (Address address : this.list) {
			Member member = this.connected.get(address.addr());
			if (member != null && member.rebuild != rebuild) {
				member.rebuild = rebuild;
				member.describe(address);
				rebuilt[size++] = member;
			}
		}
		// The ClientConn may hold on to addresses that a list dropped too suddenly.
		if (size < rebuilt.length) {
			for (Member member : this.connected.values()) {
				if (member.rebuild != rebuild) {
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

		/** The last one that put it in its place. */
		private int rebuild;

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
