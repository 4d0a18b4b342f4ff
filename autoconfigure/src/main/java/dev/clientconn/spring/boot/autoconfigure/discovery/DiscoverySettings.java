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

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

import dev.clientconn.spring.boot.autoconfigure.ChannelSettings;
import dev.clientconn.spring.boot.autoconfigure.DiscoveryProperties.OnEmpty;
import dev.clientconn.spring.boot.autoconfigure.discovery.LookupTimer.Intervals;
import org.jspecify.annotations.Nullable;

/**
 * How one channel follows the registry. Two settings that are equal lead to the same
 * addresses.
 *
 * @param channel name of the channel
 * @param serviceId the service to look up, {@code null} for the path of the target
 * @param lookups when and how long to look up
 * @param holding which answers to believe
 * @param instances how to read instances
 */
record DiscoverySettings(String channel, @Nullable String serviceId, Lookups lookups, Holding holding,
		Instances instances) {

	static final DiscoverySettings DEFAULT = new DiscoverySettings("default", null,
			new Lookups(new Intervals(Duration.ofSeconds(10), Duration.ofSeconds(60)), Duration.ofSeconds(5), null),
			new Holding(OnEmpty.UNTIL_DEAD, null, 0.5, true), new Instances(null,
					List.of("gRPC_port", "gRPC.port", "grpc.port", "port.grpc", "gRPC"), Map.of(), true, true));

	static DiscoverySettings of(ChannelSettings settings, String channel) {
		Intervals intervals = new Intervals(
				settings.get("discovery.poll-interval", (p) -> p.getDiscovery().getPollInterval())
					.as((value) -> positive("pollInterval", value))
					.orElse(DEFAULT.lookups.intervals.poll()),
				settings.get("discovery.idle-poll-interval", (p) -> p.getDiscovery().getIdlePollInterval())
					.as((value) -> positive("idlePollInterval", value))
					.orElse(DEFAULT.lookups.intervals.idlePoll()));
		Lookups lookups = new Lookups(intervals,
				settings.get("discovery.timeout", (p) -> p.getDiscovery().getTimeout())
					.as((value) -> positive("timeout", value))
					.orElse(DEFAULT.lookups.timeout),
				settings.get("discovery.snapshot-directory", (p) -> p.getDiscovery().getSnapshotDirectory())
					.as((value) -> Path.of(notBlank("snapshotDirectory", value)))
					.value());
		Holding holding = new Holding(
				settings.get("discovery.on-empty", (p) -> p.getDiscovery().getOnEmpty())
					.orElse(DEFAULT.holding.onEmpty),
				settings.get("discovery.empty-hold", (p) -> p.getDiscovery().getEmptyHold())
					.as((value) -> positive("emptyHold", value))
					.value(),
				settings.get("discovery.shrink-guard", (p) -> p.getDiscovery().getShrinkGuard())
					.as(DiscoverySettings::share)
					.orElse(DEFAULT.holding.shrinkGuard),
				settings.get("discovery.service-config", (p) -> p.getDiscovery().getServiceConfig()).orElse(true));
		Instances instances = new Instances(
				settings.get("discovery.port", (p) -> p.getDiscovery().getPort()).as(DiscoverySettings::port).value(),
				settings.get("discovery.port-metadata-keys", (p) -> unlessEmpty(p.getDiscovery().getPortMetadataKeys()))
					.orElse(DEFAULT.instances.portMetadataKeys),
				settings.get("discovery.metadata-filter", (p) -> unlessEmpty(p.getDiscovery().getMetadataFilter()))
					.orElse(Map.of()),
				settings.get("discovery.restart-detection", (p) -> p.getDiscovery().getRestartDetection()).orElse(true),
				settings.get("insecure", (p) -> p.getInsecure()).orElse(false));
		return new DiscoverySettings(channel,
				settings.get("discovery.service-id", (p) -> p.getDiscovery().getServiceId())
					.as((value) -> notBlank("serviceId", value))
					.value(),
				lookups, holding, instances);
	}

	private static Duration positive(String name, Duration value) {
		if (value.isNegative() || value.isZero()) {
			throw new IllegalArgumentException(name + ": " + value + " (expected: positive)");
		}
		return value;
	}

	private static String notBlank(String name, String value) {
		if (value.isBlank()) {
			throw new IllegalArgumentException(name + ": \"" + value + "\" (expected: not blank)");
		}
		return value;
	}

	private static double share(double value) {
		if (!(value > 0 && value <= 1)) {
			throw new IllegalArgumentException("shrinkGuard: " + value + " (expected: above 0, at most 1)");
		}
		return value;
	}

	private static int port(int value) {
		if (value < 1 || value > 65535) {
			throw new IllegalArgumentException("port: " + value + " (expected: 1 to 65535)");
		}
		return value;
	}

	private static @Nullable List<String> unlessEmpty(List<String> values) {
		return values.isEmpty() ? null : values;
	}

	private static @Nullable Map<String, String> unlessEmpty(Map<String, String> values) {
		return values.isEmpty() ? null : values;
	}

	/**
	 * When and how long to look up.
	 *
	 * @param intervals times between look-ups
	 * @param timeout longest time of a look-up
	 * @param snapshotDirectory where to save the last addresses, {@code null} not to
	 */
	record Lookups(Intervals intervals, Duration timeout, @Nullable Path snapshotDirectory) {
	}

	/**
	 * Which answers to believe.
	 *
	 * @param onEmpty what to do when the registry lists no instance
	 * @param emptyHold how long to keep addresses then with {@code UNTIL_DEAD},
	 * {@code null} without limit
	 * @param shrinkGuard an answer that loses more than this share of the addresses must
	 * be confirmed; 1 for never
	 * @param serviceConfig whether service configs in the metadata count
	 */
	record Holding(OnEmpty onEmpty, @Nullable Duration emptyHold, double shrinkGuard, boolean serviceConfig) {
	}

	/**
	 * How to read instances.
	 *
	 * @param port gRPC port of all instances, {@code null} to look into the metadata
	 * @param portMetadataKeys keys that hold the gRPC port, in order of preference
	 * @param metadataFilter metadata that an instance must have
	 * @param restartDetection whether another instance id means another process
	 * @param plaintext whether the channel talks plaintext by its own choice
	 */
	record Instances(@Nullable Integer port, List<String> portMetadataKeys, Map<String, String> metadataFilter,
			boolean restartDetection, boolean plaintext) {

		Instances {
			portMetadataKeys = List.copyOf(portMetadataKeys);
			metadataFilter = Map.copyOf(metadataFilter);
		}

	}

}
