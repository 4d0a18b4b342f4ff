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

import java.util.stream.Stream;

import dev.clientconn.DialOptions;
import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.naming.Resolver;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.transport.PerRpcCredentials;
import io.grpc.Compressor;
import io.grpc.Decompressor;

import org.springframework.core.Ordered;

/**
 * Gives each channel the beans that the application defines for it. A resolver replaces
 * the built-in one of its scheme.
 *
 * @param properties the properties of all channels
 * @param beans finds the beans
 */
record BeansDialOptionsCustomizer(ClientConnProperties properties,
		ChannelBeans beans) implements DialOptionsCustomizer, Ordered {

	@Override
	public int getOrder() {
		return 0;
	}

	@Override
	public void customize(String channel, DialOptions.Builder builder) {
		Setting<Boolean> requireTls = ChannelSettings.of(this.properties, channel)
			.get("credentials.require-tls", (p) -> p.getCredentials().getRequireTls());
		this.beans.forChannel(channel, Resolver.class).forEach(builder::resolver);
		this.beans.forChannel(channel, BalancerProvider.class).forEach(builder::balancerPolicy);
		this.beans.forChannel(channel, StatsHandler.class).forEach(builder::statsHandler);
		this.beans.forChannel(channel, PerRpcCredentials.class, this::isForAnyChannel)
			.values()
			.forEach((bean) -> builder.perRpcCredentials(
					new PerRpcCredentials(bean.credentials(), requireTls.orElse(bean.requireTransportSecurity()))));
		this.beans.forChannel(channel, Compressor.class).forEach(builder::callCompressor);
		this.beans.forChannel(channel, Decompressor.class).forEach(builder::decompressor);
	}

	/** Credentials that a property names are for the channels that name them. */
	private boolean isForAnyChannel(String beanName) {
		return Stream.concat(Stream.of(this.properties.getDefaults()), this.properties.getChannels().values().stream())
			.noneMatch((channel) -> beanName.equals(channel.getCredentials().getBean()));
	}

}
