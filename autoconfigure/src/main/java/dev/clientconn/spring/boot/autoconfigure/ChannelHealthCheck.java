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

import dev.clientconn.DialOptions;

/**
 * Maps {@code health-check.*}: a name alone switches it on, and nothing leaves it to the
 * service config.
 */
final class ChannelHealthCheck implements ChannelMapping {

	@Override
	public void apply(ChannelSettings settings, DialOptions.Builder builder) {
		Setting<String> service = settings.get("health-check.service-name", (p) -> p.getHealthCheck().getServiceName());
		Setting<Boolean> enabled = settings.get("health-check.enabled", (p) -> p.getHealthCheck().getEnabled());
		service.to(builder::healthCheck);
		enabled.to((on) -> {
			if (on) {
				builder.healthCheck(service.orElse(""));
			}
			else {
				builder.disableHealthCheck();
			}
		});
	}

}
