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

package dev.clientconn.spring.boot.autoconfigure.discovery;

import java.time.Duration;
import java.util.List;

import dev.clientconn.spring.boot.autoconfigure.ChannelSettings;
import dev.clientconn.spring.boot.autoconfigure.DiscoveryProperties.OnEmpty;

/**
 * How one channel follows the registry.
 *
 * @param pollInterval time between look-ups; positive
 * @param portMetadataKeys keys that hold the gRPC port, in order of preference
 * @param onEmpty what to do when the registry no longer knows any instance
 */
record DiscoverySettings(Duration pollInterval, List<String> portMetadataKeys, OnEmpty onEmpty) {

	static final DiscoverySettings DEFAULT = new DiscoverySettings(Duration.ofSeconds(10),
			List.of("gRPC_port", "gRPC.port", "grpc.port", "port.grpc"), OnEmpty.KEEP);

	DiscoverySettings {
		if (pollInterval.isNegative() || pollInterval.isZero()) {
			throw new IllegalArgumentException("pollInterval: " + pollInterval + " (expected: positive)");
		}
		portMetadataKeys = List.copyOf(portMetadataKeys);
	}

	static DiscoverySettings of(ChannelSettings settings) {
		DiscoverySettings[] result = { DEFAULT };
		settings.get("discovery.poll-interval", (p) -> p.getDiscovery().getPollInterval())
			.to((value) -> result[0] = new DiscoverySettings(value, result[0].portMetadataKeys, result[0].onEmpty));
		settings.get("discovery.port-metadata-keys", (p) -> {
			List<String> keys = p.getDiscovery().getPortMetadataKeys();
			return keys.isEmpty() ? null : keys;
		}).to((value) -> result[0] = new DiscoverySettings(result[0].pollInterval, value, result[0].onEmpty));
		settings.get("discovery.on-empty", (p) -> p.getDiscovery().getOnEmpty())
			.to((value) -> result[0] = new DiscoverySettings(result[0].pollInterval, result[0].portMetadataKeys,
					value));
		return result[0];
	}

}
