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

import java.util.function.BiConsumer;
import java.util.function.Consumer;

import dev.clientconn.naming.Address;

/**
 * What an operator can do with a {@link ClientConn} while it runs, beyond
 * {@link ClientConn#resetConnectBackoff} and {@link ClientConn#enterIdle}. All methods
 * may be called from any thread and do not wait: they take effect in the order in which
 * they were called, for the addresses of an update that waits as for those in use.
 * Addresses are given as {@link Address#addr()}, such as {@code 10.0.0.1:9090}.
 */
public final class Operations {

	private final ConnCore core;

	private final Generations generations;

	Operations(ConnCore core, Generations generations) {
		this.core = core;
		this.generations = generations;
	}

	/**
	 * Asks the resolution for a fresh look-up soon, as after a lost connection. Does
	 * nothing before the first call of a lazy dial.
	 */
	public void resolveNow() {
		this.core.serial.execute(() -> this.generations.forEach(AddrConns::addressesSuspect));
	}

	/**
	 * Ends the backoff wait of an address now, and starts its delays from the first
	 * again.
	 * @param addr the address
	 * @return whether the address is known
	 */
	public boolean resetBackoff(String addr) {
		return with(addr, (conns, addrConn) -> addrConn.backoffReset());
	}

	/**
	 * Connects an address that is IDLE; does nothing in other states. A ClientConn that
	 * rests connects as it does for a call, too.
	 * @param addr the address
	 * @return whether the address is known
	 */
	public boolean connect(String addr) {
		return with(addr, (conns, addrConn) -> {
			addrConn.wanted();
			if (conns.idleMode().isIdle()) {
				conns.exitIdle();
			}
		});
	}

	/**
	 * Replaces every connection by a new one, make-before-break: the old one serves until
	 * the new one is READY, and then ends with its last call. At most one address in ten
	 * (at least one) connects at the same time. Where the new connection fails the old
	 * one goes on serving, and the attempt is repeated with backoff. An address in
	 * backoff tries again now; one that is IDLE stays so.
	 */
	public void reconnect() {
		this.core.serial.execute(() -> this.generations.forEach(AddrConns::renewAll));
	}

	/**
	 * Replaces the connection of one address, as {@link #reconnect()} does.
	 * @param addr the address
	 * @return whether the address is known
	 */
	public boolean reconnect(String addr) {
		return with(addr, AddrConns::renew);
	}

	/**
	 * Takes an address out of use until {@link #undrain}, whatever later lists say: it
	 * gets no new calls, its connection ends with its last call, and nothing connects to
	 * it. Also the last address can be drained; then no call gets through. Addresses that
	 * a balancer brings of its own, and not from the resolution, are not known here.
	 * @param addr the address
	 * @return whether the address is known
	 */
	public boolean drain(String addr) {
		return withListed(addr, this.core.drained::drain);
	}

	/**
	 * Takes a drained address into use again, if the list has it. Does nothing for an
	 * address that is not drained.
	 * @param addr the address
	 * @return whether the address is known
	 */
	public boolean undrain(String addr) {
		return withListed(addr, this.core.drained::undrain);
	}

	private boolean with(String addr, BiConsumer<AddrConns, AddrConn> action) {
		boolean known = this.core.drained.knows(addr) || this.generations.knows(addr);
		if (known) {
			this.core.serial.execute(() -> this.generations.forEach((conns) -> {
				AddrConn addrConn = conns.find(addr);
				if (addrConn != null) {
					action.accept(conns, addrConn);
				}
			}));
		}
		return known;
	}

	private boolean withListed(String addr, Consumer<String> action) {
		boolean known = this.core.drained.knows(addr);
		if (known) {
			this.core.serial.execute(() -> action.accept(addr));
		}
		return known;
	}

}
