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

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * Which channels there are and what their beans are called. Read straight from the
 * environment, because beans are defined before properties beans exist.
 */
final class ChannelNames {

	private static final Bindable<Map<String, ChannelProperties>> CHANNELS = Bindable.mapOf(String.class,
			ChannelProperties.class);

	private static final String SUFFIX = "ClientConn";

	private ChannelNames() {
	}

	/**
	 * Returns the bean name of each channel.
	 * @param environment holds the properties
	 * @return immutable map from channel name to bean name, in the order of the
	 * properties
	 * @throws ClientConnConfigurationException if two channels share a bean name
	 */
	static Map<String, String> beanNames(Environment environment) {
		Map<String, String> beanNames = new LinkedHashMap<>();
		Map<String, String> channels = new LinkedHashMap<>();
		for (String channel : Binder.get(environment)
			.bind("clientconn.channels", CHANNELS)
			.orElseGet(Map::of)
			.keySet()) {
			String beanName = beanName(channel);
			String other = channels.put(beanName, channel);
			if (other != null) {
				throw new ClientConnConfigurationException(new Setting<>(ChannelSettings.prefix(channel), channel),
						"Channel '" + other + "' has the same bean name '" + beanName + "'.",
						"Rename one of the two channels.");
			}
			beanNames.put(channel, beanName);
		}
		return Collections.unmodifiableMap(beanNames);
	}

	/**
	 * Returns the bean name of a channel: its name in camel case, then "ClientConn".
	 * @param channel such as {@code order-history}
	 * @return such as {@code orderHistoryClientConn}
	 */
	static String beanName(String channel) {
		StringBuilder name = new StringBuilder();
		for (String word : channel.split("[^\\p{L}\\p{N}]+")) {
			if (word.isEmpty()) {
				continue;
			}
			String first = word.substring(0, 1);
			name.append(name.isEmpty() ? first.toLowerCase(Locale.ROOT) : first.toUpperCase(Locale.ROOT));
			name.append(word, 1, word.length());
		}
		return name.append(SUFFIX).toString();
	}

}
