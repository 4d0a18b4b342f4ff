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
import java.util.function.Function;

import dev.clientconn.spring.boot.autoconfigure.ConnectProperties.Mode;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * The effective settings of one channel: its own properties, else the defaults.
 *
 * @since 0.1.0
 */
public final class ChannelSettings {

	static final String DEFAULTS = "clientconn.defaults";

	static final String CHANNELS = "clientconn.channels";

	private final String channel;

	private final ChannelProperties own;

	private final ChannelProperties defaults;

	private ChannelSettings(String channel, ChannelProperties own, ChannelProperties defaults) {
		this.channel = channel;
		this.own = own;
		this.defaults = defaults;
	}

	/**
	 * Returns the settings of a channel.
	 * @param properties the properties of all channels
	 * @param channel name of a channel in them
	 * @return its settings, a view of the properties
	 * @throws IllegalArgumentException if there is no such channel
	 */
	public static ChannelSettings of(ClientConnProperties properties, String channel) {
		ChannelProperties own = properties.getChannels().get(channel);
		Assert.notNull(own,
				() -> "channel: \"" + channel + "\" (expected: one of " + properties.getChannels().keySet() + ")");
		return new ChannelSettings(channel, own, properties.getDefaults());
	}

	/**
	 * Returns the settings of a channel that {@link ClientConns} has, which may be one
	 * that only the application knows.
	 * @param properties the properties of all channels
	 * @param channel name of a channel, also of one that is not in them
	 * @return its settings, the defaults if it is not in the properties
	 */
	public static ChannelSettings orDefaults(ClientConnProperties properties, String channel) {
		ChannelProperties own = properties.getChannels().getOrDefault(channel, new ChannelProperties());
		return new ChannelSettings(channel, own, properties.getDefaults());
	}

	/**
	 * Returns one setting.
	 * @param <T> type of the value
	 * @param leaf name of the property after {@code clientconn.channels.<name>.}
	 * @param getter reads the value from the properties
	 * @return the channel's value, else the default, else a setting without value
	 */
	public <T> Setting<T> get(String leaf, Function<ChannelProperties, @Nullable T> getter) {
		T value = getter.apply(this.own);
		if (value == null) {
			T inherited = getter.apply(this.defaults);
			if (inherited != null) {
				return new Setting<>(DEFAULTS + "." + leaf, inherited);
			}
		}
		return new Setting<>(property(leaf), value);
	}

	/**
	 * Returns one setting that is never inherited.
	 * @param <T> type of the value
	 * @param leaf name of the property after {@code clientconn.channels.<name>.}
	 * @param getter reads the value from the properties
	 * @return the channel's value, or a setting without value
	 */
	public <T> Setting<T> own(String leaf, Function<ChannelProperties, @Nullable T> getter) {
		return new Setting<>(property(leaf), getter.apply(this.own));
	}

	/**
	 * Returns one setting of the defaults.
	 * @param <T> type of the value
	 * @param leaf name of the property after {@code clientconn.defaults.}
	 * @param getter reads the value from the properties
	 * @return the default, or a setting without value
	 */
	<T> Setting<T> inherited(String leaf, Function<ChannelProperties, @Nullable T> getter) {
		return new Setting<>(DEFAULTS + "." + leaf, getter.apply(this.defaults));
	}

	/**
	 * Returns the entries of a map; the channel adds to those of the defaults.
	 * @param leaf name of the property after {@code clientconn.channels.<name>.}
	 * @param getter reads the map from the properties
	 * @return one setting per key, the channel's value where both have it
	 */
	Map<String, Setting<String>> entries(String leaf, Function<ChannelProperties, Map<String, String>> getter) {
		Map<String, Setting<String>> entries = new LinkedHashMap<>();
		getter.apply(this.defaults)
			.forEach((key, value) -> entries.put(key, new Setting<>(element(DEFAULTS + "." + leaf, key), value)));
		getter.apply(this.own)
			.forEach((key, value) -> entries.put(key, new Setting<>(element(property(leaf), key), value)));
		return entries;
	}

	Mode connectMode() {
		return this.<Mode>get("connect.mode", (p) -> p.getConnect().getMode()).orElse(Mode.LAZY);
	}

	String channel() {
		return this.channel;
	}

	String property(String leaf) {
		return prefix(this.channel) + "." + leaf;
	}

	static String prefix(String channel) {
		return element(CHANNELS, channel);
	}

	/** Keys with other characters have to be in brackets. */
	private static String element(String property, String key) {
		return property + (key.matches("[\\w-]+") ? "." + key : "[" + key + "]");
	}

}
