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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Serves lists written into the target: {@code static:orders-1:9090,orders-2:9090}. Each
 * entry has the form of {@link Address#addr()}, or is {@code :port} for
 * {@code localhost}.
 * <p>
 * The authority is the first address, as the list has no name of its own: with TLS, set
 * {@code DialOptions.authority} to the name that all certificates carry, unless the first
 * host is that name.
 */
public final class StaticResolver implements Resolver {

	@Override
	public String scheme() {
		return "static";
	}

	/**
	 * Returns the first address of the list, or {@code localhost} if that is a Unix
	 * domain socket.
	 */
	@Override
	public String authority(Target target) {
		return Authorities.authority(addresses(target).get(0));
	}

	@Override
	public boolean isNonBlocking() {
		return true;
	}

	@Override
	public Resolution resolve(Target target, Context context, AddressListener listener) {
		listener.onAddresses(addresses(target));
		return FixedResolution.INSTANCE;
	}

	private static List<Address> addresses(Target target) {
		if (!target.authority().isEmpty()) {
			throw Authorities.malformed(target, "unexpected \"/\" in the list; expected: static:host:port,host:port");
		}
		Map<String, Address> addresses = new LinkedHashMap<>();
		for (String entry : target.endpoint().split(",", -1)) {
			if (entry.isBlank()) {
				throw Authorities.malformed(target, "an address is empty; expected: static:host:port,host:port");
			}
			Address address = Authorities.address(target, entry.strip());
			addresses.putIfAbsent(address.addr(), address);
		}
		return List.copyOf(addresses.values());
	}

}
