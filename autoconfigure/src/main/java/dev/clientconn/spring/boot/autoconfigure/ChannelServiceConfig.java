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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import dev.clientconn.DialOptions;
import dev.clientconn.serviceconfig.ServiceConfigException;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;

/**
 * Maps the service config, which is a tree of properties, a JSON text or a JSON file. The
 * channel's replaces that of the defaults as a whole.
 *
 * @param resources finds files
 */
record ChannelServiceConfig(ResourceLoader resources) implements ChannelMapping {

	private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

	private static final String LOCATIONS = "such as 'classpath:service-config.json' or 'file:/etc/service-config.json'.";

	@Override
	public void apply(ChannelSettings settings, DialOptions.Builder builder) {
		Written written = Written.of(settings);
		Setting<ServiceConfigProperties> config = written.config;
		Setting<Resource> file = written.file;
		if (config.value() != null && file.value() != null) {
			throw new ClientConnConfigurationException(file,
					"There is a service config in '" + config.property() + "' too.",
					"Remove one of the two properties.");
		}
		try {
			if (config.value() != null) {
				builder.serviceConfig(json(config, config.value()));
			}
			else if (file.value() != null) {
				builder.serviceConfig(read(file, file.value()));
			}
		}
		catch (ServiceConfigException ex) {
			throw written.refusal(ex);
		}
	}

	/**
	 * Returns the failure of a channel whose service config a client cannot use.
	 * @param settings the settings of the channel
	 * @param refusal what is wrong with the service config
	 * @return names the property that holds what is wrong
	 */
	static ClientConnConfigurationException refused(ChannelSettings settings, ServiceConfigException refusal) {
		return Written.of(settings).refusal(refusal);
	}

	private Map<String, Object> json(Setting<?> setting, ServiceConfigProperties config) {
		String text = config.text();
		if (text == null) {
			return ServiceConfigTree.toJson(setting.property(), config);
		}
		return text.startsWith("{") ? parse(setting.property(), text) : read(setting, this.resources.getResource(text));
	}

	private static Map<String, Object> read(Setting<?> setting, Resource file) {
		try {
			return parse(setting.property(), file.getContentAsString(StandardCharsets.UTF_8));
		}
		catch (IOException ex) {
			throw new ClientConnConfigurationException(setting, "The file cannot be read: " + ex.getMessage(),
					"Correct the location, " + LOCATIONS);
		}
	}

	private static Map<String, Object> parse(String property, String json) {
		try {
			return JsonParserFactory.getJsonParser().parseMap(json);
		}
		catch (JsonParseException ex) {
			throw new ClientConnConfigurationException(new Setting<>(property, null),
					"This is not a JSON object: " + NestedExceptionUtils.getMostSpecificCause(ex).getMessage(),
					"Correct the JSON.", ex);
		}
	}

	/**
	 * Where a channel's service config is written.
	 *
	 * @param config tree or text, without value if there is none
	 * @param file the file, without value if there is none
	 */
	private record Written(Setting<ServiceConfigProperties> config, Setting<Resource> file) {

		private static Written of(ChannelSettings settings) {
			Written own = new Written(settings.own("service-config", Written::config),
					settings.own("service-config-location", ChannelProperties::getServiceConfigLocation));
			if (own.config.value() != null || own.file.value() != null) {
				return own;
			}
			return new Written(settings.inherited("service-config", Written::config),
					settings.inherited("service-config-location", ChannelProperties::getServiceConfigLocation));
		}

		private static @Nullable ServiceConfigProperties config(ChannelProperties properties) {
			ServiceConfigProperties config = properties.getServiceConfig();
			return (config == null || config.saysNothing()) ? null : config;
		}

		ClientConnConfigurationException refusal(ServiceConfigException refusal) {
			ServiceConfigProperties written = this.config.value();
			boolean isTree = written != null && written.text() == null;
			if (isTree) {
				return new ClientConnConfigurationException(
						new Setting<>(this.config.property() + "." + kebabCase(refusal.path()), null), refusal);
			}
			return new ClientConnConfigurationException((this.file.value() != null) ? this.file : this.config,
					String.valueOf(refusal.getMessage()), "Correct the service config.", refusal);
		}

		private static String kebabCase(String path) {
			return CAPITAL.matcher(path)
				.replaceAll((MatchResult capital) -> "-" + capital.group().toLowerCase(Locale.ROOT));
		}

	}

}
