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

import java.time.Instant;
import java.util.Map;

import dev.clientconn.naming.Address;

/**
 * An address that stays in use although the registry no longer lists it.
 *
 * @param address the address
 * @param reason why it stays
 * @param sinceNanos since when, by the monotonic clock
 * @param sinceMillis since when, wall clock
 * @param wasReady whether it has been READY meanwhile
 */
record HeldRemoval(Address address, Reason reason, long sinceNanos, long sinceMillis, boolean wasReady) {

	HeldRemoval whenReady() {
		return this.wasReady ? this
				: new HeldRemoval(this.address, this.reason, this.sinceNanos, this.sinceMillis, true);
	}

	Map<String, Object> description() {
		return Map.of("address", this.address.addr(), "reason", this.reason.text, "since",
				Instant.ofEpochMilli(this.sinceMillis));
	}

	/**
	 * Why an address stays.
	 */
	enum Reason {

		/** The registry lists no instance at all. */
		EMPTY("the registry lists no instance"),

		/** Too many are gone at once. */
		SHRUNK("the registry lost too many instances at once; a second look-up must confirm it"),

		/** What was gone is back, and other addresses are gone instead. */
		CONTRADICTION("the registry contradicts itself; a second look-up must confirm it"),

		/** Another discovery client answered. */
		OTHER_CLIENT("another discovery client answered; a second look-up must confirm it");

		private final String text;

		Reason(String text) {
			this.text = text;
		}

	}

}
