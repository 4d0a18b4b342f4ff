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
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import dev.clientconn.ConnectivitySnapshot;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.naming.Address;
import dev.clientconn.spring.boot.autoconfigure.Snapshots;
import io.grpc.ConnectivityState;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MockClock;
import io.micrometer.core.instrument.simple.SimpleConfig;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class AddressGaugesTests {

	private final MockClock clock = new MockClock();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry(SimpleConfig.DEFAULT, this.clock);

	private final List<String> taken = new ArrayList<>();

	private ConnectivitySnapshot snapshot = Snapshots.channel(ConnectivityState.READY);

	private final ChannelSnapshots snapshots = new ChannelSnapshots((channel) -> {
		this.taken.add(channel);
		return this.snapshot;
	}, this.clock);

	@BeforeEach
	void start() {
		this.snapshots.afterSingletonsInstantiated();
	}

	@Test
	void eachAddressHasARowPerState() {
		AddressGauges gauges = gauges(200);
		list(gauges, Snapshots.ready("a:1"), Snapshots.failing("b:1"));

		assertThat(state("a:1", ConnectivityState.READY)).isEqualTo(1);
		assertThat(state("a:1", ConnectivityState.TRANSIENT_FAILURE)).isZero();
		assertThat(state("b:1", ConnectivityState.READY)).isZero();
		assertThat(state("b:1", ConnectivityState.TRANSIENT_FAILURE)).isEqualTo(1);
		assertThat(value("clientconn.address.inflight", "a:1")).isEqualTo(4);
		assertThat(value("clientconn.streams.limit", "a:1")).as("no limit").isNaN();
		assertThat(addresses()).containsExactlyInAnyOrder("a:1", "b:1");
	}

	@Test
	void rowsFollowTheList() {
		AddressGauges gauges = gauges(200);
		list(gauges, Snapshots.ready("a:1"), Snapshots.ready("b:1"));
		list(gauges, Snapshots.ready("b:1"), Snapshots.ready("c:1"));
		assertThat(addresses()).containsExactlyInAnyOrder("b:1", "c:1");

		list(gauges);
		assertThat(addresses()).isEmpty();
	}

	@Test
	void addressesAboveTheBoundAreSummedUp() {
		AddressGauges gauges = gauges(2);
		list(gauges, Snapshots.ready("a:1"), Snapshots.ready("b:1"), Snapshots.ready("c:1"), Snapshots.failing("d:1"),
				Snapshots.ready("e:1"));

		assertThat(addresses()).containsExactlyInAnyOrder("a:1", "b:1", "other");
		assertThat(state("other", ConnectivityState.READY)).isEqualTo(2);
		assertThat(state("other", ConnectivityState.TRANSIENT_FAILURE)).isEqualTo(1);
		assertThat(value("clientconn.address.inflight", "other")).isEqualTo(8);
		assertThat(value("clientconn.streams.limit", "other")).isNaN();
	}

	@Test
	void anAddressKeepsItsRowWhileItIsListed() {
		AddressGauges gauges = gauges(2);
		list(gauges, Snapshots.ready("c:1"), Snapshots.ready("d:1"));
		list(gauges, Snapshots.ready("a:1"), Snapshots.ready("b:1"), Snapshots.ready("c:1"), Snapshots.ready("d:1"));
		assertThat(addresses()).containsExactlyInAnyOrder("c:1", "d:1", "other");
		assertThat(state("other", ConnectivityState.READY)).isEqualTo(2);

		list(gauges, Snapshots.ready("a:1"), Snapshots.ready("d:1"));
		assertThat(addresses()).containsExactlyInAnyOrder("a:1", "d:1");
	}

	@Test
	void withABoundOfZeroThereIsOnlyTheSum() {
		AddressGauges gauges = gauges(0);
		list(gauges, Snapshots.ready("a:1"), Snapshots.ready("b:1"));

		assertThat(addresses()).containsExactly("other");
		assertThat(state("other", ConnectivityState.READY)).isEqualTo(2);
	}

	@Test
	void tenThousandAddressesMakeNoMoreThanTheBoundOfSeries() {
		AddressGauges gauges = gauges(200);
		AddressState[] many = Stream.iterate(0, (i) -> i + 1)
			.limit(10_000)
			.map((i) -> Snapshots.ready("h" + i + ":1"))
			.toArray(AddressState[]::new);
		list(gauges, many);

		assertThat(this.meters.find("clientconn.address.state").gauges()).hasSize(201 * 4);
		assertThat(state("other", ConnectivityState.READY)).isEqualTo(9_800);
		assertThat(this.taken).hasSize(1);
	}

	@Test
	void aScrapeTakesOneSnapshot() {
		AddressGauges gauges = gauges(200);
		list(gauges, Snapshots.ready("a:1"), Snapshots.ready("b:1"));
		scrape();
		assertThat(this.taken).containsExactly("greeter");

		this.snapshot = Snapshots.channel(ConnectivityState.READY, Snapshots.failing("a:1"), Snapshots.ready("b:1"));
		assertThat(state("a:1", ConnectivityState.READY)).as("still the same scrape").isEqualTo(1);
		this.clock.add(Duration.ofSeconds(1));
		assertThat(state("a:1", ConnectivityState.READY)).isZero();
		scrape();
		assertThat(this.taken).hasSize(2);
	}

	@Test
	void theChannelHasItsOwnGauges() {
		gauges(200);
		this.clock.add(Duration.ofMillis(Snapshots.THEN.toEpochMilli() + 2_500 - this.clock.wallTime()));

		assertThat(this.meters.get("clientconn.queue.size").tag("channel", "greeter").gauge().value()).isEqualTo(2);
		assertThat(this.meters.get("clientconn.list.version").gauge().value()).isEqualTo(3);
		assertThat(this.meters.get("clientconn.list.age").gauge().value()).isEqualTo(2.5);
		assertThat(this.meters.get("clientconn.list.age").gauge().getId().getBaseUnit()).isEqualTo("seconds");
	}

	@Test
	void nothingIsReadBeforeTheApplicationHasStarted() {
		ChannelSnapshots early = new ChannelSnapshots((channel) -> {
			throw new AssertionError("would dial the channel");
		}, this.clock);
		new AddressGauges(this.meters, early, "early", 1).listApplied(List.of(Address.of("a:1")));

		assertThat(this.meters.get("clientconn.queue.size").tag("channel", "early").gauge().value()).isNaN();
		assertThat(value("clientconn.address.inflight", "a:1")).isNaN();
	}

	private AddressGauges gauges(int max) {
		return new AddressGauges(this.meters, this.snapshots, "greeter", max);
	}

	private void list(AddressGauges gauges, AddressState... addresses) {
		this.snapshot = Snapshots.channel(ConnectivityState.READY, addresses);
		gauges.listApplied(Stream.of(addresses).map((address) -> Address.of(address.address())).toList());
	}

	private void scrape() {
		this.meters.getMeters().forEach((meter) -> meter.measure().forEach((measurement) -> measurement.getValue()));
	}

	private double state(String address, ConnectivityState state) {
		return this.meters.get("clientconn.address.state")
			.tags("channel", "greeter", "address", address, "state", state.name())
			.gauge()
			.value();
	}

	private double value(String meter, String address) {
		return this.meters.get(meter).tag("address", address).gauge().value();
	}

	private List<String> addresses() {
		return this.meters.find("clientconn.address.inflight")
			.gauges()
			.stream()
			.map(Gauge::getId)
			.map((id) -> id.getTag("address"))
			.toList();
	}

}
