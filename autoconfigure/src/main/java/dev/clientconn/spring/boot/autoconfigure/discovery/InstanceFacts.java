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

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What the metadata of an instance says under the various names in use.
 *
 * @param weight share of calls, {@code null} if the metadata has none; not negative
 * @param badWeight text that is no weight, {@code null} if there is none
 * @param zone where it runs, {@code null} if unknown
 * @param startTime when the process started, as written, {@code null} if unknown
 * @param secure whether it says that it speaks TLS
 */
record InstanceFacts(@Nullable Double weight, @Nullable String badWeight, @Nullable String zone,
		@Nullable String startTime, boolean secure) {

	private static final List<String> WEIGHT = List.of("weight", "nacos.weight");

	private static final List<String> ZONE = List.of("zone", "topology.kubernetes.io/zone",
			"failure-domain.beta.kubernetes.io/zone", "nacos.cluster", "availability-zone");

	private static final List<String> START_TIME = List.of("startTimestamp", "start-time");

	static InstanceFacts of(Map<String, String> metadata) {
		String text = first(metadata, WEIGHT);
		Double weight = (text != null) ? weight(text) : null;
		return new InstanceFacts(weight, (weight != null) ? null : text, first(metadata, ZONE),
				first(metadata, START_TIME), Boolean.parseBoolean(metadata.get("secure")));
	}

	/** Weight 0 is how operators take an instance out of service. */
	boolean isDrained() {
		return this.weight != null && this.weight == 0;
	}

	/**
	 * Returns metadata with weight and zone under the names that balancers read.
	 * @param metadata the metadata
	 * @return a copy
	 */
	Map<String, String> addTo(Map<String, String> metadata) {
		Map<String, String> result = new LinkedHashMap<>(metadata);
		if (this.badWeight != null) {
			result.put("weight", "1");
		}
		else if (this.weight != null && !result.containsKey("weight")) {
			result.put("weight", this.weight.toString());
		}
		if (this.zone != null) {
			result.put("zone", this.zone);
		}
		return result;
	}

	private static @Nullable Double weight(String text) {
		try {
			double weight = Double.parseDouble(text.strip());
			return (weight >= 0 && weight < Double.POSITIVE_INFINITY) ? weight : null;
		}
		catch (NumberFormatException ex) {
			return null;
		}
	}

	private static @Nullable String first(Map<String, String> metadata, List<String> keys) {
		for (String key : keys) {
			String value = metadata.get(key);
			if (value != null && !value.isBlank()) {
				return value;
			}
		}
		return null;
	}

}
