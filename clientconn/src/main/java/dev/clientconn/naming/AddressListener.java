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

package dev.clientconn.naming;

import java.util.List;
import java.util.Map;

import io.grpc.Status;

/**
 * Receives address lists: the notify stream of the 2017 balancer contract. Any thread may
 * call; of several lists that arrive faster than they are applied the latest wins
 * (seed-spec K1).
 */
public interface AddressListener {

	/**
	 * Delivers the full list of addresses. It is never a delta: what is not in it is
	 * removed. An empty list removes every address.
	 * @param addresses all addresses now known; duplicates (by {@link Address#addr()})
	 * are dropped, the first wins
	 */
	void onAddresses(List<Address> addresses);

	/**
	 * Tells that the list could not be refreshed. The last list stays in use; where there
	 * is none yet, fail-fast calls end with UNAVAILABLE and the text of this status.
	 * @param error why, never OK
	 */
	void onError(Status error);

	/**
	 * Delivers the gRPC service config that the name service has for the clients of the
	 * target. To be called before the list that it belongs to, so that the first calls
	 * have it. An invalid one changes nothing, and operators are told; the service config
	 * of the options, if there is one, wins.
	 * @param config maps, lists, strings, numbers and booleans, as JSON parsers return
	 * them; empty if the name service has none
	 */
	default void onServiceConfig(Map<String, ?> config) {
	}

	/**
	 * Tells that the name service has a service config that cannot be read. The last
	 * valid one stays in force, and operators are told.
	 * @param error what is wrong, for people
	 */
	default void onServiceConfigError(String error) {
	}

}
