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

import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

import io.grpc.SecurityLevel;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * Counts the open connections of all channels; channels with the same target share a
 * gauge. Safe for use from any thread.
 */
final class OpenConnections {

	private final MeterRegistry registry;

	private final ConcurrentMap<Tags, AtomicInteger> counts = new ConcurrentHashMap<>();

	OpenConnections(MeterRegistry registry) {
		this.registry = registry;
	}

	AtomicInteger count(String target, SecurityLevel security) {
		Tags tags = Tags.of("grpc.target", target, "grpc.security_level", security.name().toLowerCase(Locale.ROOT));
		return this.counts.computeIfAbsent(tags, (added) -> {
			AtomicInteger count = new AtomicInteger();
			ClientConnMeter.OPEN_CONNECTIONS.gauge(count, AtomicInteger::get).tags(added).register(this.registry);
			return count;
		});
	}

}
