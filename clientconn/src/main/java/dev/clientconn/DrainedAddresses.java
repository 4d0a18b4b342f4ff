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

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Function;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Addresses that an operator has taken out of use. Stands between resolution and
 * balancer, and leaves them out of every list, so that they end as a removed address
 * does. Drained and undrained in the serial context; everything else may be called from
 * any thread.
 */
final class DrainedAddresses {

	private static final Logger logger = LoggerFactory.getLogger(DrainedAddresses.class);

	private final String target;

	private final SmallList<Lists> streams = new SmallList<>();

	/** By {@link Address#addr()}; sorted, never changed. */
	private volatile Set<String> drained = Set.of();

	DrainedAddresses(String target) {
		this.target = target;
	}

	/** Starts a resolution whose lists reach the listener without drained addresses. */
	Resolution filter(Function<AddressListener, Resolution> resolution, AddressListener listener) {
		Lists lists = new Lists(listener);
		this.streams.add(lists);
		Resolution started = started(resolution, lists);
		return new Resolution() {

			@Override
			public void refresh() {
				started.refresh();
			}

			@Override
			public void close() {
				DrainedAddresses.this.streams.remove(lists);
				started.close();
			}

		};
	}

	private Resolution started(Function<AddressListener, Resolution> resolution, Lists lists) {
		try {
			return resolution.apply(lists);
		}
		catch (RuntimeException | Error ex) {
			this.streams.remove(lists);
			throw ex;
		}
	}

	/** Whether an address is drained, or in the list of the resolution. */
	boolean knows(String addr) {
		return this.drained.contains(addr) || this.streams.get().stream().anyMatch((lists) -> lists.contains(addr));
	}

	/** Returns the addresses, sorted. */
	List<String> all() {
		return List.copyOf(this.drained);
	}

	void drain(String addr) {
		Set<String> changed = new TreeSet<>(this.drained);
		if (changed.add(addr)) {
			logger.info("{} [{}] - drained by the operator", this.target, addr);
			change(changed);
		}
	}

	void undrain(String addr) {
		Set<String> changed = new TreeSet<>(this.drained);
		if (changed.remove(addr)) {
			logger.info("{} [{}] - back in use, by the operator", this.target, addr);
			change(changed);
		}
	}

	private void change(Set<String> changed) {
		this.drained = changed;
		this.streams.forEach(Lists::changed);
	}

	/**
	 * The lists of one resolution.
	 */
	private final class Lists implements AddressListener {

		private static final AtomicIntegerFieldUpdater<Lists> CHANGES = AtomicIntegerFieldUpdater
			.newUpdater(Lists.class, "changes");

		private final AddressListener listener;

		/** Counts lists and drains, each after it is in place. */
		private volatile int changes;

		private volatile List<Address> latest = List.of();

		private volatile boolean listed;

		Lists(AddressListener listener) {
			this.listener = listener;
		}

		@Override
		public void onAddresses(List<Address> addresses) {
			this.latest = likeBefore(this.latest, addresses);
			this.listed = true;
			changed();
		}

		@Override
		public void onError(Status error) {
			this.listener.onError(error);
		}

		/**
		 * A copy that cannot change, of the objects of the list before where they are
		 * equal. A list that says the same is the same object, and nobody downstream has
		 * to look into it. A list that is longer or shorter is compared from both ends.
		 */
		private static List<Address> likeBefore(List<Address> before, List<Address> addresses) {
			int same = 0;
			for (Address address : addresses) {
				if (same == before.size() || !before.get(same).equals(address)) {
					break;
				}
				same++;
			}
			if (same == before.size() && same == addresses.size()) {
				return before;
			}
			Address[] copy = addresses.toArray(new Address[0]);
			for (int i = 0; i < Math.min(before.size(), copy.length); i++) {
				if (i < same || before.get(i).equals(copy[i])) {
					copy[i] = before.get(i);
				}
			}
			int longer = copy.length - before.size();
			for (int i = before.size() - 1; longer != 0 && i >= same && i + longer >= same; i--) {
				if (!before.get(i).equals(copy[i + longer])) {
					break;
				}
				copy[i + longer] = before.get(i);
			}
			return List.of(copy);
		}

		boolean contains(String addr) {
			return this.latest.stream().anyMatch((address) -> address.addr().equals(addr));
		}

		/**
		 * Delivers what is now in use. Without a lock, as the listener may be anybody's:
		 * whoever finds that something changed while it delivered delivers again, so that
		 * the last list the listener gets is the right one.
		 */
		void changed() {
			CHANGES.incrementAndGet(this);
			int seen;
			do {
				seen = this.changes;
				if (this.listed) {
					this.listener.onAddresses(inUse());
				}
			}
			while (this.changes != seen);
		}

		private List<Address> inUse() {
			Set<String> without = DrainedAddresses.this.drained;
			return without.isEmpty() ? this.latest
					: this.latest.stream().filter((address) -> !without.contains(address.addr())).toList();
		}

	}

}
