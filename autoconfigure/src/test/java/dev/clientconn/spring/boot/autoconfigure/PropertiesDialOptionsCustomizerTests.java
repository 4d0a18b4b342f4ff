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

import java.util.Map;

import dev.clientconn.spring.boot.autoconfigure.ConnectProperties.Mode;
import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class PropertiesDialOptionsCustomizerTests {

	@Test
	void channelWinsOverDefaultLeafByLeaf() {
		ChannelSettings settings = settings(Map.of("clientconn.defaults.backoff.base-delay", "2s",
				"clientconn.defaults.backoff.jitter", "0.5", "clientconn.channels.greeter.backoff.base-delay", "3s"));

		Setting<?> baseDelay = settings.get("backoff.base-delay", (p) -> p.getBackoff().getBaseDelay());
		Setting<?> jitter = settings.get("backoff.jitter", (p) -> p.getBackoff().getJitter());
		Setting<?> multiplier = settings.get("backoff.multiplier", (p) -> p.getBackoff().getMultiplier());

		assertThat(baseDelay.property()).isEqualTo("clientconn.channels.greeter.backoff.base-delay");
		assertThat(baseDelay.value()).hasToString("PT3S");
		assertThat(jitter.property()).isEqualTo("clientconn.defaults.backoff.jitter");
		assertThat(jitter.value()).isEqualTo(0.5);
		assertThat(multiplier.property()).isEqualTo("clientconn.channels.greeter.backoff.multiplier");
		assertThat(multiplier.value()).isNull();
	}

	@Test
	void channelsAreLazyUnlessToldOtherwise() {
		assertThat(settings(Map.of("clientconn.channels.greeter.target", "x")).connectMode()).isEqualTo(Mode.LAZY);
	}

	@Test
	void namesWithDotsAreShownInBrackets() {
		assertThat(ChannelSettings.prefix("billing.eu")).isEqualTo("clientconn.channels[billing.eu]");
	}

	private static ChannelSettings settings(Map<String, String> properties) {
		Binder binder = new Binder(new MapConfigurationPropertySource(properties));
		return ChannelSettings.of(binder.bind("clientconn", ClientConnProperties.class).get(), "greeter");
	}

}
