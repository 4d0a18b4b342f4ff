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

import java.util.concurrent.Executor;
import java.util.function.IntSupplier;

/**
 * Which addresses are to be renewed, and how many at once: one in ten, at least one. So
 * new certificates for a thousand connections do not become a thousand handshakes in one
 * moment, and an address whose renewal fails does not keep the others from theirs: it
 * waits for its backoff outside, and then in the queue again. Only in the serial context.
 */
final class Renewals {

	private static final int SHARE = 10;

	private final Executor serial;

	private final IntSupplier addresses;

	private final RareSet<AddrConn> waiting = new RareSet<>();

	private final RareSet<AddrConn> running = new RareSet<>();

	/**
	 * Creates it.
	 * @param serial the serial context
	 * @param addresses how many there are
	 */
	Renewals(Executor serial, IntSupplier addresses) {
		this.serial = serial;
		this.addresses = addresses;
	}

	/**
	 * Asks for the renewal of all that an address has now. If one runs, another follows
	 * it: it may have begun with what is now out of date.
	 */
	void request(AddrConn addrConn) {
		addrConn.outOfDate();
		due(addrConn);
	}

	/** A connection of the address is due. */
	void due(AddrConn addrConn) {
		this.waiting.add(addrConn);
		next();
	}

	/**
	 * An attempt that {@link AddrConn#renew} began has ended, well or not. The next one
	 * begins after the event: several addresses may end in it, and those that are still
	 * to hear of it must not be connected on their way out.
	 */
	void ended(AddrConn addrConn) {
		if (this.running.remove(addrConn)) {
			this.serial.execute(this::next);
		}
	}

	private void next() {
		int free = Math.max(1, this.addresses.getAsInt() / SHARE) - this.running.size();
		if (free <= 0) {
			return;
		}
		for (AddrConn addrConn : this.waiting.copy()) {
			if (free == 0) {
				return;
			}
			if (!this.running.contains(addrConn)) {
				this.waiting.remove(addrConn);
				if (addrConn.renew()) {
					this.running.add(addrConn);
					free--;
				}
			}
		}
	}

}
