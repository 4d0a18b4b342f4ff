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

import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.unit.DataSize;

/**
 * Brings a tree of properties into the JSON form of a service config: lists, which the
 * binder delivers as maps with index keys, become lists; names may be in kebab-case; and
 * durations, which may have any unit, become seconds with all their decimals. Unlike in
 * JSON, a field that is not known is an error, because it is more likely a mistake than
 * news.
 */
final class ServiceConfigTree {

	private static final Pattern INDEX = Pattern.compile("\\d{1,9}");

	/** Durations as gRPC writes them, besides what Boot accepts. */
	private static final Pattern SECONDS = Pattern.compile("(\\d{1,12}\\.\\d{1,9})s");

	private static final Form SERVICE_CONFIG = serviceConfig();

	private ServiceConfigTree() {
	}

	/**
	 * Converts a tree.
	 * @param property name of the property that holds it
	 * @param tree as bound
	 * @return the JSON form, as maps, lists, strings, numbers and booleans
	 * @throws ClientConnConfigurationException if it has no such form
	 */
	static Map<String, Object> toJson(String property, Map<String, ?> tree) {
		Map<String, Object> json = new LinkedHashMap<>();
		map(property, SERVICE_CONFIG.toJson(property, tree)).forEach(json::put);
		return json;
	}

	private static Form serviceConfig() {
		Form text = ServiceConfigTree::text;
		Form duration = ServiceConfigTree::duration;
		Form size = ServiceConfigTree::size;
		// One code is a list too, as one name is.
		Form codes = (property, value) -> list(text).toJson(property,
				(value instanceof Number) ? value.toString() : value);
		Form retryPolicy = object(Map.of("maxAttempts", text, "initialBackoff", duration, "maxBackoff", duration,
				"backoffMultiplier", text, "retryableStatusCodes", codes, "perAttemptRecvTimeout", duration));
		Form hedgingPolicy = object(
				Map.of("maxAttempts", text, "hedgingDelay", duration, "nonFatalStatusCodes", codes));
		Form methodConfig = object(Map.of("name", list(object(Map.of("service", text, "method", text))), "timeout",
				duration, "waitForReady", ServiceConfigTree::bool, "maxRequestMessageBytes", size,
				"maxResponseMessageBytes", size, "retryPolicy", retryPolicy, "hedgingPolicy", hedgingPolicy));
		return object(Map.of("methodConfig", list(methodConfig), "loadBalancingPolicy", text, "loadBalancingConfig",
				list(ServiceConfigTree::policy), "retryThrottling",
				object(Map.of("maxTokens", text, "tokenRatio", text)), "healthCheckConfig",
				object(Map.of("serviceName", text)), "connectionScaling",
				object(Map.of("maxConnectionsPerSubchannel", text))));
	}

	private static Form object(Map<String, Form> fields) {
		return (property, value) -> {
			Map<String, Object> json = new LinkedHashMap<>();
			map(property, value).forEach((key, element) -> {
				String elementProperty = property + "." + key;
				String name = fields.keySet()
					.stream()
					.filter((known) -> uniform(known).equals(uniform(key)))
					.findFirst()
					.orElseThrow(() -> unknown(elementProperty, key, fields));
				json.put(name, fields.get(name).toJson(elementProperty, element));
			});
			return json;
		};
	}

	private static Form list(Form elements) {
		return (property, value) -> {
			List<Object> json = new ArrayList<>();
			elements(property, value)
				.forEach((index, element) -> json.add(elements.toJson(property + "[" + index + "]", element)));
			return json;
		};
	}

	private static Object text(String property, Object value) {
		if (value instanceof Map) {
			throw wrong(property, "It has properties below it, and should have a value of its own.");
		}
		return value;
	}

	private static Object bool(String property, Object value) {
		return switch (String.valueOf(value).toLowerCase(Locale.ROOT)) {
			case "true", "on", "yes" -> true;
			case "false", "off", "no" -> false;
			default -> text(property, value); // The engine says what it expects.
		};
	}

	private static Object duration(String property, Object value) {
		String written = String.valueOf(text(property, value));
		if (SECONDS.matcher(written).matches()) {
			return written;
		}
		try {
			Duration duration = DurationStyle.detectAndParse(written);
			BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds())
				.add(BigDecimal.valueOf(duration.getNano(), 9));
			return seconds.stripTrailingZeros().toPlainString() + "s";
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			throw new ClientConnConfigurationException(new Setting<>(property, written), ex);
		}
	}

	private static Object size(String property, Object value) {
		Object written = text(property, value);
		try {
			return (written instanceof String size) ? DataSize.parse(size).toBytes() : written;
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			return written; // The engine says what it expects.
		}
	}

	/** A policy with its settings, which are the policy's own matter. */
	private static Object policy(String property, Object value) {
		if (value instanceof String policy) {
			return Map.of(policy.replace('-', '_'), Map.of());
		}
		Map<String, Object> json = new LinkedHashMap<>();
		map(property, value).forEach((policy, settings) -> {
			Object free = free(settings);
			json.put(policy.replace('-', '_'), "".equals(free) ? Map.of() : free);
		});
		return json;
	}

	private static Object free(Object value) {
		if (!(value instanceof Map<?, ?> map)) {
			return value;
		}
		if (isList(map)) {
			return elements("", map).values().stream().map(ServiceConfigTree::free).toList();
		}
		Map<String, Object> json = new LinkedHashMap<>();
		map.forEach((key, element) -> json.put(String.valueOf(key), free(element)));
		return json;
	}

	private static Map<String, Object> map(String property, Object value) {
		Map<String, Object> map = new LinkedHashMap<>();
		if (value instanceof Map<?, ?> bound) {
			bound.forEach((key, element) -> map.put(String.valueOf(key), element));
		}
		else if (!"".equals(value)) { // What an empty value of YAML becomes.
			throw wrong(property, "It has a value, and should have properties below it.");
		}
		return map;
	}

	private static Map<Integer, Object> elements(String property, Object value) {
		Map<Integer, Object> elements = new TreeMap<>();
		if (value instanceof Map<?, ?> bound && isList(bound)) {
			bound.forEach((index, element) -> elements.put(Integer.valueOf(String.valueOf(index)), element));
		}
		else if (value instanceof String text) {
			for (String element : text.isBlank() ? new String[0] : text.split(",")) {
				elements.put(elements.size(), element.strip());
			}
		}
		else {
			throw wrong(property, "It should be a list.");
		}
		return elements;
	}

	private static boolean isList(Map<?, ?> map) {
		return !map.isEmpty() && map.keySet().stream().allMatch((key) -> INDEX.matcher(String.valueOf(key)).matches());
	}

	private static String uniform(String name) {
		return name.replace("-", "").replace("_", "").toLowerCase(Locale.ROOT);
	}

	private static ClientConnConfigurationException wrong(String property, String reason) {
		return new ClientConnConfigurationException(new Setting<>(property, null), reason,
				"Write it as in the JSON form of gRPC's service config, or in kebab-case.");
	}

	private static ClientConnConfigurationException unknown(String property, String key, Map<String, Form> fields) {
		Optional<String> nearest = NearestName.of(key, fields.keySet());
		return wrong(property,
				"A service config has no such field here" + nearest.map((name) -> "; did you mean '" + name + "'?")
					.orElse(" (expected: one of " + new TreeMap<>(fields).keySet() + ")."));
	}

	/**
	 * Converts one kind of value.
	 */
	@FunctionalInterface
	private interface Form {

		Object toJson(String property, Object value);

	}

}
