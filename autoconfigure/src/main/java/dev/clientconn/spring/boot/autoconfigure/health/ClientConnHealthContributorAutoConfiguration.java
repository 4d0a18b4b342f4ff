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

package dev.clientconn.spring.boot.autoconfigure.health;

import java.util.LinkedHashMap;
import java.util.Map;

import dev.clientconn.spring.boot.autoconfigure.ChannelSettings;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.ClientConnProperties;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the health of channels: the
 * component {@code clientconn} with one indicator per channel.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ClientConnAutoConfiguration.class)
@ConditionalOnClass({ CompositeHealthContributor.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(ClientConns.class)
@ConditionalOnEnabledHealthIndicator("clientconn")
public final class ClientConnHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "clientconnHealthIndicator", "clientconnHealthContributor" })
	CompositeHealthContributor clientconnHealthContributor(ClientConns clientConns, ClientConnProperties properties) {
		StatusMapping statuses = StatusMapping.of(properties.getHealth());
		boolean showAddresses = properties.getHealth().isShowAddresses();
		Map<String, ClientConnHealthIndicator> indicators = new LinkedHashMap<>();
		for (String channel : clientConns.names()) {
			ChannelSettings settings = ChannelSettings.orDefaults(properties, channel);
			if (settings.<Boolean>get("health.enabled", (p) -> p.getHealth().getEnabled()).orElse(true)) {
				boolean required = settings.<Boolean>get("health.required", (p) -> p.getHealth().getRequired())
					.orElse(true);
				indicators.put(channel, new ClientConnHealthIndicator(() -> clientConns.get(channel).snapshot(),
						statuses, required, showAddresses));
			}
		}
		return CompositeHealthContributor.fromMap(indicators);
	}

}
