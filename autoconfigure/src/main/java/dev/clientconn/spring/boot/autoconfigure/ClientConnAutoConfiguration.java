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

import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.naming.Resolver;
import dev.clientconn.stats.StatsHandler;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@code ClientConn} beans.
 *
 * @since 0.1.0
 */
@AutoConfiguration(afterName = "org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration")
@ConditionalOnBooleanProperty(name = "clientconn.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ClientConnProperties.class)
@Import(ClientConnBeanRegistrar.class)
@ImportRuntimeHints(ClientConnRuntimeHints.class)
public final class ClientConnAutoConfiguration {

	@Bean
	static ClientConnQualifiers clientConnQualifiers(Environment environment) {
		return new ClientConnQualifiers(environment);
	}

	@Bean
	PropertiesDialOptionsCustomizer propertiesDialOptionsCustomizer(ClientConnProperties properties,
			ObjectProvider<SslBundles> sslBundles, ObjectProvider<BalancerProvider> balancers,
			ObjectProvider<ClientConns> clientConns) {
		SslContexts sslContexts = new SslContexts(sslBundles,
				(channel) -> clientConns.getObject().get(channel).operations().reconnect());
		return new PropertiesDialOptionsCustomizer(properties, new ChannelSecurity(sslContexts), balancers);
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "clientconn.events.enabled", matchIfMissing = true)
	StateChangeEvents clientConnStateChangeEvents(ApplicationEventPublisher publisher) {
		return new StateChangeEvents(publisher);
	}

	@Bean
	BeansDialOptionsCustomizer beansDialOptionsCustomizer(ObjectProvider<Resolver> resolvers,
			ObjectProvider<StatsHandler> statsHandlers) {
		return new BeansDialOptionsCustomizer(resolvers, statsHandlers);
	}

	@Bean
	ClientConnFactory clientConnFactory(ClientConnProperties properties,
			ObjectProvider<DialOptionsCustomizer> customizers) {
		return new ClientConnFactory(properties, customizers);
	}

	@Bean
	ChannelRefresh channelRefresh(Environment environment, ClientConnProperties properties, ClientConns clientConns,
			ClientConnFactory factory) {
		return new ChannelRefresh(environment, properties, clientConns, factory);
	}

	@Bean
	@ConditionalOnMissingBean(ClientConns.class)
	BeanFactoryClientConns clientConns(BeanFactory beanFactory, Environment environment) {
		return new BeanFactoryClientConns(beanFactory, ChannelNames.beanNames(environment));
	}

	@Bean
	ClientConnLifecycle clientConnLifecycle(ClientConns clientConns, ClientConnProperties properties,
			Environment environment) {
		return new ClientConnLifecycle(clientConns, properties, ShutdownPhase.of(environment));
	}

}
