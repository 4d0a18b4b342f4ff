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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares docs/configuration.md with the metadata that is generated from the properties
 * classes: the same properties, with the same defaults. Looks at the metadata itself too.
 */
class ConfigurationDocsTests {

	private static final Pattern ROW = Pattern.compile("^\\| `((?:clientconn|management)[^`]*)` \\|(.*)\\|$");

	private static final Path GENERATED = Path.of("target", "classes", "META-INF",
			"spring-configuration-metadata.json");

	private static final Path BY_HAND = Path.of("src", "main", "resources", "META-INF",
			"additional-spring-configuration-metadata.json");

	@Test
	void everyPropertyHasARowWithItsDefault() throws Exception {
		assertThat(documented()).containsExactlyInAnyOrderEntriesOf(generated());
	}

	@Test
	void everyPropertyIsDescribed() throws Exception {
		List<String> all = read(GENERATED, "$.properties[*].name");
		List<String> described = read(GENERATED, "$.properties[?(@.description)].name");

		assertThat(described).isEqualTo(all).isNotEmpty();
	}

	@Test
	void whatIsWrittenByHandIsSorted() throws Exception {
		assertThat(ConfigurationDocsTests.<String>read(BY_HAND, "$.properties[*].name")).isSorted();
		assertThat(ConfigurationDocsTests.<String>read(BY_HAND, "$.hints[*].name")).isSorted();
	}

	private static Map<String, String> documented() throws Exception {
		Map<String, String> rows = new TreeMap<>();
		for (String line : Files.readAllLines(Path.of("..", "docs", "configuration.md"))) {
			Matcher matcher = ROW.matcher(line);
			if (matcher.matches()) {
				String[] cells = matcher.group(2).split("\\|");
				rows.put(matcher.group(1), cells[2].replace("`", "").strip());
			}
		}
		return rows;
	}

	private static Map<String, String> generated() throws Exception {
		Map<String, String> properties = new TreeMap<>();
		List<Map<String, Object>> metadata = read(GENERATED, "$.properties[*]");
		for (Map<String, Object> property : metadata) {
			Object value = property.get("defaultValue");
			properties.put((String) property.get("name"), (value != null) ? text(value) : "");
		}
		return properties;
	}

	private static <T> List<T> read(Path file, String path) throws Exception {
		return JsonPath.read(Files.readString(file), path);
	}

	private static String text(Object value) {
		return (value instanceof List<?> values)
				? values.stream().map(Object::toString).collect(Collectors.joining(", ")) : value.toString();
	}

}
