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

package dev.clientconn.spring.boot.test;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.clientconn.spring.boot.autoconfigure.ChannelProperties;
import dev.clientconn.spring.boot.test.AutoConfigureTestClientConn.Server;

import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.MergedContextConfiguration;

/**
 * Overrides the properties of the channels, and adds the server they are pointed at. A
 * part of the key of the context cache: equal annotations share a context.
 *
 * @param channels names of the channels, empty for all
 * @param server the server
 */
record TestClientConnContextCustomizer(Set<String> channels, Server server) implements ContextCustomizer {

	private static final String CHANNELS = "clientconn.channels";

	@Override
	public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration config) {
		Map<String, Object> overrides = new HashMap<>();
		Set<String> pointed = channels(context.getEnvironment());
		for (String channel : pointed) {
			override(channel, context.getEnvironment(), overrides);
		}
		context.getEnvironment().getPropertySources().addFirst(new MapPropertySource("testClientConn", overrides));
		Class<?> configuration = switch (this.server) {
			case BEANS -> BeansServerConfiguration.class;
			case APPLICATION -> ApplicationServerConfiguration.class;
		};
		BeanDefinitionRegistry beans = (BeanDefinitionRegistry) context.getBeanFactory();
		beans.registerBeanDefinition(configuration.getName(), new RootBeanDefinition(configuration));
		beans.registerBeanDefinition(TestServerDetails.class.getName(),
				new RootBeanDefinition(TestServerDetails.class, () -> new TestServerDetails(pointed)));
	}

	private Set<String> channels(ConfigurableEnvironment environment) {
		Set<String> configured = Binder.get(environment)
			.bind(CHANNELS, Bindable.mapOf(String.class, ChannelProperties.class))
			.orElseGet(Map::of)
			.keySet();
		if (this.channels.isEmpty() && !configured.isEmpty()) {
			return configured;
		}
		if (this.channels.isEmpty() || !configured.containsAll(this.channels)) {
			throw new IllegalStateException("@AutoConfigureTestClientConn: channels " + new TreeSet<>(this.channels)
					+ " (expected: some of " + configured + ", the keys under clientconn.channels)");
		}
		return this.channels;
	}

	private static void override(String channel, ConfigurableEnvironment environment, Map<String, Object> overrides) {
		String prefix = channel.matches("[\\w-]+") ? CHANNELS + "." + channel : CHANNELS + "[" + channel + "]";
		overrides.put(prefix + ".target", TestServerResolver.target(channel));
		overrides.put(prefix + ".insecure", true);
		overrides.put(prefix + ".ssl.enabled", false);
		overrides.put(prefix + ".credentials.require-tls", false);
		if (blocks(prefix, environment)) {
			overrides.put(prefix + ".connect.mode", "eager");
		}
	}

	private static boolean blocks(String prefix, ConfigurableEnvironment environment) {
		Binder binder = Binder.get(environment);
		return binder.bind(prefix + ".connect.mode", String.class)
			.orElseGet(() -> binder.bind("clientconn.defaults.connect.mode", String.class).orElse("lazy"))
			.equalsIgnoreCase("block");
	}

}
