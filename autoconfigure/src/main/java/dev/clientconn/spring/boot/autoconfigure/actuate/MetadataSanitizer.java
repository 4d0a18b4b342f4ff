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

package dev.clientconn.spring.boot.autoconfigure.actuate;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.springframework.boot.actuate.endpoint.SanitizableData;
import org.springframework.boot.actuate.endpoint.Sanitizer;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;

/**
 * Hides values of address metadata, which a registry lets anybody fill with anything. The
 * facts that routing is made of are shown always, all others only where values are shown.
 * {@link SanitizingFunction}s of the application have the last word on both.
 */
final class MetadataSanitizer {

	/**
	 * Keys in lower case, without {@code .}, {@code -} and {@code _}; docs/actuator.md
	 * lists them.
	 */
	static final Set<String> FACTS = Set.of("zone", "region", "datacenter", "cluster", "environment", "stage",
			"profile", "instanceid", "serviceid", "weight", "version", "apiversion", "revision", "secure", "port",
			"grpcport", "portgrpc", "managementport", "healthy", "status");

	private final Sanitizer sanitizer;

	MetadataSanitizer(Iterable<SanitizingFunction> functions) {
		this.sanitizer = new Sanitizer(functions);
	}

	/**
	 * Returns metadata as it may be shown.
	 * @param metadata what the address carries
	 * @param showValues whether this reader is shown values
	 * @return sorted by key
	 */
	Map<String, String> sanitize(Map<String, String> metadata, boolean showValues) {
		Map<String, String> sanitized = new TreeMap<>();
		metadata.forEach((key, value) -> sanitized.put(key, String.valueOf(this.sanitizer
			.sanitize(new SanitizableData(null, key, value), showValues || FACTS.contains(normalized(key))))));
		return sanitized;
	}

	private static String normalized(String key) {
		return key.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
	}

}
