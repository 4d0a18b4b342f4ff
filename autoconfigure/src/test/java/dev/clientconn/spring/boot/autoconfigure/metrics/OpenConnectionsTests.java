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

import dev.clientconn.ConnectivitySnapshot;
import dev.clientconn.naming.Address;
import dev.clientconn.stats.DisconnectReason;
import io.grpc.SecurityLevel;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections of a channel that changes between plaintext and TLS while it runs.
 */
class OpenConnectionsTests {

	private static final Address ONE = Address.of("a:1");

	private static final Address TWO = Address.of("b:1");

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final MeterStatsHandler handler = new MeterStatsHandler(this.meters, false,
			new OpenConnections(this.meters), new AddressGauges(this.meters,
					new ChannelSnapshots(OpenConnectionsTests::none, Clock.SYSTEM), "greeter", 200));

	@Test
	void anEndIsCountedWhereItsConnectionWas() {
		ready(ONE, SecurityLevel.NONE);
		ready(TWO, SecurityLevel.NONE);
		ready(ONE, SecurityLevel.PRIVACY_AND_INTEGRITY);
		assertThat(open("none")).isEqualTo(2);
		assertThat(open("privacy_and_integrity")).isEqualTo(1);

		ended(ONE);
		ended(TWO);
		assertThat(open("none")).isZero();
		assertThat(open("privacy_and_integrity")).isEqualTo(1);

		ready(TWO, SecurityLevel.PRIVACY_AND_INTEGRITY);
		ended(ONE);
		ended(TWO);
		assertThat(open("none")).isZero();
		assertThat(open("privacy_and_integrity")).isZero();
	}

	private void ready(Address address, SecurityLevel level) {
		this.handler.connectionReady("t", address, level);
	}

	private void ended(Address address) {
		this.handler.connectionEnded("t", address, 1, DisconnectReason.SUBCHANNEL_SHUTDOWN);
	}

	private double open(String level) {
		return this.meters.get("grpc.subchannel.open_connections")
			.tags("grpc.target", "t", "grpc.security_level", level)
			.gauge()
			.value();
	}

	private static ConnectivitySnapshot none(String channel) {
		throw new IllegalStateException(channel);
	}

}
