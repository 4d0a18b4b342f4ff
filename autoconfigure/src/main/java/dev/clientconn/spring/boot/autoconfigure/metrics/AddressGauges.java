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

import java.time.Instant;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

import dev.clientconn.ConnectivitySnapshot;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.ConnectivitySnapshot.WaitReason;
import dev.clientconn.naming.Address;
import dev.clientconn.spring.boot.autoconfigure.metrics.ChannelSnapshots.Taken;
import dev.clientconn.stats.DelayReason;
import dev.clientconn.transport.TransportSnapshot;
import io.grpc.ConnectivityState;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/**
 * The gauges of one channel. Those of addresses follow the address list: at most so many
 * addresses have rows, which they keep as long as they are listed; the rest is summed up
 * in one more. Lists are applied one at a time, gauges are read by any thread.
 */
final class AddressGauges {

	/** No address can be called so: it has no port. */
	static final String OTHER = "other";

	private static final List<ConnectivityState> STATES = List.of(ConnectivityState.IDLE, ConnectivityState.CONNECTING,
			ConnectivityState.READY, ConnectivityState.TRANSIENT_FAILURE);

	/** What calls in the queue wait for. */
	private static final List<DelayReason> QUEUED = List.of(DelayReason.RESOLVING, DelayReason.CONNECTING,
			DelayReason.STATE_MISMATCH, DelayReason.FAILING, DelayReason.BALANCER);

	private final MeterRegistry registry;

	private final ChannelSnapshots snapshots;

	private final String channel;

	private final int max;

	// guarded by this

	private final Map<String, List<Meter>> rows = new HashMap<>();

	/** Empty while every address has rows of its own. */
	private List<Meter> otherRows = List.of();

	/** Written under the lock: the addresses with rows of their own. */
	private volatile Set<String> named = Set.of();

	AddressGauges(MeterRegistry registry, ChannelSnapshots snapshots, String channel, int max) {
		this.registry = registry;
		this.snapshots = snapshots;
		this.channel = channel;
		this.max = max;
		channelGauge(ClientConnMeter.QUEUE_SIZE, ConnectivitySnapshot::pendingCalls);
		QUEUED.forEach((reason) -> channelGauge(ClientConnMeter.QUEUE_WAITING, (snapshot) -> count(snapshot, reason),
				Tags.of("reason", reason.label())));
		channelGauge(ClientConnMeter.LIST_VERSION, (snapshot) -> snapshot.addressList().version());
		channelGauge(ClientConnMeter.LIST_AGE, this::ageSeconds);
	}

	/**
	 * A lock, because a channel that is dialled again has two connections for a while.
	 */
	synchronized void listApplied(List<Address> list) {
		Set<String> listed = new LinkedHashSet<>();
		list.forEach((address) -> listed.add(address.addr()));
		Set<String> rest = new LinkedHashSet<>(listed);
		this.rows.entrySet().removeIf((row) -> {
			boolean gone = !rest.remove(row.getKey());
			if (gone) {
				row.getValue().forEach(this.registry::remove);
			}
			return gone;
		});
		for (String address : rest) {
			if (this.rows.size() < this.max) {
				this.rows.put(address, register(address));
			}
		}
		this.named = Set.copyOf(this.rows.keySet());
		boolean others = this.rows.size() < listed.size();
		if (others != !this.otherRows.isEmpty()) {
			this.otherRows.forEach(this.registry::remove);
			this.otherRows = others ? register(OTHER) : List.of();
		}
	}

	private List<Meter> register(String address) {
		List<Meter> meters = new ArrayList<>();
		Tags tags = Tags.of("channel", this.channel, "address", address);
		for (ConnectivityState state : STATES) {
			meters.add(gauge(ClientConnMeter.ADDRESS_STATE, address, (of) -> (of.state() == state) ? 1 : 0,
					tags.and("state", state.name())));
		}
		meters.add(gauge(ClientConnMeter.ADDRESS_INFLIGHT, address, AddressState::callsInFlight, tags));
		meters.add(gauge(ClientConnMeter.STREAMS_LIMIT, address, AddressGauges::streamsLimit, tags));
		return meters;
	}

	private Meter gauge(ClientConnMeter meter, String address, ToDoubleFunction<AddressState> value, Tags tags) {
		return meter.gauge(this, (gauges) -> gauges.value(address, value)).tags(tags).register(this.registry);
	}

	private void channelGauge(ClientConnMeter meter, ToDoubleFunction<ConnectivitySnapshot> value) {
		channelGauge(meter, value, Tags.empty());
	}

	private void channelGauge(ClientConnMeter meter, ToDoubleFunction<ConnectivitySnapshot> value, Tags tags) {
		meter.gauge(this, (gauges) -> {
			Taken taken = gauges.snapshots.get(gauges.channel);
			return (taken != null) ? value.applyAsDouble(taken.channel()) : Double.NaN;
		}).tag("channel", this.channel).tags(tags).register(this.registry);
	}

	private double value(String address, ToDoubleFunction<AddressState> value) {
		Taken taken = this.snapshots.get(this.channel);
		if (taken == null) {
			return Double.NaN;
		}
		if (address.equals(OTHER)) {
			return sumOfOthers(taken.channel(), value);
		}
		AddressState state = taken.addresses().get(address);
		return (state != null) ? value.applyAsDouble(state) : Double.NaN;
	}

	/** Without those that have no such value. */
	private double sumOfOthers(ConnectivitySnapshot snapshot, ToDoubleFunction<AddressState> value) {
		Set<String> own = this.named;
		DoubleSummaryStatistics others = snapshot.addresses()
			.stream()
			.filter((each) -> !own.contains(each.address()))
			.mapToDouble(value)
			.filter((each) -> !Double.isNaN(each))
			.summaryStatistics();
		return (others.getCount() > 0) ? others.getSum() : Double.NaN;
	}

	private static double count(ConnectivitySnapshot snapshot, DelayReason reason) {
		return snapshot.waiting()
			.reasons()
			.stream()
			.filter((each) -> each.reason() == reason)
			.mapToInt(WaitReason::count)
			.sum();
	}

	private double ageSeconds(ConnectivitySnapshot snapshot) {
		Instant updated = snapshot.addressList().updated();
		return (updated != null) ? (this.snapshots.wallTimeMillis() - updated.toEpochMilli()) / 1000.0 : Double.NaN;
	}

	private static double streamsLimit(AddressState state) {
		List<TransportSnapshot> connections = state.connections();
		boolean limited = !connections.isEmpty()
				&& connections.stream().allMatch((each) -> each.maxConcurrentStreams() != Long.MAX_VALUE);
		return limited ? connections.stream().mapToDouble(TransportSnapshot::maxConcurrentStreams).sum() : Double.NaN;
	}

}
