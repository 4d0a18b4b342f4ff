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

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Looks up what docs/comparison.md claims of us: each property in the metadata, each type
 * in the sources.
 */
class ComparisonDocsTests {

	private static final Path ROOT = Path.of("..");

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	/** Not ours, or a target and no property. */
	private static final Set<String> FOREIGN = Set.of("@ImportGrpcClients", "discovery:///service",
			"spring.threads.virtual.enabled", "clientconn.defaults", "DiscoveryClient", "ConnectionDetails");

	@Test
	void everyNameInOurColumnExists() throws IOException {
		Set<String> names = names();
		List<String> missing = new ArrayList<>();
		int count = 0;
		for (String line : Files.readAllLines(ROOT.resolve("docs/comparison.md"))) {
			String[] cells = line.split("\\|");
			if (cells.length == 6 && !line.startsWith("|--")) {
				count++;
				Matcher code = CODE.matcher(cells[5]);
				code.results()
					.map((found) -> found.group(1))
					.filter((name) -> !isKnown(names, name))
					.forEach(missing::add);
			}
		}
		assertThat(missing).isEmpty();
		assertThat(count).as("rows").isGreaterThan(40);
	}

	private static boolean isKnown(Set<String> names, String name) {
		return FOREIGN.contains(name) || names.contains(name) || names.contains("clientconn.defaults." + name);
	}

	private static Set<String> names() throws IOException {
		String metadata = Files
			.readString(Path.of("target", "classes", "META-INF", "spring-configuration-metadata.json"));
		Set<String> names = new HashSet<>(JsonPath.<List<String>>read(metadata, "$.properties[*].name"));
		for (String module : List.of("clientconn", "autoconfigure", "clientconn-test")) {
			try (Stream<Path> files = Files.walk(ROOT.resolve(module).resolve("src/main/java"))) {
				files.map((file) -> file.getFileName().toString())
					.filter((file) -> file.endsWith(".java"))
					.forEach((file) -> names.add(file.substring(0, file.length() - ".java".length())));
			}
		}
		return names;
	}

}
