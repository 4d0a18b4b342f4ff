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

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.util.StringUtils;

/**
 * Finds the gRPC port of an instance. Registries know the port of HTTP; that of gRPC is
 * in the metadata, under one of several names in use.
 */
final class InstancePort {

	private final @Nullable Integer fixed;

	private final List<String> keys;

	private final Set<String> normalizedKeys = new LinkedHashSet<>();

	/**
	 * Creates a finder.
	 * @param fixed the port of all instances, {@code null} to look into the metadata
	 * @param keys metadata keys, in order of preference
	 */
	InstancePort(@Nullable Integer fixed, List<String> keys) {
		this.fixed = fixed;
		this.keys = keys;
		keys.forEach((key) -> this.normalizedKeys.add(normalized(key)));
	}

	/**
	 * Finds the port of an instance.
	 * @param instance the instance
	 * @param metadata its metadata without nulls
	 * @return the port, not checked for its range
	 * @throws IllegalArgumentException if the metadata does not hold a number
	 */
	Found find(ServiceInstance instance, Map<String, String> metadata) {
		if (this.fixed != null) {
			return new Found(this.fixed, false, null);
		}
		String key = key(metadata);
		if (key == null) {
			return new Found(instance.getPort(), true, null);
		}
		String value = metadata.get(key).strip();
		try {
			return new Found(Integer.parseInt(value), false, disagreement(metadata, key, value));
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("metadata " + key + "=\"" + value + "\" is not a port", ex);
		}
	}

	/** An exact name before those that are written in another way. */
	private @Nullable String key(Map<String, String> metadata) {
		for (String key : this.keys) {
			if (metadata.containsKey(key)) {
				return key;
			}
		}
		for (String wanted : this.normalizedKeys) {
			for (String key : metadata.keySet()) {
				if (normalized(key).equals(wanted)) {
					return key;
				}
			}
		}
		return null;
	}

	private @Nullable String disagreement(Map<String, String> metadata, String key, String value) {
		for (Entry<String, String> other : metadata.entrySet()) {
			if (this.normalizedKeys.contains(normalized(other.getKey())) && !other.getValue().strip().equals(value)) {
				return key + "=" + value + " is used, " + other.getKey() + "=" + other.getValue() + " is not";
			}
		}
		return null;
	}

	private static String normalized(String key) {
		return StringUtils.deleteAny(key.toLowerCase(Locale.ROOT), "._-");
	}

	/**
	 * A port.
	 *
	 * @param port the port
	 * @param registered whether it is the one that the instance registered, for want of
	 * metadata
	 * @param disagreement which other port the metadata names, {@code null} if none
	 */
	record Found(int port, boolean registered, @Nullable String disagreement) {
	}

}
