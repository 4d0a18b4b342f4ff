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

import java.util.List;
import java.util.stream.Stream;

import dev.clientconn.ClientConn;
import io.grpc.Metadata;
import org.junit.jupiter.api.Test;

import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Metadata that every call of a channel sends.
 */
class ChannelMetadataTests {

	private final ApplicationContextRunner runner = new CapturedOptions().runner();

	@Test
	void metadataOfTheChannelJoinsThatOfTheDefaults() {
		try (HeaderServer server = new HeaderServer()) {
			this.runner
				.withPropertyValues(server.target(), "clientconn.defaults.call.metadata.x-tenant=none",
						"clientconn.defaults.call.metadata.x-region=eu",
						"clientconn.channels.greeter.call.metadata.X-Tenant=shop",
						"clientconn.channels.greeter.call.metadata[x.dotted]=yes")
				.run((context) -> {
					Metadata headers = server.headersOf(context.getBean(ClientConn.class));

					assertThat(headers.getAll(key("x-tenant"))).containsExactly("shop");
					assertThat(headers.getAll(key("x-region"))).containsExactly("eu");
					assertThat(headers.getAll(key("x.dotted"))).containsExactly("yes");
				});
		}
	}

	/** A refresh would connect anew for interceptors that differ. */
	@Test
	void metadataIsEqualIfItSaysTheSame() {
		String[] channels = { "one", "two", "three" };
		this.runner
			.withPropertyValues("clientconn.defaults.call.metadata.x-tenant=shop",
					"clientconn.channels.three.call.metadata.x-tenant=other",
					"clientconn.channels.three.target=static:127.0.0.1:1", "clientconn.channels.three.insecure=true")
			.run((context) -> {
				ClientConnProperties properties = context.getBean(ClientConnProperties.class);
				properties.getChannels().computeIfAbsent("one", (name) -> new ChannelProperties());
				properties.getChannels().computeIfAbsent("two", (name) -> new ChannelProperties());
				List<StaticMetadata> all = Stream.of(channels)
					.map((channel) -> StaticMetadata.of(ChannelSettings.of(properties, channel)))
					.toList();
				assertThat(all.get(0)).isEqualTo(all.get(1)).hasSameHashCodeAs(all.get(1)).isNotEqualTo(all.get(2));
				assertThat(all.get(0)).hasToString("StaticMetadata[x-tenant]");
			});
	}

	@Test
	void metadataOfTheCallWins() {
		try (HeaderServer server = new HeaderServer()) {
			this.runner.withPropertyValues(server.target(), "clientconn.channels.greeter.call.metadata.x-tenant=shop")
				.run((context) -> {
					Metadata ofCall = new Metadata();
					ofCall.put(key("x-tenant"), "mine");

					assertThat(server.headersOf(context.getBean(ClientConn.class), ofCall).getAll(key("x-tenant")))
						.containsExactly("mine");
				});
		}
	}

	private static Metadata.Key<String> key(String name) {
		return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
	}

}
