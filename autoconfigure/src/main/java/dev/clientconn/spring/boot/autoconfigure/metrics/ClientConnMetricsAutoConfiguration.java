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

package dev.clientconn.spring.boot.autoconfigure.metrics;

import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the meters of calls, connections
 * and addresses.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ClientConnAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean({ MeterRegistry.class, ClientConns.class })
@ConditionalOnBooleanProperty(name = "clientconn.metrics.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ClientConnMetricsProperties.class)
public final class ClientConnMetricsAutoConfiguration {

	@Bean
	ChannelSnapshots clientConnMetricsSnapshots(ClientConns clientConns, MeterRegistry registry) {
		return new ChannelSnapshots((channel) -> clientConns.get(channel).snapshot(), registry.config().clock());
	}

	@Bean
	MetricsDialOptionsCustomizer metricsDialOptionsCustomizer(MeterRegistry registry,
			ChannelSnapshots clientConnMetricsSnapshots, ClientConnMetricsProperties properties) {
		return new MetricsDialOptionsCustomizer(registry, clientConnMetricsSnapshots, properties);
	}

}
