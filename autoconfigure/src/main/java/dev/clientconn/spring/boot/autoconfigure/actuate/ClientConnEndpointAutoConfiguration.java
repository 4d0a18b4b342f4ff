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

package dev.clientconn.spring.boot.autoconfigure.actuate;

import dev.clientconn.spring.boot.autoconfigure.ChannelRefresh;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link ClientConnEndpoint}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ClientConnAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(ClientConns.class)
@ConditionalOnAvailableEndpoint(ClientConnEndpoint.class)
@EnableConfigurationProperties(ClientConnEndpointProperties.class)
public final class ClientConnEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ClientConnEndpoint clientConnEndpoint(ClientConns clientConns, ObjectProvider<ChannelRefresh> refresh,
			ObjectProvider<SanitizingFunction> sanitizingFunctions, ClientConnEndpointProperties properties) {
		return new ClientConnEndpoint(clientConns, refresh, sanitizingFunctions.orderedStream().toList(),
				properties.getShowValues());
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(ClientConnEndpoint.class)
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.JMX)
	ClientConnEndpointJmxExtension clientConnEndpointJmxExtension(ClientConnEndpoint endpoint) {
		return new ClientConnEndpointJmxExtension(endpoint);
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(ClientConnEndpoint.class)
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	ClientConnEndpointWebExtension clientConnEndpointWebExtension(ClientConnEndpoint endpoint,
			ClientConnEndpointProperties properties) {
		return new ClientConnEndpointWebExtension(endpoint, properties.getShowValues(), properties.getRoles());
	}

}
