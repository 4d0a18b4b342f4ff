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

package dev.clientconn.benchmarks.channels;

import java.security.cert.X509Certificate;
import java.util.List;

import io.grpc.ManagedChannel;

/**
 * Makes channels of one kind, all plaintext.
 */
public interface Channels {

	/**
	 * Makes a channel to one address, as a user would.
	 * @param address {@code host:port}
	 */
	ManagedChannel dial(String address);

	/**
	 * Makes a channel to one address that does not connect before its first call.
	 * @param address {@code host:port}
	 */
	default ManagedChannel dialLazily(String address) {
		return dial(address);
	}

	/**
	 * Makes a channel that takes turns among many addresses.
	 * @param addresses each {@code host:port}
	 */
	Listed dial(List<String> addresses);

	/**
	 * The same channels over TLS by the JDK's provider, which check the name of the
	 * server. What they need for it is made once, where the channel allows that.
	 * @param authority the only one to trust
	 * @throws UnsupportedOperationException if they only talk plaintext
	 */
	default Channels trusting(X509Certificate authority) {
		throw new UnsupportedOperationException("No TLS in " + this);
	}

	/**
	 * A channel whose addresses the name service can change.
	 */
	interface Listed {

		ManagedChannel channel();

		/**
		 * Makes a list as a name service would, with objects of its own, so that none are
		 * made when it is delivered.
		 * @return delivers the list each time it is run
		 */
		Runnable update(List<String> addresses);

	}

}
