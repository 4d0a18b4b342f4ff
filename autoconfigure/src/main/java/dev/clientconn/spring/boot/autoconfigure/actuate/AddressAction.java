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

package dev.clientconn.spring.boot.autoconfigure.actuate;

import java.util.Arrays;
import java.util.function.BiPredicate;

import dev.clientconn.Operations;

/**
 * What the endpoint can do to one address of a channel.
 */
enum AddressAction {

	/** Connects it if it is idle. */
	CONNECT(Operations::connect),

	/** Ends its backoff wait. */
	RESET_BACKOFF(Operations::resetBackoff),

	/** Replaces its connection, make-before-break. */
	RECONNECT(Operations::reconnect),

	/** Takes it out of use. */
	DRAIN(Operations::drain),

	/** Takes it into use again. */
	UNDRAIN(Operations::undrain);

	private final BiPredicate<Operations, String> effect;

	AddressAction(BiPredicate<Operations, String> effect) {
		this.effect = effect;
	}

	/** Returns whether the address is known. */
	boolean apply(Operations operations, String address) {
		return this.effect.test(operations, address);
	}

	static AddressAction of(String text) {
		return Arrays.stream(values())
			.filter((action) -> ChannelAction.text(action).equals(text))
			.findFirst()
			.orElseThrow(() -> ChannelAction.unknown(text, values()));
	}

}
