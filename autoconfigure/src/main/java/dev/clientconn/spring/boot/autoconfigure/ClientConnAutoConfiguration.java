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

import java.time.InstantSource;
import java.util.List;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
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
@ImportRuntimeHints(ClientConnRuntimeHints.class)
public final class ClientConnAutoConfiguration {

	@Bean
	static ClientConnDefinitions clientConnDefinitions(Environment environment) {
		return new ClientConnDefinitions(environment);
	}

	@Bean
	ChannelBeans channelBeans(ConfigurableListableBeanFactory beanFactory) {
		return new ChannelBeans(beanFactory);
	}

	@Bean
	ChannelDetails channelDetails(ChannelBeans beans) {
		return new ChannelDetails(beans);
	}

	@Bean
	PropertiesDialOptionsCustomizer propertiesDialOptionsCustomizer(ClientConnProperties properties,
			ObjectProvider<SslBundles> sslBundles, ObjectProvider<ClientConns> clientConns, ChannelDetails details,
			ApplicationContext context) {
		SslContexts sslContexts = new SslContexts(sslBundles,
				(channel) -> clientConns.getObject().get(channel).operations().reconnect());
		ChannelBeans beans = details.beans();
		return new PropertiesDialOptionsCustomizer(properties, new ChannelSecurity(sslContexts), details,
				List.of(new ChannelCalls(beans), new ChannelWaiting(), new ChannelInterceptors(beans),
						new ChannelServiceConfig(context), new ChannelRetry(), new ChannelHedging(),
						new ChannelHealthCheck(), new ChannelThreads(beans, context.getEnvironment())));
	}

	@Bean
	@ConditionalOnBooleanProperty(name = "clientconn.events.enabled", matchIfMissing = true)
	StateChangeEvents clientConnStateChangeEvents(ApplicationEventPublisher publisher) {
		return new StateChangeEvents(publisher);
	}

	@Bean
	BeansDialOptionsCustomizer beansDialOptionsCustomizer(ClientConnProperties properties, ChannelBeans beans) {
		return new BeansDialOptionsCustomizer(properties, beans);
	}

	@Bean(name = ChannelThreads.EVENT_LOOP_GROUP, defaultCandidate = false)
	@ConditionalOnProperty("clientconn.event-loop.threads")
	@ConditionalOnMissingBean(name = ChannelThreads.EVENT_LOOP_GROUP)
	ChannelEventLoops clientConnEventLoopGroup(ClientConnProperties properties) {
		return new ChannelEventLoops(ChannelThreads.eventLoopGroup(properties));
	}

	@Bean
	ClientConnFactory clientConnFactory(ClientConnProperties properties,
			ObjectProvider<DialOptionsCustomizer> customizers, ChannelDetails details) {
		return new ClientConnFactory(properties, customizers, details);
	}

	@Bean
	ChannelRefresh channelRefresh(Environment environment, ClientConnProperties properties, ClientConns clientConns,
			ClientConnFactory factory) {
		return new ChannelRefresh(environment, properties, clientConns, factory, InstantSource.system());
	}

	@Bean
	@ConditionalOnMissingBean(ClientConns.class)
	BeanFactoryClientConns clientConns(ListableBeanFactory beanFactory, Environment environment) {
		return new BeanFactoryClientConns(beanFactory, ChannelNames.beanNames(environment));
	}

	@Bean
	ClientConnLifecycle clientConnLifecycle(ClientConns clientConns, ClientConnProperties properties,
			Environment environment) {
		return new ClientConnLifecycle(clientConns, properties, ShutdownPhase.of(environment));
	}

}
