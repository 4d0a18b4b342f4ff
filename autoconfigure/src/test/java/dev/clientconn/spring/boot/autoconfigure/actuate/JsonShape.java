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

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import io.grpc.ConnectivityState;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The keys of a JSON document as paths. Addresses are replaced by the state that they are
 * in, as they differ from run to run.
 */
final class JsonShape {

	private static final JsonMapper mapper = new JsonMapper();

	private JsonShape() {
	}

	static Set<String> of(String json) {
		Set<String> paths = new TreeSet<>();
		collect("", mapper.readTree(json), paths);
		return paths;
	}

	private static void collect(String path, JsonNode node, Set<String> paths) {
		paths.add(path);
		if (node.isArray()) {
			node.forEach((element) -> collect(path + "[]", element, paths));
		}
		for (Map.Entry<String, JsonNode> property : node.properties()) {
			collect(path + "/" + name(property), property.getValue(), paths);
		}
	}

	private static String name(Map.Entry<String, JsonNode> property) {
		if (!property.getKey().matches(".*:\\d+")) {
			return property.getKey();
		}
		JsonNode value = property.getValue();
		String state = value.isObject() ? value.path("state").asString() : value.asString();
		boolean known = Arrays.stream(ConnectivityState.values()).anyMatch((each) -> each.name().equals(state));
		return "<" + (known ? state : "address") + ">";
	}

}
