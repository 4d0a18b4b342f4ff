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
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class UnknownPropertiesTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			clientconn.channels.greeter.targett                | clientconn.channels.greeter.target
			clientconn.channels.greeter.call.dedline           | clientconn.channels.greeter.call.deadline
			clientconn.channels.greeter.call.waitForRedy       | clientconn.channels.greeter.call.wait-for-ready
			clientconn.channels.greeter.deadline               | clientconn.channels.greeter.call.deadline
			clientconn.channels.greeter.inbound.max-delay      | clientconn.channels.greeter.backoff.max-delay
			clientconn.channel.greeter.target                  | clientconn.channels.greeter.target
			clientconn.default.call.deadline                   | clientconn.defaults.call.deadline
			clientconn.event-lop.threads                       | clientconn.event-loop.threads
			clientconn.enable                                  | clientconn.enabled
			clientconn.defaults.backof.max-delay               | clientconn.defaults.backoff.max-delay
			clientconn.defaults.message.maxInboundSizes        | clientconn.defaults.message.max-inbound-size
			clientconn.channels[billing.eu].targt              | clientconn.channels[billing.eu].target
			clientconn.channels.billing.eu.target              | clientconn.channels[billing.eu].target
			""")
	void mistypedNameIsRefusedWithTheNearest(String wrong, String nearest) {
		assertThatExceptionOfType(ClientConnConfigurationException.class)
			.isThrownBy(() -> UnknownProperties.refuse(environment(Map.of(wrong, "s3cret"))))
			.satisfies((refusal) -> {
				assertThat(refusal.getReason()).startsWith("There is no such property.");
				assertThat(refusal.getAction()).contains("'" + nearest + "'");
				assertThat(refusal.isSecret()).isTrue();
				assertThat(refusal).hasMessageNotContaining("s3cret");
			});
	}

	@Test
	void allOfThemAreNamed() {
		assertThatExceptionOfType(ClientConnConfigurationException.class)
			.isThrownBy(() -> UnknownProperties.refuse(environment(Map.of("clientconn.channels.greeter.aaaaaaaaaaaa",
					"1", "clientconn.channels.greeter.bbbbbbbbbbbb", "2"))))
			.satisfies((refusal) -> {
				assertThat(refusal.getSetting().property()).endsWith("aaaaaaaaaaaa");
				assertThat(refusal.getReason()).contains("'clientconn.channels.greeter.bbbbbbbbbbbb'");
				assertThat(refusal.getAction()).contains("backoff.base-delay, backoff.jitter");
			});
	}

	@Test
	void theGroupsAreThoseOfTheMetadata() throws Exception {
		Set<String> groups = new TreeSet<>();
		Matcher name = Pattern.compile("\"name\": \"clientconn\\.([a-z-]+)")
			.matcher(Files.readString(Path.of("target/classes/META-INF/spring-configuration-metadata.json")));
		while (name.find()) {
			groups.add(name.group(1));
		}

		assertThat(UnknownProperties.GROUPS).containsExactlyInAnyOrderElementsOf(groups);
	}

	@ParameterizedTest
	@ValueSource(strings = { "clientconn.channels.greeter.call.waitForReady",
			"clientconn.channels.greeter.call.wait_for_ready", "CLIENTCONN.CHANNELS.GREETER.CALL.WAITFORREADY",
			"clientconn.channels[greeter.eu].call.wait-for-ready", "clientconn.channels.greeter.call.metadata.anything",
			"clientconn.channels.greeter.call.metadata[a.b]",
			"clientconn.channels.greeter.service-config.methodConfig[0].name[0].service",
			"clientconn.channels.greeter.interceptors[0]", "clientconn.eventLoop.threads",
			"clientconn.spring_grpc.enabled", "clientconn.metrics.perAddress.max", "clientconnection.other" })
	void everyFormOfAKnownNameIsAccepted(String name) {
		UnknownProperties.refuse(environment(Map.of(name, "true")));
	}

	@Test
	void environmentVariablesAndSystemPropertiesAreLeftAlone() {
		StandardEnvironment environment = environment(Map.of());
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
							new LinkedHashMap<>(Map.of("CLIENTCONN_DEFAULTS_SOMETHING", "else",
									"CLIENTCONN_CHANNELS_GREETER_CALL_WAITFORREADY", "true"))));
		environment.getPropertySources()
			.replace(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
					new MapPropertySource(StandardEnvironment.SYSTEM_PROPERTIES_PROPERTY_SOURCE_NAME,
							Map.of("clientconn.channels.greeter.something", "else")));

		UnknownProperties.refuse(environment);
	}

	@Test
	void knowsThePropertiesInKebabCase() {
		assertThat(UnknownProperties.known())
			.contains("target", "call.wait-for-ready", "service-config-location", "flow-control.initial-window",
					"discovery.port-metadata-keys")
			.allMatch((name) -> name.matches("[a-z0-9.-]+"));
	}

	private static StandardEnvironment environment(Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		return environment;
	}

}
