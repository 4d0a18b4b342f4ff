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

import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.io.Resource;

/**
 * Maps the service config, which is either a tree of properties or a JSON file. The
 * channel's replaces that of the defaults as a whole.
 */
final class ChannelServiceConfig implements ChannelMapping {

	private static final Pattern CAPITAL = Pattern.compile("[A-Z]");

	@Override
	public void apply(ChannelSettings settings, DialOptions.Builder builder) {
		Setting<Map<String, Object>> tree = settings.own("service-config", ChannelProperties::getServiceConfig);
		Setting<Resource> file = settings.own("service-config-location", ChannelProperties::getServiceConfigLocation);
		if (tree.orElse(Map.of()).isEmpty() && file.value() == null) {
			tree = settings.inherited("service-config", ChannelProperties::getServiceConfig);
			file = settings.inherited("service-config-location", ChannelProperties::getServiceConfigLocation);
		}
		if (!tree.orElse(Map.of()).isEmpty()) {
			if (file.value() != null) {
				throw new ClientConnConfigurationException(file,
						"There is a service config in '" + tree.property() + "' too.",
						"Remove one of the two properties.");
			}
			applyTree(tree.property(), tree.orElse(Map.of()), builder);
		}
		else if (file.value() != null) {
			applyFile(file, file.value(), builder);
		}
	}

	private static void applyTree(String property, Map<String, Object> tree, DialOptions.Builder builder) {
		try {
			builder.serviceConfig(ServiceConfigTree.toJson(property, tree));
		}
		catch (ServiceConfigException ex) {
			throw new ClientConnConfigurationException(new Setting<>(property + "." + kebabCase(ex.path()), null), ex);
		}
	}

	private static void applyFile(Setting<Resource> setting, Resource file, DialOptions.Builder builder) {
		try {
			String json = file.getContentAsString(StandardCharsets.UTF_8);
			builder.serviceConfig(JsonParserFactory.getJsonParser().parseMap(json));
		}
		catch (IOException ex) {
			throw new ClientConnConfigurationException(setting, "The file cannot be read: " + ex.getMessage(),
					"Correct the location, such as 'classpath:service-config.json' or 'file:/etc/service-config.json'.");
		}
		catch (JsonParseException ex) {
			throw new ClientConnConfigurationException(setting, "The file is not a JSON object: " + ex.getMessage(),
					"Correct the file.", ex);
		}
		catch (ServiceConfigException ex) {
			throw new ClientConnConfigurationException(setting, String.valueOf(ex.getMessage()), "Correct the file.",
					ex);
		}
	}

	private static String kebabCase(String path) {
		return CAPITAL.matcher(path)
			.replaceAll((MatchResult capital) -> "-" + capital.group().toLowerCase(Locale.ROOT));
	}

}
