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

package dev.clientconn.serviceconfig;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads the parts of a service config from its JSON form.
 */
final class ServiceConfigReader {

	private ServiceConfigReader() {
	}

	/** Returns the settings by {@code service/method}, in the order of the config. */
	static Map<String, MethodConfig> methods(JsonValue list) {
		Map<String, MethodConfig> methods = new LinkedHashMap<>();
		Map<String, JsonValue> places = new HashMap<>();
		for (JsonValue entry : list.elements()) {
			MethodConfig config = method(entry);
			for (JsonValue name : entry.field("name").elements()) {
				String key = name(name);
				JsonValue earlier = places.putIfAbsent(key, name);
				if (earlier != null) {
					throw name.wrong("already at " + earlier.path());
				}
				methods.put(key, config);
			}
		}
		return methods;
	}

	private static MethodConfig method(JsonValue entry) {
		JsonValue retry = entry.field("retryPolicy");
		JsonValue hedging = entry.field("hedgingPolicy");
		if (!retry.isAbsent() && !hedging.isAbsent()) {
			throw hedging.expected("either a retryPolicy or a hedgingPolicy");
		}
		return new MethodConfig(entry.field("waitForReady").bool(), entry.field("timeout").duration(),
				entry.field("maxRequestMessageBytes").size(), entry.field("maxResponseMessageBytes").size(),
				RetryPolicy.read(retry), HedgingPolicy.read(hedging));
	}

	private static String name(JsonValue name) {
		String service = name.field("service").string();
		String method = name.field("method").string();
		if (!service.isEmpty()) {
			return service + "/" + method;
		}
		if (!method.isEmpty()) {
			throw name.expected("a service for the method");
		}
		return "";
	}

}
