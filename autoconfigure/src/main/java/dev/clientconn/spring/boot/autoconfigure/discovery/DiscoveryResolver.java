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

import java.util.random.RandomGenerator;

import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver;
import dev.clientconn.naming.Target;

/**
 * Resolves {@code discovery:///service-id}. The service id is also the authority. Equal
 * resolvers resolve alike: where a refresh of the properties leads to an equal one,
 * nothing has changed.
 *
 * @param registry the discovery clients
 * @param registryEvents tells that the registry may have changed
 * @param threads where look-ups run
 * @param random source of jitter and order; safe for use from any thread
 * @param settings how to follow the registry
 */
record DiscoveryResolver(Registry registry, RegistryEvents registryEvents, LookupRunner threads, RandomGenerator random,
		DiscoverySettings settings) implements Resolver {

	static final String SCHEME = "discovery";

	@Override
	public String scheme() {
		return SCHEME;
	}

	@Override
	public String authority(Target target) {
		String path = target.endpoint();
		if (path.isBlank() || path.indexOf('/') >= 0 || !target.authority().isEmpty()) {
			throw new IllegalArgumentException("target: \"" + target.text()
					+ "\" (expected: discovery:///service-id, such as discovery:///orders)");
		}
		return (this.settings.serviceId() != null) ? this.settings.serviceId() : path;
	}

	/** Look-ups and the snapshot's file have threads of their own. */
	@Override
	public boolean isNonBlocking() {
		return true;
	}

	@Override
	public Resolution resolve(Target target, Context context, AddressListener listener) {
		DiscoveryResolution resolution = new DiscoveryResolution(this, target.text(), authority(target), context,
				listener);
		resolution.start();
		return resolution;
	}

}
