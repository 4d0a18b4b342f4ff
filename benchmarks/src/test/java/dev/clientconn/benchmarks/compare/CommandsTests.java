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

package dev.clientconn.benchmarks.compare;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * The options of the comparison, and the pages that tell of them.
 */
class CommandsTests {

	private static final Pattern COMMAND = Pattern.compile("benchmarks/compare((?: --\\S+?)+)(?=[`\\s])");

	private static final Pattern OPTION = Pattern.compile("`(--[^`]+)`");

	private static final Pattern BENCHMARK = Pattern.compile("^\\| `(\\w+Benchmark)` \\|", Pattern.MULTILINE);

	@ParameterizedTest
	@ValueSource(strings = { "README.md", "../docs/performance.md" })
	void whatThePagesSayToRunCanBeRun(String page) throws IOException {
		String text = Files.readString(Path.of(page));
		List<String[]> commands = Stream.concat(COMMAND.matcher(text).results(), OPTION.matcher(text).results())
			.map((match) -> match.group(1).strip().split(" "))
			.filter((options) -> !List.of(options).contains("--help"))
			.toList();
		assertThat(commands).isNotEmpty();
		for (String[] options : commands) {
			for (String option : options) {
				String value = option.contains("=") ? option : option + "=" + example(option);
				assertThat(Settings.parse(value)).as(option).isNotNull();
			}
		}
	}

	/** Pages name options without a value, too. */
	private static String example(String option) {
		return option.equals("--smoke") ? "" : "1";
	}

	@Test
	void everyMicroBenchmarkIsDescribed() throws IOException {
		Set<String> described = new TreeSet<>(BENCHMARK.matcher(Files.readString(Path.of("README.md")))
			.results()
			.map((match) -> match.group(1))
			.toList());
		try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
			List<String> benchmarks = sources.map((file) -> file.getFileName().toString())
				.filter((name) -> name.endsWith("Benchmark.java"))
				.map((name) -> name.replace(".java", ""))
				.toList();
			assertThat(described).containsExactlyInAnyOrderElementsOf(benchmarks);
		}
	}

	@Test
	void smokeIsShortAndSharesProcesses() {
		Settings smoke = Settings.parse("--smoke");
		assertThat(smoke.forks()).isZero();
		assertThat(smoke.rounds()).isOne();
		assertThat(smoke.warmupMillis()).isZero();
		assertThat(Settings.parse("--smoke", "--forks=2").forks()).isEqualTo(2);
	}

	@Test
	void wrongOptionsAreRefusedByName() {
		assertThatIllegalArgumentException().isThrownBy(() -> Settings.parse("--shared"))
			.withMessageContaining("--shared")
			.withMessageContaining("--forks=");
		assertThatIllegalArgumentException().isThrownBy(() -> Settings.parse("--forks=-1"))
			.withMessageContaining("--forks")
			.withMessageContaining("-1");
		assertThatIllegalArgumentException().isThrownBy(() -> Settings.parse("--rounds=many"))
			.withMessageContaining("--rounds")
			.withMessageContaining("many");
	}

}
