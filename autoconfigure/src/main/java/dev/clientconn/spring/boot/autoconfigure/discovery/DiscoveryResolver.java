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

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.cloud.client.discovery.DiscoveryClient;

/**
 * Resolves {@code discovery:///service-id}. The service id is also the authority.
 *
 * @param discoveryClient the registry, asked for anew at each look-up because a refresh
 * of the environment may replace it
 * @param settings how to follow the registry
 * @param registryEvents tells that the registry may have changed
 * @param random source of jitter
 */
record DiscoveryResolver(ObjectProvider<DiscoveryClient> discoveryClient, DiscoverySettings settings,
		RegistryEvents registryEvents, RandomGenerator random) implements Resolver {

	static final String SCHEME = "discovery";

	@Override
	public String scheme() {
		return SCHEME;
	}

	@Override
	public String authority(Target target) {
		String serviceId = target.endpoint();
		if (serviceId.isBlank() || serviceId.indexOf('/') >= 0 || !target.authority().isEmpty()) {
			throw new IllegalArgumentException("target: \"" + target.text()
					+ "\" (expected: discovery:///service-id, such as discovery:///orders)");
		}
		return serviceId;
	}

	@Override
	public Resolution resolve(Target target, Context context, AddressListener listener) {
		DiscoveryLookup lookup = new DiscoveryLookup(target.text(), authority(target), this, listener);
		DiscoveryResolution resolution = new DiscoveryResolution(this, context, lookup);
		resolution.start();
		return resolution;
	}

}
