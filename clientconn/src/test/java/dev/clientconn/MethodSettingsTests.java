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

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import dev.clientconn.MethodSettings.Origin;
import dev.clientconn.MethodSettings.Value;
import dev.clientconn.serviceconfig.HedgingPolicy;
import dev.clientconn.serviceconfig.ServiceConfig;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class MethodSettingsTests {

	private static final ServiceConfig CONFIG = ServiceConfig.fromMap(Map.of("methodConfig",
			List.of(Map.of("name", List.of(Map.of("service", "s")), "timeout", "5s", "waitForReady", false,
					"maxRequestMessageBytes", 10, "maxResponseMessageBytes", 100_000_000, "hedgingPolicy",
					Map.of("maxAttempts", 2)))));

	@Test
	void nobodySaysAnything() {
		MethodSettings settings = MethodSettings.of("s/m", ServiceConfig.empty(), DialOptions.builder().build());

		assertThat(settings.entry()).isNull();
		assertThat(settings.values()).containsExactly(Map.entry("timeout", new Value(null, Origin.BUILT_IN)),
				Map.entry("waitForReady", new Value(false, Origin.BUILT_IN)),
				Map.entry("maxRequestMessageBytes", new Value(Integer.MAX_VALUE, Origin.BUILT_IN)),
				Map.entry("maxResponseMessageBytes", new Value(4 * 1024 * 1024, Origin.BUILT_IN)),
				Map.entry("retryPolicy", new Value(null, Origin.BUILT_IN)),
				Map.entry("hedgingPolicy", new Value(null, Origin.BUILT_IN)));
	}

	@Test
	void theServiceConfigWinsButForSizesThatTheOptionsBound() {
		MethodSettings settings = MethodSettings.of("s/m", CONFIG, options());

		assertThat(settings.entry()).isEqualTo("s/");
		assertThat(settings.values()).containsEntry("timeout", new Value(Duration.ofSeconds(5), Origin.SERVICE_CONFIG))
			.containsEntry("waitForReady", new Value(false, Origin.SERVICE_CONFIG))
			.containsEntry("maxRequestMessageBytes", new Value(10, Origin.SERVICE_CONFIG))
			.containsEntry("maxResponseMessageBytes", new Value(1000, Origin.OPTIONS))
			.containsEntry("hedgingPolicy",
					new Value(new HedgingPolicy(2, Duration.ZERO, Set.of()), Origin.SERVICE_CONFIG));
	}

	@Test
	void theOptionsCountForOtherMethods() {
		MethodSettings settings = MethodSettings.of("other/m", CONFIG, options());

		assertThat(settings.entry()).isNull();
		assertThat(settings.values()).containsEntry("timeout", new Value(Duration.ofSeconds(1), Origin.OPTIONS))
			.containsEntry("waitForReady", new Value(true, Origin.OPTIONS))
			.containsEntry("maxRequestMessageBytes", new Value(2000, Origin.OPTIONS));
	}

	private static DialOptions options() {
		return DialOptions.builder()
			.defaultDeadline(Duration.ofSeconds(1))
			.waitForReady(true)
			.maxOutboundMessageSize(2000)
			.maxInboundMessageSize(1000)
			.build();
	}

}
