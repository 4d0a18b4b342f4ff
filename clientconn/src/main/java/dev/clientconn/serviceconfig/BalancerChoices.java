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

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The balancing policies that a service config accepts, the most wanted first (gRFC A24).
 * Equal if it accepts the same, wherever that is written.
 */
final class BalancerChoices {

	static final BalancerChoices NONE = new BalancerChoices(List.of(), "");

	private final List<Choice> choices;

	/** Where they are written. */
	private final String path;

	private BalancerChoices(List<Choice> choices, String path) {
		this.choices = List.copyOf(choices);
		this.path = path;
	}

	/** The list, else the name that configs had before there was a list. */
	static BalancerChoices read(JsonValue root) {
		JsonValue list = root.field("loadBalancingConfig");
		JsonValue name = root.field("loadBalancingPolicy");
		List<Choice> choices = new ArrayList<>();
		for (JsonValue element : list.elements()) {
			choices.add(choice(element));
		}
		// An enum in the JSON form of old configs: ROUND_ROBIN.
		String policy = name.string().toLowerCase(Locale.ROOT);
		if (!choices.isEmpty()) {
			return new BalancerChoices(choices, list.path());
		}
		return policy.isEmpty() ? NONE : new BalancerChoices(List.of(new Choice(policy, Map.of())), name.path());
	}

	private static Choice choice(JsonValue element) {
		if (element.object().size() != 1) {
			throw element.expected("an object with one field, such as {\"round_robin\": {}}");
		}
		String policy = String.valueOf(element.object().keySet().iterator().next());
		JsonValue settings = element.field(policy);
		if (!(settings.value() instanceof Map<?, ?> object)) {
			throw settings.expected("an object");
		}
		return new Choice(policy, copy(object));
	}

	private static Map<String, Object> copy(Map<?, ?> object) {
		Map<String, Object> copy = new LinkedHashMap<>();
		object.forEach((key, value) -> {
			if (value != null) {
				copy.put(String.valueOf(key), copy(value));
			}
		});
		return Collections.unmodifiableMap(copy);
	}

	private static Object copy(Object value) {
		if (value instanceof Map<?, ?> object) {
			return copy(object);
		}
		return (value instanceof List<?> list)
				? list.stream().filter(Objects::nonNull).map(BalancerChoices::copy).toList() : value;
	}

	List<String> names() {
		return this.choices.stream().map(Choice::policy).toList();
	}

	<B> @Nullable B find(BalancerLookup<B> known) {
		for (int i = 0; i < this.choices.size(); i++) {
			Choice choice = this.choices.get(i);
			try {
				B found = known.find(choice.policy, choice.settings);
				if (found != null) {
					return found;
				}
			}
			catch (IllegalArgumentException ex) {
				throw new ServiceConfigException(this.path + "[" + i + "]." + choice.policy, choice.settings.toString(),
						String.valueOf(ex.getMessage()));
			}
		}
		if (this.choices.isEmpty()) {
			return null;
		}
		throw new ServiceConfigException(this.path, String.join(", ", names()),
				"expected: one of " + known.names() + ", which this client knows");
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof BalancerChoices that && this.choices.equals(that.choices);
	}

	@Override
	public int hashCode() {
		return this.choices.hashCode();
	}

	@Override
	public String toString() {
		return this.choices.toString();
	}

	/**
	 * One policy.
	 *
	 * @param policy its name
	 * @param settings what it is to be told, which only the policy understands
	 */
	private record Choice(String policy, Map<String, Object> settings) {

		@Override
		public String toString() {
			return this.policy + (this.settings.isEmpty() ? "" : this.settings);
		}

	}

}
