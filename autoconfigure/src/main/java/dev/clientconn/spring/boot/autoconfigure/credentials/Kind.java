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

package dev.clientconn.spring.boot.autoconfigure.credentials;

import java.util.function.Function;

import dev.clientconn.spring.boot.autoconfigure.ChannelProperties;
import dev.clientconn.spring.boot.autoconfigure.ChannelSettings;
import dev.clientconn.spring.boot.autoconfigure.Setting;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.source.MutuallyExclusiveConfigurationPropertiesException;

/**
 * Kinds of credentials, each chosen by one property.
 */
enum Kind {

	/** User name and password. */
	BASIC("basic.username", (p) -> p.getCredentials().getBasic().getUsername()),

	/** A token that never changes. */
	BEARER_TOKEN("bearer.token", (p) -> p.getCredentials().getBearer().getToken()),

	/** A token in a file. */
	BEARER_TOKEN_LOCATION("bearer.token-location", (p) -> p.getCredentials().getBearer().getTokenLocation()),

	/** A token by the client credentials grant. */
	OAUTH2("oauth2.registration-id", (p) -> p.getCredentials().getOauth2().getRegistrationId()),

	/** A bean of the application. */
	BEAN("bean", (p) -> p.getCredentials().getBean());

	private final String leaf;

	private final Function<ChannelProperties, @Nullable String> getter;

	Kind(String leaf, Function<ChannelProperties, @Nullable String> getter) {
		this.leaf = "credentials." + leaf;
		this.getter = getter;
	}

	/**
	 * Returns the kind that a channel has chosen: its own, else that of the defaults.
	 * @param settings the settings of the channel
	 * @return the kind, {@code null} for none
	 * @throws MutuallyExclusiveConfigurationPropertiesException if there is more than one
	 */
	static @Nullable Kind of(ChannelSettings settings) {
		Kind own = only((kind) -> settings.own(kind.leaf, kind.getter));
		return (own != null) ? own : only((kind) -> kind.setting(settings));
	}

	/** Returns the property that chooses this kind. */
	Setting<String> setting(ChannelSettings settings) {
		return settings.get(this.leaf, this.getter);
	}

	private static @Nullable Kind only(Function<Kind, Setting<String>> settings) {
		MutuallyExclusiveConfigurationPropertiesException.throwIfMultipleNonNullValuesIn((entries) -> {
			for (Kind kind : values()) {
				Setting<String> setting = settings.apply(kind);
				entries.put(setting.property(), setting.value());
			}
		});
		for (Kind kind : values()) {
			if (settings.apply(kind).value() != null) {
				return kind;
			}
		}
		return null;
	}

}
