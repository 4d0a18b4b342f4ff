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

package dev.clientconn.spring.boot.test;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import org.jspecify.annotations.Nullable;

/**
 * Where the server of the test listens: not known before it has started, and different
 * after some restarts. Safe for use from any thread; the lock keeps listeners from
 * hearing of ports in the wrong order, and they do not block.
 */
final class TestServerAddress {

	static final String LOOPBACK = InetAddress.getLoopbackAddress().getHostAddress();

	// guarded by this

	private final List<AddressListener> listeners = new ArrayList<>();

	private @Nullable Address address;

	synchronized boolean isKnown() {
		return this.address != null;
	}

	synchronized void listensOn(int port) {
		Address known = Address.of(LOOPBACK, port);
		this.address = known;
		this.listeners.forEach((listener) -> listener.onAddresses(List.of(known)));
	}

	/**
	 * Tells of the address, as soon as there is one, and of each later one.
	 * @param listener who is told
	 * @return ends it
	 */
	synchronized Resolution follow(AddressListener listener) {
		this.listeners.add(listener);
		if (this.address != null) {
			listener.onAddresses(List.of(this.address));
		}
		return new Resolution() {

			@Override
			public void refresh() {
			}

			@Override
			public void close() {
				forget(listener);
			}

		};
	}

	private synchronized void forget(AddressListener listener) {
		this.listeners.remove(listener);
	}

}
