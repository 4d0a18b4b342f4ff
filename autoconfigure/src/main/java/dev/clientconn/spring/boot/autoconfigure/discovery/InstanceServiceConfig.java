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

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.json.JsonParseException;
import org.springframework.boot.json.JsonParserFactory;
import org.springframework.core.NestedExceptionUtils;

/**
 * The service config in the metadata of instances. All of them must have the same; where
 * they differ, as during a roll-out, the one that started last has the say.
 *
 * @param json the text, empty for none
 * @param error why there is no answer, {@code null} if there is one
 */
record InstanceServiceConfig(String json, @Nullable String error) {

	static final String KEY = "gRPC_service_config";

	static final InstanceServiceConfig NONE = new InstanceServiceConfig("", null);

	static InstanceServiceConfig of(List<Address> addresses) {
		Set<String> all = texts(addresses);
		Set<String> agreed = (all.size() > 1) ? texts(newest(addresses)) : all;
		return (agreed.size() == 1) ? new InstanceServiceConfig(agreed.iterator().next(), null)
				: new InstanceServiceConfig("", "the instances have " + all.size() + " different " + KEY
						+ ", and no start times that tell which is the newest");
	}

	/** Tells a ClientConn, whose engine says whether the config is valid. */
	void deliver(AddressListener listener) {
		if (this.error != null) {
			listener.onServiceConfigError(this.error);
			return;
		}
		Map<String, Object> config;
		try {
			config = this.json.isEmpty() ? Map.of() : JsonParserFactory.getJsonParser().parseMap(this.json);
		}
		catch (JsonParseException ex) {
			listener.onServiceConfigError(
					KEY + " is not a JSON object: " + NestedExceptionUtils.getMostSpecificCause(ex).getMessage());
			return;
		}
		listener.onServiceConfig(config);
	}

	private static Set<String> texts(List<Address> addresses) {
		Set<String> texts = new HashSet<>();
		addresses.forEach((address) -> texts.add(address.metadata().getOrDefault(KEY, "").strip()));
		return texts;
	}

	/** Returns who started last; nobody if one does not say when it started. */
	private static List<Address> newest(List<Address> addresses) {
		List<Address> newest = new ArrayList<>();
		Instant latest = Instant.MIN;
		for (Address address : addresses) {
			Instant start = startTime(InstanceFacts.of(address.metadata()).startTime());
			if (start == null) {
				return List.of();
			}
			if (start.isAfter(latest)) {
				newest.clear();
				latest = start;
			}
			if (start.equals(latest)) {
				newest.add(address);
			}
		}
		return newest;
	}

	private static @Nullable Instant startTime(@Nullable String text) {
		if (text == null) {
			return null;
		}
		try {
			return text.matches("\\d{1,18}") ? Instant.ofEpochMilli(Long.parseLong(text)) : Instant.parse(text);
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

}
