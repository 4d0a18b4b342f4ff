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

package dev.clientconn.spring.boot.autoconfigure.metrics;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.TestCalls;
import dev.clientconn.stats.Repeats;
import dev.clientconn.testing.EchoServer;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares docs/observability.md with the meters that exist after a run in which
 * everything happens once: names, kinds, units and tags.
 */
class ObservabilityDocsTests {

	private static final Pattern ROW = Pattern
		.compile("^\\| `((?:grpc|clientconn)\\.[^`]*)` \\| (\\w+) \\|([^|]*)\\|([^|]*)\\|.*");

	@Test
	void everyMeterHasARow() {
		Map<String, String> registered = new TreeMap<>();
		try (EchoServer server = EchoServer.started()) {
			new ApplicationContextRunner()
				.withConfiguration(AutoConfigurations.of(ClientConnAutoConfiguration.class,
						ClientConnMetricsAutoConfiguration.class))
				.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
				.withPropertyValues("clientconn.channels.greeter.insecure=true",
						"clientconn.channels.greeter.call.wait-for-ready=true",
						"clientconn.channels.greeter.target=static:127.0.0.1:1," + server.address())
				.run((context) -> {
					ClientConn conn = context.getBean(ClientConn.class);
					// The call waits for the list, and surely for a connection, too.
					server.kill();
					CompletableFuture<Status> call = TestCalls.start(conn);
					Awaitility.await()
						.atMost(Duration.ofSeconds(20))
						.until(() -> conn.getState(false) == ConnectivityState.TRANSIENT_FAILURE);
					server.start();
					conn.resetConnectBackoff();
					call.get(20, TimeUnit.SECONDS);
					conn.enterIdle();
					MeterRegistry meters = context.getBean(MeterRegistry.class);
					new CallMeters(meters, "static:x", "a/B", false).repeated(new Repeats(1, 1, 1, 1));
					Awaitility.await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
						registered.clear();
						meters.getMeters().forEach((meter) -> registered.put(meter.getId().getName(), facts(meter)));
						assertThat(registered).containsExactlyInAnyOrderEntriesOf(documented());
					});
				});
		}
		assertThat(registered.keySet()).as("all that the code knows")
			.containsExactlyInAnyOrderElementsOf(
					Arrays.stream(ClientConnMeter.values()).map(ClientConnMeter::meterName).toList());
	}

	private static String facts(Meter meter) {
		TreeSet<String> tags = new TreeSet<>();
		meter.getId().getTags().stream().map(Tag::getKey).forEach(tags::add);
		String unit = meter.getId().getBaseUnit();
		return switch (meter.getId().getType()) {
			// Micrometer gives timers their unit.
			case TIMER -> "timer  " + tags;
			case DISTRIBUTION_SUMMARY -> "summary " + ((unit != null) ? unit : "") + " " + tags;
			default -> meter.getId().getType().name().toLowerCase(java.util.Locale.ROOT) + " "
					+ ((unit != null) ? unit : "") + " " + tags;
		};
	}

	private static Map<String, String> documented() throws Exception {
		Map<String, String> rows = new TreeMap<>();
		for (String line : Files.readAllLines(Path.of("..", "docs", "observability.md"))) {
			Matcher row = ROW.matcher(line);
			if (row.matches()) {
				TreeSet<String> tags = new TreeSet<>(Arrays.asList(row.group(4).replace("`", "").strip().split(", ")));
				rows.put(row.group(1), row.group(2) + " " + row.group(3).strip() + " " + tags);
			}
		}
		return rows;
	}

}
