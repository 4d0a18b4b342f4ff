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

package dev.clientconn.spring.boot.autoconfigure.actuate;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.clientconn.ConnectivitySnapshot;
import dev.clientconn.ConnectivitySnapshot.PendingUpdate;
import dev.clientconn.ConnectivitySnapshot.WaitingCalls;
import dev.clientconn.ServiceConfigState;
import dev.clientconn.ServiceConfigState.Origin;
import dev.clientconn.serviceconfig.ServiceConfig;
import dev.clientconn.spring.boot.autoconfigure.ChannelRefresh;
import dev.clientconn.spring.boot.autoconfigure.Snapshots;
import dev.clientconn.spring.boot.autoconfigure.actuate.ChannelDescriptor.AddressDescriptor;
import io.grpc.ConnectivityState;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.test.json.JsonContent;

import static org.assertj.core.api.Assertions.assertThat;

class ChannelDescriptorTests {

	private final JsonMapper mapper = JsonMapper.builder()
		.changeDefaultPropertyInclusion((value) -> value.withValueInclusion(JsonInclude.Include.NON_NULL))
		.build();

	@Test
	void aChannelShowsItsAddressesWithoutEvents() {
		JsonContent json = json(ChannelDescriptor.of(Snapshots.channel(ConnectivityState.READY,
				Snapshots.ready("10.0.0.1:9090"), Snapshots.failing("10.0.0.3:9090")), UnaryOperator.identity(), null));

		assertThat(json).isStrictlyEqualTo("""
				{
					"target": "discovery:///greeter",
					"authority": "greeter",
					"security": "plaintext",
					"balancer": "round_robin",
					"state": "READY",
					"since": "2026-11-22T07:40:00Z",
					"source": {
						"type": "discovery",
						"version": 3,
						"lastUpdate": "2026-11-22T07:40:00Z",
						"stale": false,
						"drained": [],
						"details": { "serviceId": "greeter" }
					},
					"pendingCalls": 2,
					"waiting": {
						"bytes": 150,
						"refused": 1,
						"lastError": "Connection refused",
						"reasons": { "connecting": { "calls": 2, "oldest": "2026-11-22T07:40:00Z" } },
						"first": [
							{
								"method": "greeter.Greeter/Greet",
								"reason": "connecting",
								"since": "2026-11-22T07:40:02Z",
								"queued": "2026-11-22T07:40:00Z",
								"listVersion": 3,
								"waitForReady": true
							}
						]
					},
					"callsStarted": 10,
					"callsEnded": 7,
					"addresses": {
						"10.0.0.1:9090": {
							"state": "READY",
							"since": "2026-11-22T07:40:00Z",
							"attempts": 0,
							"connections": [
								{
									"localAddress": "10.0.0.9:1",
									"remoteAddress": "10.0.0.1:9090",
									"security": "plaintext",
									"activeStreams": 4,
									"queuedStreams": 0,
									"streamsStarted": 5,
									"receiveWindow": 1048576
								}
							],
							"drainingConnections": 0,
							"callsInFlight": 4,
							"callsWaiting": 0,
							"callsSucceeded": 6,
							"callsFailed": 1,
							"metadata": { "zone": "a" }
						},
						"10.0.0.3:9090": {
							"state": "TRANSIENT_FAILURE",
							"since": "2026-11-22T07:40:00Z",
							"cause": "Connection refused",
							"attempts": 5,
							"nextAttempt": "2026-11-22T07:40:09Z",
							"connections": [],
							"drainingConnections": 0,
							"callsInFlight": 0,
							"callsWaiting": 0,
							"callsSucceeded": 0,
							"callsFailed": 0,
							"metadata": {}
						}
					}
				}
				""");
	}

	@Test
	void anAddressShowsItsEvents() {
		JsonContent json = json(
				AddressDescriptor.withEvents(Snapshots.ready("10.0.0.1:9090"), UnaryOperator.identity()));

		assertThat(json).extractingPath("$.events[0].at").isEqualTo("2026-11-22T07:40:00Z");
		assertThat(json).extractingPath("$.events[0].what").isEqualTo("READY");
		assertThat(json).extractingPath("$.events[0].listVersion").isEqualTo(3);
	}

	@Test
	void aChangeThatHasNotTakenEffectIsShown() {
		ConnectivitySnapshot channel = Snapshots.channel(ConnectivityState.READY);
		ConnectivitySnapshot changing = new ConnectivitySnapshot(channel.target(), channel.authority(),
				channel.security(), channel.balancer(), channel.state(), channel.since(), channel.addressList(),
				WaitingCalls.NONE, 0, 0, channel.addresses(), new PendingUpdate("dns:///orders:9090", "tls",
						"pick_first", ConnectivityState.TRANSIENT_FAILURE, Snapshots.THEN, "connection refused"),
				Snapshots.NO_SERVICE_CONFIG);

		assertThat(json(ChannelDescriptor.of(changing, UnaryOperator.identity(), null)))
			.extractingPath("$.pendingUpdate")
			.asMap()
			.containsOnly(Map.entry("target", "dns:///orders:9090"), Map.entry("security", "tls"),
					Map.entry("balancer", "pick_first"), Map.entry("state", "TRANSIENT_FAILURE"),
					Map.entry("since", "2026-11-22T07:40:00Z"), Map.entry("error", "connection refused"));
	}

	@Test
	void aRefusedChangeIsShown() {
		ChannelRefresh.Refusal refusal = new ChannelRefresh.Refusal("clientconn.channels.greeter.call.deadline",
				"expected: not negative", Snapshots.THEN);

		assertThat(json(
				ChannelDescriptor.of(Snapshots.channel(ConnectivityState.READY), UnaryOperator.identity(), refusal)))
			.extractingPath("$.refusedChange")
			.asMap()
			.containsOnly(Map.entry("property", "clientconn.channels.greeter.call.deadline"),
					Map.entry("error", "expected: not negative"), Map.entry("since", "2026-11-22T07:40:00Z"));
	}

	@Test
	void aRejectedServiceConfigIsShown() {
		ServiceConfigState state = new ServiceConfigState(ServiceConfig.empty(), Origin.NONE, 0, Snapshots.THEN,
				new ServiceConfigState.Rejected(Origin.RESOLVER, "methodConfig[0]: ...", Snapshots.THEN));

		assertThat(json(ServiceConfigDescriptor.of(state))).extractingPath("$.rejected")
			.asMap()
			.containsOnly(Map.entry("origin", "resolver"), Map.entry("error", "methodConfig[0]: ..."),
					Map.entry("since", "2026-11-22T07:40:00Z"));
	}

	@Test
	void entriesOfServicesAndForAllHaveAnAsterisk() {
		ServiceConfig config = ServiceConfig.fromMap(Map.of("methodConfig", List
			.of(Map.of("name", List.of(Map.of("service", "s", "method", "m"), Map.of("service", "s"), Map.of())))));

		assertThat(ServiceConfigDescriptor.of(new ServiceConfigState(config, Origin.OPTIONS, 1, Snapshots.THEN, null)))
			.isNotNull()
			.satisfies((shown) -> assertThat(shown.methods()).containsOnlyKeys("s/m", "s/*", "*"));
	}

	private JsonContent json(Object value) {
		return new JsonContent(this.mapper.writeValueAsString(value));
	}

}
