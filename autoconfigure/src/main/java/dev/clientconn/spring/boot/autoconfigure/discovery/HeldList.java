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

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.Resolver.Connectivity;
import dev.clientconn.spring.boot.autoconfigure.DiscoveryProperties.OnEmpty;
import dev.clientconn.spring.boot.autoconfigure.discovery.HeldRemoval.Reason;
import dev.clientconn.time.Scheduler;
import io.grpc.ConnectivityState;
import org.jspecify.annotations.Nullable;

/**
 * The addresses in use, and the rules by which answers of the registry change them. The
 * registry is one witness, our own connections are another: additions apply at once, but
 * a removal that looks like trouble of the registry waits, unless the address is dead.
 * Not safe for use by several threads at once.
 */
final class HeldList {

	/**
	 * Time between two answers that count as two: one moment of trouble may spoil several
	 * look-ups.
	 */
	static final Duration CONFIRMATION = Duration.ofSeconds(1);

	/** Fewer lost addresses than this are never suspicious. */
	private static final int MIN_SUSPICIOUS = 3;

	private final DiscoverySettings.Holding settings;

	private final Connectivity connectivity;

	private final Scheduler scheduler;

	private final Map<String, HeldRemoval> held = new LinkedHashMap<>();

	private List<Address> list = List.of();

	private boolean provisional;

	private int empties;

	private long firstEmpty;

	HeldList(DiscoverySettings.Holding settings, Connectivity connectivity, Scheduler scheduler) {
		this.settings = settings;
		this.connectivity = connectivity;
		this.scheduler = scheduler;
	}

	/** The addresses in use, sorted. */
	List<Address> list() {
		return this.list;
	}

	/** Those of them that the registry no longer lists. */
	Collection<HeldRemoval> held() {
		return this.held.values();
	}

	/** Empty answers in a row. */
	int empties() {
		return this.empties;
	}

	/**
	 * Starts with addresses that are not from the registry: its first list replaces them
	 * without further question.
	 * @param addresses the addresses, sorted
	 */
	void startWith(List<Address> addresses) {
		this.list = addresses;
		this.provisional = true;
	}

	/**
	 * The registry lists instances.
	 * @param found their addresses, sorted, at least one
	 * @param otherClient whether another discovery client answered than the last time
	 * @return when to ask again in any case, {@code null} for the usual time
	 */
	@Nullable Duration found(List<Address> found, boolean otherClient) {
		Set<String> listed = found.stream().map(Address::addr).collect(Collectors.toSet());
		Map<String, HeldRemoval> before = new HashMap<>(this.held);
		before.values().removeIf((removal) -> removal.reason() == Reason.EMPTY);
		boolean cameBack = before.keySet().removeIf(listed::contains);
		List<Address> gone = this.provisional ? List.of()
				: this.list.stream().filter((address) -> !listed.contains(address.addr())).toList();
		Reason suspicion = suspicion(gone.size(), cameBack, otherClient);
		this.empties = 0;
		this.provisional = false;
		this.held.clear();
		for (Address address : gone) {
			HeldRemoval removal = before.get(address.addr());
			if (removal != null) {
				keepHolding(removal, isConfirmed(removal));
			}
			else if (suspicion != null) {
				keepHolding(hold(address, suspicion), false);
			}
		}
		merge(found);
		// A registry that goes to and fro is not worth asking more often.
		return (this.held.isEmpty() || suspicion == Reason.CONTRADICTION) ? null : CONFIRMATION;
	}

	/**
	 * The registry lists no usable instance.
	 * @return when to ask again in any case, {@code null} for the usual time
	 */
	@Nullable Duration empty() {
		long now = this.scheduler.nanoTime();
		if (this.empties++ == 0) {
			this.firstEmpty = now;
		}
		Duration lasted = Duration.ofNanos(now - this.firstEmpty);
		if (this.list.isEmpty()) {
			return null;
		}
		if (isEmptyBelieved(lasted)) {
			this.held.clear();
			this.list = List.of();
			return null;
		}
		for (Address address : this.list) {
			this.held.computeIfAbsent(address.addr(), (addr) -> hold(address, Reason.EMPTY));
		}
		Duration hold = this.settings.emptyHold();
		if (this.settings.onEmpty() == OnEmpty.UNTIL_DEAD && hold != null) {
			Duration rest = hold.minus(lasted);
			return (this.empties == 1 && rest.compareTo(CONFIRMATION) > 0) ? CONFIRMATION : rest;
		}
		return (this.empties == 1) ? CONFIRMATION : null;
	}

	/**
	 * The registry did not answer. What it no longer listed before, and is dead now,
	 * goes.
	 */
	void unanswered() {
		Map<String, HeldRemoval> before = Map.copyOf(this.held);
		this.held.clear();
		before.values().forEach((removal) -> keepHolding(removal, false));
		if (this.held.size() < before.size()) {
			this.list = this.list.stream()
				.filter((address) -> this.held.containsKey(address.addr()) || !before.containsKey(address.addr()))
				.toList();
		}
	}

	private @Nullable Reason suspicion(int gone, boolean cameBack, boolean otherClient) {
		if (cameBack) {
			return Reason.CONTRADICTION;
		}
		if (otherClient) {
			return Reason.OTHER_CLIENT;
		}
		boolean shrunk = gone >= MIN_SUSPICIOUS && gone > this.settings.shrinkGuard() * this.list.size();
		return shrunk ? Reason.SHRUNK : null;
	}

	private HeldRemoval hold(Address address, Reason reason) {
		return new HeldRemoval(address, reason, this.scheduler.nanoTime(), this.scheduler.currentTimeMillis(), false);
	}

	private boolean isConfirmed(HeldRemoval removal) {
		return this.scheduler.nanoTime() - removal.sinceNanos() >= CONFIRMATION.toNanos();
	}

	/** Holds a removal, unless the address is dead or the removal confirmed. */
	private void keepHolding(HeldRemoval removal, boolean confirmed) {
		ConnectivityState state = this.connectivity.of(removal.address());
		boolean lost = removal.wasReady() && state == ConnectivityState.CONNECTING;
		boolean dead = removal.reason() != Reason.EMPTY && (lost || state == ConnectivityState.TRANSIENT_FAILURE);
		if (!dead && !confirmed) {
			this.held.put(removal.address().addr(), (state == ConnectivityState.READY) ? removal.whenReady() : removal);
		}
	}

	private void merge(List<Address> found) {
		if (this.held.isEmpty()) {
			this.list = found;
			return;
		}
		List<Address> merged = new ArrayList<>(found);
		this.held.values().forEach((removal) -> merged.add(removal.address()));
		merged.sort(InstanceAddresses.ORDER);
		this.list = List.copyOf(merged);
	}

	private boolean isEmptyBelieved(Duration lasted) {
		Duration hold = this.settings.emptyHold();
		return switch (this.settings.onEmpty()) {
			case HONOR -> true;
			case KEEP -> false;
			case UNTIL_DEAD -> (hold != null && lasted.compareTo(hold) >= 0)
					|| (this.empties > 1 && lasted.compareTo(CONFIRMATION) >= 0 && isAllDead());
		};
	}

	/**
	 * Tells whether our connections say so: none is READY or makes its first attempt, and
	 * some have failed. Where nothing was tried there is no witness.
	 */
	private boolean isAllDead() {
		boolean failing = false;
		for (Address address : this.list) {
			switch (this.connectivity.of(address)) {
				case READY, CONNECTING -> {
					return false;
				}
				case TRANSIENT_FAILURE -> {
					failing = true;
				}
				case IDLE, SHUTDOWN -> {
				}
			}
		}
		return failing;
	}

}
