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

import java.util.concurrent.ThreadLocalRandom;
import java.util.random.RandomGenerator;

import dev.clientconn.DialOptions;
import dev.clientconn.spring.boot.autoconfigure.ChannelSettings;
import dev.clientconn.spring.boot.autoconfigure.ClientConnProperties;
import dev.clientconn.spring.boot.autoconfigure.DialOptionsCustomizer;

import org.springframework.core.Ordered;

/**
 * Adds a resolver of the scheme {@code discovery} to each channel. Comes before the
 * resolvers that are beans, so that an application can replace ours.
 *
 * @param properties the properties of all channels
 * @param registry the discovery clients
 * @param registryEvents tells that the registry may have changed
 * @param threads where look-ups run
 */
record DiscoveryDialOptionsCustomizer(ClientConnProperties properties, Registry registry, RegistryEvents registryEvents,
		LookupRunner threads) implements DialOptionsCustomizer, Ordered {

	/** One for all, so that resolvers with the same settings are equal. */
	private static final RandomGenerator RANDOM = () -> ThreadLocalRandom.current().nextLong();

	@Override
	public int getOrder() {
		return -1;
	}

	@Override
	public void customize(String channel, DialOptions.Builder builder) {
		// Now, on the thread that starts the application: a blocking dial would otherwise
		// wait for a look-up that waits for this bean.
		this.registry.prepare();
		DiscoverySettings settings = DiscoverySettings.of(ChannelSettings.of(this.properties, channel), channel);
		builder.resolver(new DiscoveryResolver(this.registry, this.registryEvents, this.threads, RANDOM, settings));
	}

}
