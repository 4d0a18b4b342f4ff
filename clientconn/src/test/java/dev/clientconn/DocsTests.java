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

package dev.clientconn;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.grpc.ConnectivityState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Keeps docs/ and the pages beside the sources true: what they link to, quote and
 * tabulate is compared with the sources.
 */
class DocsTests {

	private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

	private static final Path DOCS = ROOT.resolve("docs");

	private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

	private static final Pattern BLOCK = Pattern.compile("^```(\\w*)\\R(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);

	/** Stands for what a snippet leaves out of its source. */
	private static final Pattern OMISSION = Pattern.compile("^\\s*(//|#) \\.\\.\\.$", Pattern.MULTILINE);

	private static final Pattern CODE = Pattern.compile("`([^`]+)`");

	static Stream<Path> pages() throws IOException {
		try (Stream<Path> docs = Files.list(DOCS)) {
			List<Path> pages = docs.filter((file) -> file.toString().endsWith(".md")).sorted().toList();
			Stream<Path> others = Stream.of("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "benchmarks/README.md")
				.map(ROOT::resolve);
			return Stream.concat(others, pages.stream());
		}
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everyRelativeLinkLeadsSomewhere(Path page) throws IOException {
		List<String> broken = new ArrayList<>();
		Matcher links = LINK.matcher(BLOCK.matcher(Files.readString(page)).replaceAll(""));
		while (links.find()) {
			String link = links.group(1);
			if (!link.matches("(?i)(https?|mailto):.*") && !leadsSomewhere(page, link)) {
				broken.add(link);
			}
		}
		assertThat(broken).isEmpty();
	}

	@ParameterizedTest
	@MethodSource("pages")
	void everyJavaSnippetIsCompiled(Path page) throws IOException {
		List<String> sources = sources(".java", "clientconn/src", "autoconfigure/src", "clientconn-test/src",
				"sample-app/src", "starter/src");
		for (String snippet : blocks(page, "java")) {
			assertThat(sources).as(snippet).anyMatch((source) -> quotes(source, snippet));
		}
	}

	/** What the README tells a newcomer to write, a build of the starter does. */
	@ParameterizedTest
	@CsvSource({ "yaml, application.yml", "xml, pom.xml", "proto, greeter.proto" })
	void theProjectOfTheReadmeIsBuilt(String language, String file) throws IOException {
		List<String> sources = sources(file, "starter/src/it/newcomer");
		List<String> snippets = blocks(ROOT.resolve("README.md"), language);
		assertThat(snippets).isNotEmpty();
		for (String snippet : snippets) {
			assertThat(sources).as(snippet).anyMatch((source) -> quotes(source, snippet));
		}
	}

	@Test
	void theStateTableIsTheOneThatIsTested() throws IOException {
		List<List<String>> table = table("connectivity-states.md", "Event");
		List<String> columns = table.get(0);
		Map<String, String> documented = new LinkedHashMap<>();
		for (List<String> row : table.subList(1, table.size())) {
			Matcher name = CODE.matcher(row.get(0));
			assertThat(name.find()).as("event of %s", row).isTrue();
			for (int i = 1; i < columns.size(); i++) {
				documented.put(columns.get(i) + " + " + name.group(1), target(row.get(i), columns.get(i)));
			}
		}
		Map<String, String> tested = AddrConnTransitionTests.cell()
			.map(Arguments::get)
			.collect(Collectors.toMap((cell) -> cell[0] + " + " + cell[1], (cell) -> cell[2].toString()));
		assertThat(documented).containsExactlyInAnyOrderEntriesOf(tested);
	}

	@Test
	void theBackoffTableIsWhatTheEngineComputes() throws IOException {
		BackoffConfig defaults = BackoffConfig.DEFAULT;
		ExponentialBackoff backoff = new ExponentialBackoff(new BackoffConfig(defaults.baseDelay(),
				defaults.multiplier(), 0, defaults.maxDelay(), defaults.jitterFirst()), new Random(1));
		List<List<String>> table = table("connectivity-states.md", "k");
		List<String> numbers = table.get(0);
		List<String> delays = table.get(1);
		for (int i = 1; i < numbers.size(); i++) {
			double seconds = backoff.delayNanos(Integer.parseInt(numbers.get(i))) / 1e9;
			assertThat(delays.get(i)).as("k = %s", numbers.get(i))
				.isEqualTo(String.format(Locale.ROOT, "%.2f", seconds));
		}
	}

	@Test
	void everyLockIsExplained() throws IOException {
		Set<String> explained = new TreeSet<>();
		for (List<String> row : table("concurrency.md", "Lock")) {
			Matcher name = CODE.matcher(row.get(0));
			if (name.find()) {
				explained.add(name.group(1));
			}
		}
		Set<String> locking = new TreeSet<>();
		for (Path file : files(".java", "clientconn/src/main")) {
			if (Files.readString(file).matches("(?s).*\\bsynchronized\\b.*")) {
				locking.add(file.getFileName().toString().replace(".java", ""));
			}
		}
		assertThat(explained).isEqualTo(locking);
	}

	@Test
	void everyErrorTextIsInTheSource() throws IOException {
		String source = String.join("\n", sources(".java", "clientconn/src/main", "autoconfigure/src/main"))
			.replaceAll("\"\\s*\\+\\s*\"", "")
			.replace("\\\"", "\"");
		Set<String> missing = new LinkedHashSet<>();
		int count = 0;
		boolean texts = false;
		for (String line : Files.readAllLines(DOCS.resolve("errors.md"))) {
			texts = (texts && line.startsWith("|")) || line.startsWith("| Text |") || line.startsWith("| Reason |");
			Matcher text = CODE.matcher(line);
			if (texts && line.startsWith("| `") && text.find()) {
				count++;
				Arrays.stream(text.group(1).split("…"))
					.filter((piece) -> !source.contains(piece))
					.forEach(missing::add);
			}
		}
		assertThat(missing).isEmpty();
		assertThat(count).isGreaterThan(60);
	}

	@Test
	void shortPagesStayShort() throws IOException {
		assertThat(Files.readAllLines(ROOT.resolve("README.md"))).hasSizeLessThanOrEqualTo(150);
		assertThat(Files.readAllLines(DOCS.resolve("concurrency.md"))).hasSizeLessThanOrEqualTo(100);
	}

	private static boolean leadsSomewhere(Path page, String link) throws IOException {
		int hash = link.indexOf('#');
		String path = (hash < 0) ? link : link.substring(0, hash);
		Path target = path.isEmpty() ? page : page.resolveSibling(path).normalize();
		if (!target.startsWith(ROOT) || !Files.exists(target)) {
			return false;
		}
		return hash < 0 || Files.readAllLines(target)
			.stream()
			.filter((line) -> line.startsWith("#"))
			.map(DocsTests::anchor)
			.anyMatch(link.substring(hash + 1)::equals);
	}

	private static String anchor(String heading) {
		return heading.replaceAll("^#+ ", "").toLowerCase(Locale.ROOT).replaceAll("[^\\w -]", "").replace(' ', '-');
	}

	/**
	 * What a cell of the state table says: a state, or with a dot that nothing changes.
	 */
	private static String target(String cell, String column) {
		return cell.startsWith("·") ? column
				: Arrays.stream(ConnectivityState.values())
					.map(Enum::name)
					.filter(cell::startsWith)
					.findFirst()
					.orElse(cell);
	}

	private static boolean quotes(String source, String snippet) {
		String rest = squeeze(source);
		for (String part : OMISSION.split(snippet)) {
			int at = rest.indexOf(squeeze(part));
			if (at < 0) {
				return false;
			}
			rest = rest.substring(at);
		}
		return true;
	}

	private static String squeeze(String text) {
		return text.strip().replaceAll("\\s+", " ");
	}

	private static List<String> blocks(Path page, String language) throws IOException {
		return BLOCK.matcher(Files.readString(page))
			.results()
			.filter((block) -> block.group(1).equals(language))
			.map((block) -> block.group(2))
			.toList();
	}

	/**
	 * Returns the rows of the table whose first column is called so, without the rule.
	 */
	private static List<List<String>> table(String page, String firstColumn) throws IOException {
		List<List<String>> rows = new ArrayList<>();
		for (String line : Files.readAllLines(DOCS.resolve(page))) {
			boolean starts = line.startsWith("| " + firstColumn + " |");
			if (line.startsWith("|") && (starts || !rows.isEmpty())) {
				if (!line.startsWith("|--")) {
					String[] cells = line.substring(1, line.lastIndexOf('|')).split("\\|");
					rows.add(Arrays.stream(cells).map(String::strip).toList());
				}
			}
			else if (!rows.isEmpty()) {
				return rows;
			}
		}
		assertThat(rows).as("table of %s in %s", firstColumn, page).isNotEmpty();
		return rows;
	}

	private static List<String> sources(String suffix, String... folders) throws IOException {
		List<String> sources = new ArrayList<>();
		for (Path file : files(suffix, folders)) {
			sources.add(Files.readString(file));
		}
		return sources;
	}

	private static List<Path> files(String suffix, String... folders) throws IOException {
		List<Path> found = new ArrayList<>();
		for (String folder : folders) {
			try (Stream<Path> files = Files.walk(ROOT.resolve(folder))) {
				files.filter((file) -> file.toString().endsWith(suffix)).forEach(found::add);
			}
		}
		return found;
	}

}
