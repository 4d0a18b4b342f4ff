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

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

import dev.clientconn.naming.Address;
import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.stats.RpcStats;
import dev.clientconn.stats.StatsHandler;
import io.grpc.MethodDescriptor;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * Measures one channel, also when it is dialled again with another target: calls by gRFC
 * A66 and A96, its connections by gRFC A94.
 */
final class MeterStatsHandler implements StatsHandler {

	/** Method of calls that no generated code makes (gRFC A66): there may be many. */
	private static final String OTHER = "other";

	private final MeterRegistry registry;

	private final boolean histogram;

	private final OpenConnections openConnections;

	private final AddressGauges addresses;

	/** By target, then by method. */
	private final ConcurrentMap<String, ConcurrentMap<String, CallMeters>> calls = new ConcurrentHashMap<>(2);

	/**
	 * How the open connections are protected, the oldest of an address first: their end
	 * does not tell, and an address has two of them while a channel changes to TLS.
	 */
	// guarded by itself
	private final Map<Connection, Queue<SecurityLevel>> open = new HashMap<>();

	MeterStatsHandler(MeterRegistry registry, boolean histogram, OpenConnections openConnections,
			AddressGauges addresses) {
		this.registry = registry;
		this.histogram = histogram;
		this.openConnections = openConnections;
		this.addresses = addresses;
	}

	@Override
	public void connectFinished(String target, Address address, long durationNanos, Status outcome) {
		ClientConnMeter meter = outcome.isOk() ? ClientConnMeter.CONNECTION_ATTEMPTS_SUCCEEDED
				: ClientConnMeter.CONNECTION_ATTEMPTS_FAILED;
		count(meter, Tags.of("grpc.target", target));
	}

	@Override
	public void connectionReady(String target, Address address, SecurityLevel level) {
		synchronized (this.open) {
			this.open.computeIfAbsent(new Connection(target, address.addr()), (added) -> new ArrayDeque<>(2))
				.add(level);
		}
		this.openConnections.count(target, level).incrementAndGet();
	}

	@Override
	public void connectionEnded(String target, Address address, long lifetimeNanos, DisconnectReason reason) {
		this.openConnections.count(target, levelOfOldest(new Connection(target, address.addr()))).decrementAndGet();
		count(ClientConnMeter.DISCONNECTIONS, Tags.of("grpc.target", target, "grpc.disconnect_error", reason.text()));
	}

	@Override
	public void listApplied(String target, long version, List<Address> list) {
		this.addresses.listApplied(list);
	}

	@Override
	public @Nullable RpcStats rpcStarted(String target, MethodDescriptor<?, ?> method) {
		// Generated code sets the flag, and so says that there are few such methods.
		String name = method.isSampledToLocalTracing() ? method.getFullMethodName() : OTHER;
		ConcurrentMap<String, CallMeters> methods = this.calls.get(target);
		if (methods == null) {
			methods = this.calls.computeIfAbsent(target, (added) -> new ConcurrentHashMap<>());
		}
		CallMeters meters = methods.get(name);
		if (meters == null) {
			meters = methods.computeIfAbsent(name,
					(added) -> new CallMeters(this.registry, target, added, this.histogram));
		}
		return new MeteredCall(meters);
	}

	private SecurityLevel levelOfOldest(Connection connection) {
		synchronized (this.open) {
			Queue<SecurityLevel> levels = Objects.requireNonNull(this.open.get(connection), connection::toString);
			SecurityLevel oldest = levels.remove();
			if (levels.isEmpty()) {
				this.open.remove(connection);
			}
			return oldest;
		}
	}

	private void count(ClientConnMeter meter, Tags tags) {
		meter.counter().tags(tags).register(this.registry).increment();
	}

	/**
	 * What open connections are told apart by.
	 *
	 * @param target the dial target
	 * @param address where it goes
	 */
	private record Connection(String target, String address) {

	}

}
