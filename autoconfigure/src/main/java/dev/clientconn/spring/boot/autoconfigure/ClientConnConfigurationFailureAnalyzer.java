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

import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Tells which property of a channel is wrong, where it was set, and what to do. Boot's
 * own analyzers look a property up by its exact name; this one also finds it as an
 * environment variable or in camel case.
 */
class ClientConnConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<ClientConnConfigurationException> {

	/** {@code clientconn.channels.<name>}. */
	private static final int CHANNEL_ELEMENTS = 3;

	private final Environment environment;

	ClientConnConfigurationFailureAnalyzer(Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, ClientConnConfigurationException cause) {
		Setting<?> setting = cause.getSetting();
		StringBuilder description = new StringBuilder("A ClientConn could not be set up from its properties:");
		description.append("%n".formatted());
		appendLine(description, "Property", setting.property());
		ConfigurationProperty property = find(setting.property());
		if (property != null) {
			if (!cause.isSecret()) {
				appendLine(description, "Value",
						"\"" + SecretProperties.show(setting.property(), property.getValue()) + "\"");
			}
			appendLine(description, "Origin", String.valueOf(property.getOrigin()));
		}
		else if (setting.value() != null) {
			appendLine(description, "Value", "\"" + SecretProperties.show(setting.property(), setting.value()) + "\"");
		}
		else {
			// Something is missing there.
			ConfigurationProperty neighbour = findNear(setting.property());
			if (neighbour != null) {
				appendLine(description, "Near", String.valueOf(neighbour.getOrigin()));
			}
		}
		appendLine(description, "Reason", cause.getReason());
		return new FailureAnalysis(description.toString(), cause.getAction(), cause);
	}

	private @Nullable ConfigurationProperty find(String propertyName) {
		ConfigurationPropertyName name = ConfigurationPropertyName.adapt(propertyName, '.');
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return property;
			}
		}
		return null;
	}

	/** Finds what is set beside a property that is not, or below it. */
	private @Nullable ConfigurationProperty findNear(String propertyName) {
		ConfigurationPropertyName name = ConfigurationPropertyName.adapt(propertyName, '.');
		// Not above the channel: its other settings are no help.
		for (int left = name.getNumberOfElements(); left > CHANNEL_ELEMENTS; left--) {
			ConfigurationPropertyName parent = name.chop(left);
			for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
				Optional<ConfigurationPropertyName> below = (source instanceof IterableConfigurationPropertySource all)
						? all.stream().filter(parent::isAncestorOf).findFirst() : Optional.empty();
				if (below.isPresent()) {
					return source.getConfigurationProperty(below.get());
				}
			}
		}
		return null;
	}

	private static void appendLine(StringBuilder description, String title, String text) {
		description.append("%n    %s: %s".formatted(title, text));
	}

}
