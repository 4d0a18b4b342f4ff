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

package dev.clientconn.spring.boot.autoconfigure.health;

import java.util.List;
import java.util.Map;

import dev.clientconn.ConnectivitySnapshot;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.ConnectivitySnapshot.WaitingCalls;
import dev.clientconn.spring.boot.autoconfigure.HealthProperties;
import dev.clientconn.spring.boot.autoconfigure.Snapshots;
import io.grpc.ConnectivityState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

class ClientConnHealthIndicatorTests {

	@ParameterizedTest
	@CsvSource({ "IDLE, UNKNOWN", "CONNECTING, UNKNOWN", "TRANSIENT_FAILURE, OUT_OF_SERVICE", "SHUTDOWN, DOWN" })
	void withoutAReadyAddressTheStateDecides(ConnectivityState state, String status) {
		assertThat(health(Snapshots.channel(state)).getStatus()).isEqualTo(new Status(status));
	}

	@Test
	void oneReadyAddressMakesTheChannelUp() {
		Health health = health(Snapshots.channel(ConnectivityState.READY, Snapshots.failing("10.0.0.1:9090"),
				Snapshots.ready("10.0.0.2:9090")));

		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("state", "READY")
			.containsEntry("target", "discovery:///greeter")
			.containsEntry("ready", 1)
			.containsEntry("total", 2)
			.containsEntry("addresses", Map.of("10.0.0.1:9090", "TRANSIENT_FAILURE", "10.0.0.2:9090", "READY"))
			.containsEntry("causes", Map.of("10.0.0.1:9090", "Connection refused"))
			.doesNotContainKey("addressListError");
	}

	@ParameterizedTest
	@CsvSource({ "IDLE, UP", "CONNECTING, STARTING", "TRANSIENT_FAILURE, DOWN", "SHUTDOWN, UNKNOWN" })
	void thePropertiesNameTheStatusOfEachState(ConnectivityState state, String status) {
		HealthProperties properties = new HealthProperties();
		properties.getStatus().setIdle("UP");
		properties.getStatus().setConnecting("STARTING");
		properties.getStatus().setTransientFailure("DOWN");
		properties.getStatus().setShutdown("UNKNOWN");

		assertThat(health(Snapshots.channel(state), properties, true).getStatus()).isEqualTo(new Status(status));
	}

	@ParameterizedTest
	@CsvSource({ "IDLE, UNKNOWN", "CONNECTING, UNKNOWN", "TRANSIENT_FAILURE, UNKNOWN", "SHUTDOWN, UNKNOWN" })
	void aChannelThatIsNotRequiredIsNeverWorseThanUnknown(ConnectivityState state, String status) {
		Health health = health(Snapshots.channel(state), new HealthProperties(), false);

		assertThat(health.getStatus()).isEqualTo(new Status(status));
		assertThat(health.getDetails()).containsEntry("required", false).containsEntry("state", state.name());
	}

	@Test
	void aChannelThatIsNotRequiredCanBeUp() {
		Health health = health(Snapshots.channel(ConnectivityState.READY, Snapshots.ready("10.0.0.1:9090")),
				new HealthProperties(), false);

		assertThat(health.getStatus()).isEqualTo(Status.UP);
		assertThat(health.getDetails()).containsEntry("required", false);
	}

	@Test
	void addressesCanBeLeftOut() {
		HealthProperties properties = new HealthProperties();
		properties.setShowAddresses(false);
		Health health = health(
				Snapshots.channel(ConnectivityState.TRANSIENT_FAILURE, Snapshots.failing("10.0.0.1:9090")), properties,
				true);

		assertThat(health.getDetails()).containsOnlyKeys("state", "target", "ready", "total");
	}

	@Test
	void drainedAddressesAreNamed() {
		ConnectivitySnapshot channel = Snapshots.channel(ConnectivityState.TRANSIENT_FAILURE);
		ConnectivitySnapshot drained = new ConnectivitySnapshot(
				channel.target(), channel.authority(), channel.security(), channel.balancer(), channel.state(),
				channel.since(), new ConnectivitySnapshot.AddressList(4, "discovery", Snapshots.THEN, null,
						List.of("10.0.0.1:9090"), Map.of()),
				WaitingCalls.NONE, 0, 0, List.of(), null, Snapshots.NO_SERVICE_CONFIG);

		assertThat(health(drained).getDetails()).containsEntry("drained", List.of("10.0.0.1:9090"));
	}

	@Test
	void theReasonForAStaleListIsShown() {
		ConnectivitySnapshot channel = Snapshots.channel(ConnectivityState.IDLE);
		ConnectivitySnapshot stale = new ConnectivitySnapshot(channel.target(), channel.authority(), channel.security(),
				channel.balancer(), channel.state(), channel.since(),
				new ConnectivitySnapshot.AddressList(0, "discovery", null, "registry down", List.of(), Map.of()),
				WaitingCalls.NONE, 0, 0, List.<AddressState>of(), null, Snapshots.NO_SERVICE_CONFIG);

		assertThat(health(stale).getDetails()).containsEntry("addressListError", "registry down");
	}

	private static Health health(ConnectivitySnapshot snapshot) {
		return health(snapshot, new HealthProperties(), true);
	}

	private static Health health(ConnectivitySnapshot snapshot, HealthProperties properties, boolean required) {
		return new ClientConnHealthIndicator(() -> snapshot, StatusMapping.of(properties), required,
				properties.isShowAddresses())
			.health();
	}

}
