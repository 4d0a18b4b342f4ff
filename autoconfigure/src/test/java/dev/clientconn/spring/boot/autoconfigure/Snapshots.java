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

package dev.clientconn.spring.boot.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import dev.clientconn.ConnectivitySnapshot;
import dev.clientconn.ConnectivitySnapshot.AddressList;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.ConnectivitySnapshot.Event;
import dev.clientconn.ConnectivitySnapshot.WaitReason;
import dev.clientconn.ConnectivitySnapshot.WaitingCall;
import dev.clientconn.ConnectivitySnapshot.WaitingCalls;
import dev.clientconn.ServiceConfigState;
import dev.clientconn.ServiceConfigState.Origin;
import dev.clientconn.serviceconfig.ServiceConfig;
import dev.clientconn.stats.DelayReason;
import dev.clientconn.transport.TransportSnapshot;
import io.grpc.ConnectivityState;

/**
 * Snapshots made by hand.
 */
public final class Snapshots {

	/** When everything happened. */
	public static final Instant THEN = Instant.parse("2026-11-22T07:40:00Z");

	/** Of a channel that nobody has given one. */
	public static final ServiceConfigState NO_SERVICE_CONFIG = new ServiceConfigState(ServiceConfig.empty(),
			Origin.NONE, 0, THEN, null);

	/** Two calls, of which the pictures show one. */
	public static final WaitingCalls WAITING = new WaitingCalls(2, 150, 1, "Connection refused",
			List.of(new WaitReason(DelayReason.CONNECTING, 2, THEN)), List.of(new WaitingCall("greeter.Greeter/Greet",
					DelayReason.CONNECTING, THEN.plusSeconds(2), THEN, 3, true)));

	private Snapshots() {
	}

	/**
	 * Returns a channel.
	 * @param state its aggregated state
	 * @param addresses its addresses
	 * @return the channel
	 */
	public static ConnectivitySnapshot channel(ConnectivityState state, AddressState... addresses) {
		return new ConnectivitySnapshot("discovery:///greeter", "greeter", "plaintext", "round_robin", state, THEN,
				new AddressList(3, "discovery", THEN, null, List.of(), Map.of("serviceId", "greeter")), WAITING, 10, 7,
				List.of(addresses), null, NO_SERVICE_CONFIG);
	}

	/**
	 * Returns an address with a connection.
	 * @param address such as {@code 10.0.0.1:9090}
	 * @return the address
	 */
	public static AddressState ready(String address) {
		TransportSnapshot transport = new TransportSnapshot("10.0.0.9:1", address, "plaintext", 4, 0, Long.MAX_VALUE, 5,
				1_048_576, null, 0);
		return new AddressState(address, Map.of("zone", "a"), ConnectivityState.READY, null, THEN, 0, null,
				List.of(transport), null, 0, 4, 0, 6, 1, List.of(new Event(THEN, 3, "READY", Duration.ZERO)));
	}

	/**
	 * Returns an address that failed.
	 * @param address such as {@code 10.0.0.1:9090}
	 * @return the address
	 */
	public static AddressState failing(String address) {
		return new AddressState(address, Map.of(), ConnectivityState.TRANSIENT_FAILURE, "Connection refused", THEN, 5,
				THEN.plusSeconds(9), List.of(), null, 0, 0, 0, 0, 0, List.of());
	}

}
