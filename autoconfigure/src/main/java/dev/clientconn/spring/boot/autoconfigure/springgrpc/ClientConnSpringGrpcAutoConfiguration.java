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

package dev.clientconn.spring.boot.autoconfigure.springgrpc;

import java.util.Map;

import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.grpc.client.autoconfigure.CompositeChannelFactoryAutoConfiguration;
import org.springframework.boot.grpc.client.autoconfigure.GrpcChannelFactoryCustomizer;
import org.springframework.boot.grpc.client.autoconfigure.GrpcClientAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.grpc.client.ClientInterceptorsConfigurer;
import org.springframework.grpc.client.GrpcChannelFactory;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that lets {@code @ImportGrpcClients}
 * and {@link GrpcChannelFactory} of Spring gRPC use {@code ClientConn} beans. It comes
 * after Boot's own factories, which give way to any factory that is there before them,
 * and before the factory that unites them all. It backs off where Boot's factories do.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { ClientConnAutoConfiguration.class, GrpcClientAutoConfiguration.class },
		before = CompositeChannelFactoryAutoConfiguration.class)
@ConditionalOnClass({ GrpcChannelFactory.class, GrpcChannelFactoryCustomizer.class })
@ConditionalOnBean({ ClientConns.class, ClientInterceptorsConfigurer.class })
@ConditionalOnBooleanProperty(name = "clientconn.spring-grpc.enabled", matchIfMissing = true)
@ConditionalOnBooleanProperty(name = "spring.grpc.client.channelfactory.enabled", matchIfMissing = true)
public final class ClientConnSpringGrpcAutoConfiguration {

	/**
	 * Before Netty's factory, which takes every name, and after Boot's test transport.
	 */
	static final int ORDER = Ordered.HIGHEST_PRECEDENCE + 100;

	private static final Log logger = LogFactory.getLog(ClientConnSpringGrpcAutoConfiguration.class);

	@Bean
	@Order(ORDER)
	ClientConnGrpcChannelFactory clientConnGrpcChannelFactory(ClientConns clientConns,
			ClientInterceptorsConfigurer interceptors, Environment environment,
			ObjectProvider<GrpcChannelFactoryCustomizer> customizers) {
		warnOfUnusedProperties(clientConns, environment);
		ClientConnGrpcChannelFactory factory = new ClientConnGrpcChannelFactory(clientConns, interceptors, environment);
		customizers.orderedStream().forEach((customizer) -> customizer.customize(factory));
		return factory;
	}

	private static void warnOfUnusedProperties(ClientConns clientConns, Environment environment) {
		String prefix = "spring.grpc.client.channel";
		Binder.get(environment)
			.bind(prefix, Bindable.mapOf(String.class, Object.class))
			.orElseGet(Map::of)
			.keySet()
			.stream()
			.filter(clientConns.names()::contains)
			.forEach((channel) -> logger.warn(("%s.%s.* is not used: stubs with the target '%s' use the connection of "
					+ "clientconn.channels.%s")
				.formatted(prefix, channel, channel, channel)));
	}

}
