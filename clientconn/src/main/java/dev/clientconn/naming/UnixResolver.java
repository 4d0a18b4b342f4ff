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

/**
 * Serves Unix domain sockets: {@code unix:///run/orders.sock},
 * {@code unix:/run/orders.sock} or {@code unix:relative.sock}. The authority of calls is
 * {@code localhost} (seed-spec K39).
 */
public final class UnixResolver implements Resolver {

	@Override
	public String scheme() {
		return "unix";
	}

	@Override
	public String authority(Target target) {
		return Authorities.authority(address(target));
	}

	@Override
	public boolean isNonBlocking() {
		return true;
	}

	@Override
	public Resolution resolve(Target target, Context context, AddressListener listener) {
		listener.onAddresses(List.of(address(target)));
		return FixedResolution.INSTANCE;
	}

	private static Address address(Target target) {
		String path = target.endpoint();
		if (!target.authority().isEmpty() || path.isEmpty() || path.equals("/")) {
			throw Authorities.malformed(target, "expected: unix:///absolute/path or unix:relative/path");
		}
		return Address.of(Address.UNIX_PREFIX + path);
	}

}
