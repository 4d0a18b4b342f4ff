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

import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.ClientConnProperties;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import reactor.core.publisher.Flux;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.AnyNestedCondition;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.cloud.client.discovery.ReactiveDiscoveryClient;
import org.springframework.cloud.context.environment.EnvironmentChangeEvent;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for targets of the scheme
 * {@code discovery}: with the {@link DiscoveryClient}, or with the
 * {@link ReactiveDiscoveryClient}s of an application that has no blocking one or has
 * switched them off ({@code spring.cloud.discovery.blocking.enabled=false}).
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = ClientConnAutoConfiguration.class, afterName = {
		"org.springframework.cloud.client.CommonsClientAutoConfiguration",
		"org.springframework.cloud.client.ReactiveCommonsClientAutoConfiguration",
		"org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClientAutoConfiguration",
		"org.springframework.cloud.client.discovery.composite.reactive.ReactiveCompositeDiscoveryClientAutoConfiguration",
		"org.springframework.cloud.client.discovery.simple.SimpleDiscoveryClientAutoConfiguration",
		"org.springframework.cloud.client.discovery.simple.reactive.SimpleReactiveDiscoveryClientAutoConfiguration" })
@ConditionalOnClass(DiscoveryClient.class)
@ConditionalOnBean(ClientConns.class)
@Conditional(ClientConnDiscoveryAutoConfiguration.OnDiscoveryClient.class)
public final class ClientConnDiscoveryAutoConfiguration {

	@Bean
	RegistryEvents registryEvents() {
		return new RegistryEvents();
	}

	@Bean
	LookupThreads lookupThreads() {
		return LookupThreads.create();
	}

	@Bean
	DiscoveryDialOptionsCustomizer discoveryDialOptionsCustomizer(ClientConnProperties properties, Registry registry,
			RegistryEvents registryEvents, LookupThreads lookupThreads) {
		return new DiscoveryDialOptionsCustomizer(properties, registry, registryEvents, lookupThreads);
	}

	/**
	 * The application uses reactive clients. Before the blocking ones, because Spring
	 * Cloud's composite and simple clients exist even where those of registries are
	 * switched off.
	 */
	@Order(1)
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Flux.class)
	@ConditionalOnBean(type = "org.springframework.cloud.client.discovery.ReactiveDiscoveryClient")
	@Conditional(OnNoBlockingClient.class)
	static class ReactiveConfiguration {

		@Bean
		Registry registry(ObjectProvider<ReactiveDiscoveryClient> discoveryClient) {
			return ReactiveClients.registry(discoveryClient);
		}

	}

	/**
	 * The usual case.
	 */
	@Order(2)
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnBean(DiscoveryClient.class)
	@ConditionalOnMissingBean(Registry.class)
	static class BlockingConfiguration {

		@Bean
		Registry registry(ObjectProvider<DiscoveryClient> discoveryClient) {
			return Registry.of(discoveryClient);
		}

	}

	/**
	 * Listens to changes of the environment, which change what the simple discovery
	 * client answers and may replace any other.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(EnvironmentChangeEvent.class)
	static class RefreshConfiguration {

		@Bean
		RefreshEvents refreshEvents(RegistryEvents registryEvents) {
			return new RefreshEvents(registryEvents);
		}

	}

	/**
	 * There is a discovery client, and what it needs.
	 */
	static final class OnDiscoveryClient extends AnyNestedCondition {

		OnDiscoveryClient() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnBean(DiscoveryClient.class)
		static final class Blocking {

		}

		@ConditionalOnClass(Flux.class)
		@ConditionalOnBean(type = "org.springframework.cloud.client.discovery.ReactiveDiscoveryClient")
		static final class Reactive {

		}

	}

	/**
	 * There is no blocking client, or those of registries are switched off.
	 */
	static final class OnNoBlockingClient extends AnyNestedCondition {

		OnNoBlockingClient() {
			super(ConfigurationPhase.REGISTER_BEAN);
		}

		@ConditionalOnMissingBean(DiscoveryClient.class)
		static final class Missing {

		}

		@ConditionalOnBooleanProperty(name = "spring.cloud.discovery.blocking.enabled", havingValue = false)
		static final class SwitchedOff {

		}

	}

}
