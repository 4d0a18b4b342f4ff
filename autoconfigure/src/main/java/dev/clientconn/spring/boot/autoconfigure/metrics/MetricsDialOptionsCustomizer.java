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

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.clientconn.DialOptions;
import dev.clientconn.spring.boot.autoconfigure.DialOptionsCustomizer;
import dev.clientconn.spring.boot.autoconfigure.Setting;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.core.Ordered;

/**
 * Has every channel measured.
 */
final class MetricsDialOptionsCustomizer implements DialOptionsCustomizer, Ordered {

	private final MeterRegistry registry;

	private final ChannelSnapshots snapshots;

	private final boolean histogram;

	private final OpenConnections openConnections;

	/**
	 * By channel: an update of a connection must find the handler that it has, or it
	 * would dial again.
	 */
	private final ConcurrentMap<String, MeterStatsHandler> handlers = new ConcurrentHashMap<>();

	private int maxAddresses;

	MetricsDialOptionsCustomizer(MeterRegistry registry, ChannelSnapshots snapshots,
			ClientConnMetricsProperties properties) {
		this.registry = registry;
		this.snapshots = snapshots;
		this.histogram = properties.isHistogram();
		this.openConnections = new OpenConnections(registry);
		new Setting<>("clientconn.metrics.per-address.max", properties.getPerAddress().getMax())
			.to((max) -> this.maxAddresses = requireNotNegative(max));
	}

	@Override
	public int getOrder() {
		return 0;
	}

	@Override
	public void customize(String channel, DialOptions.Builder builder) {
		builder.statsHandler(handler(channel));
	}

	MeterStatsHandler handler(String channel) {
		return this.handlers.computeIfAbsent(channel, (name) -> new MeterStatsHandler(this.registry, this.histogram,
				this.openConnections, new AddressGauges(this.registry, this.snapshots, name, this.maxAddresses)));
	}

	private static int requireNotNegative(int max) {
		if (max < 0) {
			throw new IllegalArgumentException(max + " (expected: >= 0)");
		}
		return max;
	}

}
