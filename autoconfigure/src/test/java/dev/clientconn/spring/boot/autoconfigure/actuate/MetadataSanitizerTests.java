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

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.actuate.endpoint.SanitizingFunction;

import static org.assertj.core.api.Assertions.assertThat;

class MetadataSanitizerTests {

	private final MetadataSanitizer sanitizer = new MetadataSanitizer(List.of());

	@ParameterizedTest
	@ValueSource(strings = { "zone", "Zone", "weight", "instanceId", "instance-id", "gRPC_port", "gRPC.port",
			"management.port" })
	void factsAreAlwaysShown(String key) {
		assertThat(this.sanitizer.sanitize(Map.of(key, "x"), false)).isEqualTo(Map.of(key, "x"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "token", "zoneToken", "port-secret", "user", "" })
	void everythingElseIsShownOnlyWhereValuesAre(String key) {
		assertThat(this.sanitizer.sanitize(Map.of(key, "x"), false)).isEqualTo(Map.of(key, "******"));
		assertThat(this.sanitizer.sanitize(Map.of(key, "x"), true)).isEqualTo(Map.of(key, "x"));
	}

	@Test
	void theApplicationHasTheLastWord() {
		MetadataSanitizer strict = new MetadataSanitizer(List.of(SanitizingFunction.sanitizeValue()));

		assertThat(strict.sanitize(Map.of("zone", "a", "token", "x"), true))
			.isEqualTo(Map.of("zone", "******", "token", "******"));
	}

	@Test
	void theFactsAreDocumented() throws Exception {
		String page = Files.readString(Path.of("..", "docs", "actuator.md"));
		Matcher paragraph = Pattern.compile("^`zone`.*?^$", Pattern.MULTILINE | Pattern.DOTALL).matcher(page);
		assertThat(paragraph.find()).isTrue();
		Set<String> documented = new TreeSet<>();
		Matcher key = Pattern.compile("`([^`]+)`").matcher(paragraph.group());
		while (key.find()) {
			documented.add(key.group(1).replaceAll("[._-]", ""));
		}

		assertThat(documented).isEqualTo(MetadataSanitizer.FACTS);
	}

}
