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

import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.core.env.Environment;

/**
 * The properties of all channels as the environment has them now, in objects of their
 * own: a properties bean that is bound again in place keeps what was removed, and one
 * wrong value keeps all others from being bound.
 *
 * @param defaults the defaults
 * @param channels the channels by name
 * @param failures what could not be bound, by the name of its channel; by
 * {@link #DEFAULTS} for the defaults
 */
record BoundProperties(ChannelProperties defaults, Map<String, ChannelProperties> channels,
		Map<String, ClientConnConfigurationException> failures) {

	/** Cannot be the name of a channel: those are elements of a property name. */
	static final String DEFAULTS = "";

	private static final ConfigurationPropertyName DEFAULTS_NAME = ConfigurationPropertyName.of("clientconn.defaults");

	private static final ConfigurationPropertyName CHANNELS_NAME = ConfigurationPropertyName.of("clientconn.channels");

	static BoundProperties of(Environment environment) {
		Map<String, ClientConnConfigurationException> failures = new LinkedHashMap<>();
		Binder binder = Binder.get(environment, new Failures(failures));
		ChannelProperties defaults = binder.bind(DEFAULTS_NAME, Bindable.of(ChannelProperties.class))
			.orElseGet(ChannelProperties::new);
		Map<String, ChannelProperties> channels = binder
			.bind(CHANNELS_NAME, Bindable.mapOf(String.class, ChannelProperties.class))
			.orElseGet(Map::of);
		return new BoundProperties(defaults, channels, failures);
	}

	/**
	 * Collects failures, and goes on.
	 */
	private static final class Failures extends AbstractBindHandler {

		private final Map<String, ClientConnConfigurationException> failures;

		Failures(Map<String, ClientConnConfigurationException> failures) {
			this.failures = failures;
		}

		@Override
		public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
				Exception error) {
			ConfigurationProperty property = context.getConfigurationProperty();
			Object value = (property != null) ? property.getValue() : null;
			String channel = CHANNELS_NAME.isAncestorOf(name)
					? name.getElement(CHANNELS_NAME.getNumberOfElements(), Form.ORIGINAL) : DEFAULTS;
			this.failures.putIfAbsent(channel, new ClientConnConfigurationException(
					new Setting<>(name.toString(), value), reason(error), "Change the value to what is expected."));
			return null;
		}

		private static String reason(Throwable error) {
			Throwable root = error;
			while (root.getCause() != null) {
				root = root.getCause();
			}
			return String.valueOf(root.getMessage());
		}

	}

}
