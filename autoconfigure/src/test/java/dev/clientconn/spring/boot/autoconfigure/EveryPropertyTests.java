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

import java.lang.reflect.Method;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import dev.clientconn.DialOptions;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.discovery.DiscoveryClient;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Every property has a reader, so that none can be forgotten between class and use.
 */
class EveryPropertyTests {

	@Test
	void everyPropertyIsReadWhenAChannelIsDialed() {
		Set<String> read = new TreeSet<>();
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(allOfOurs()))
			.withBean(DiscoveryClient.class, () -> Mockito.mock(DiscoveryClient.class))
			.run((context) -> {
				context.getBean(ClientConnProperties.class)
					.getChannels()
					.put("greeter", recording(ChannelProperties.class, "", read));

				assertThatExceptionOfType(ClientConnConfigurationException.class)
					.isThrownBy(() -> context.getBean(ClientConnFactory.class).dial("greeter"))
					.withMessageContaining("clientconn.channels.greeter.target");
				context.getBeanProvider(DialOptionsCustomizer.class)
					.forEach((customizer) -> customizer.customize("greeter", DialOptions.builder()));
			});

		Set<String> forgotten = new TreeSet<>(UnknownProperties.known());
		forgotten.removeAll(read);
		// Read by the health of a channel, and where there is a bundle.
		assertThat(forgotten).containsExactly("health.enabled", "health.required", "ssl.on-update");
	}

	private static Class<?>[] allOfOurs() {
		return ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith("dev.clientconn."))
			.map((name) -> ClassUtils.resolveClassName(name, null))
			.toArray(Class<?>[]::new);
	}

	/** Properties without values that remember which of them somebody asked for. */
	private static <T> T recording(Class<T> type, String prefix, Set<String> read) {
		Map<Method, Object> groups = new HashMap<>();
		return Mockito.mock(type, (invocation) -> {
			Method getter = invocation.getMethod();
			String name = prefix + UnknownProperties.kebabCase(StringUtils.uncapitalize(getter.getName().substring(3)));
			if (UnknownProperties.isGroup(getter.getReturnType())) {
				return groups.computeIfAbsent(getter, (key) -> recording(getter.getReturnType(), name + ".", read));
			}
			read.add(name);
			if (Map.class.equals(getter.getReturnType())) {
				return Map.of();
			}
			return List.class.equals(getter.getReturnType()) ? List.of() : null;
		});
	}

}
