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

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Function;

import dev.clientconn.ConnectivitySnapshot;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import io.micrometer.core.instrument.Clock;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.BeansException;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Snapshots of the channels, kept for a moment so that all gauges of one scrape read the
 * same one. Safe for use from any thread.
 */
final class ChannelSnapshots implements SmartInitializingSingleton {

	private static final long MAX_AGE_NANOS = Duration.ofSeconds(1).toNanos();

	private final Function<String, ConnectivitySnapshot> source;

	private final Clock clock;

	private final ConcurrentMap<String, Taken> taken = new ConcurrentHashMap<>();

	/**
	 * Before that, a gauge that is read would dial channels in the middle of the start.
	 */
	private volatile boolean started;

	/**
	 * Creates an object that holds no snapshot yet.
	 * @param source takes the snapshot of a channel
	 * @param clock the clock of the meters
	 */
	ChannelSnapshots(Function<String, ConnectivitySnapshot> source, Clock clock) {
		this.source = source;
		this.clock = clock;
	}

	@Override
	public void afterSingletonsInstantiated() {
		this.started = true;
	}

	/**
	 * Returns the snapshot of a channel, not older than a second.
	 * @param channel name of the channel
	 * @return the snapshot, {@code null} before the start of the application
	 */
	@Nullable Taken get(String channel) {
		if (!this.started) {
			return null;
		}
		long now = this.clock.monotonicTime();
		Taken last = this.taken.get(channel);
		return (last != null && now - last.atNanos < MAX_AGE_NANOS) ? last
				: this.taken.compute(channel, (name, before) -> take(name, before, now));
	}

	long wallTimeMillis() {
		return this.clock.wallTime();
	}

	private @Nullable Taken take(String channel, @Nullable Taken before, long now) {
		if (before != null && now - before.atNanos < MAX_AGE_NANOS) {
			return before;
		}
		try {
			ConnectivitySnapshot snapshot = this.source.apply(channel);
			Map<String, AddressState> addresses = new HashMap<>();
			snapshot.addresses().forEach((address) -> addresses.put(address.address(), address));
			return new Taken(snapshot, addresses, now);
		}
		catch (BeansException ex) {
			return before; // The last scrape, while the application closes.
		}
	}

	/**
	 * A snapshot.
	 *
	 * @param channel the channel
	 * @param addresses its addresses by name
	 * @param atNanos when, by the clock of the registry
	 */
	record Taken(ConnectivitySnapshot channel, Map<String, AddressState> addresses, long atNanos) {
	}

}
