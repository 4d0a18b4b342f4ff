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

package dev.clientconn;

import java.time.Duration;

import io.grpc.ConnectivityState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several connections to one address of which some do not serve, with virtual time and no
 * socket.
 */
class UpkeepHealthTests {

	@RegisterExtension
	final AddrConnRig rig = new AddrConnRig(3);

	@Test
	void oneOfSeveralThatDoesNotServeLeavesTheCallsToTheOthers() {
		this.rig.ready(1);
		this.rig.acquire(1);
		Connection second = this.rig.another(5);
		FakeTransport first = this.rig.transports.get(0);

		this.rig.on(() -> this.rig.addrConn.notServing(first, AddrConnRig.REFUSED));
		assertThat(this.rig.addrConn.state().state()).isEqualTo(ConnectivityState.READY);
		assertThat(this.rig.slots().connections()).containsExactly(second);
		assertThat(first.drained || first.closed).isFalse();
		this.rig.on(() -> this.rig.addrConn.connected(first));
		assertThat(this.rig.connections()).isEqualTo(2);
		assertThat(this.rig.told).as("it was there all the time").containsExactly("ready", "ready");
	}

	@Test
	void whereNoneServesTheFirstThatServesAgainIsEnough() {
		this.rig.ready(1);
		this.rig.acquire(1);
		this.rig.another(5);

		this.rig.transports
			.forEach((transport) -> this.rig.on(() -> this.rig.addrConn.notServing(transport, AddrConnRig.REFUSED)));
		assertThat(this.rig.addrConn.state().isNotServing()).isTrue();
		assertThat(this.rig.addrConn.snapshot().nextAttempt()).isNull();
		this.rig.on(() -> this.rig.addrConn.connected(this.rig.last()));
		assertThat(this.rig.addrConn.state().transport()).isSameAs(this.rig.last());
		assertThat(this.rig.transports).as("nothing was dialled").hasSize(2);
	}

	@Test
	void noMoreConnectionsAreMadeWhileOneIsYetToServe() {
		this.rig.ready(1);
		this.rig.acquire(1);
		this.rig.on(() -> this.rig.addrConn.notServing(this.rig.last(), AddrConnRig.REFUSED));
		this.rig.on(this.rig.addrConn::outOfDate);
		this.rig.on(this.rig.addrConn::renew);
		assertThat(this.rig.transports).hasSize(2);

		this.rig.last().fail(AddrConnRig.REFUSED);
		this.rig.scheduler.advance(Duration.ofSeconds(1));
		assertThat(this.rig.transports).hasSize(3);
	}

	@Test
	void aConnectionThatDoesNotServeAndIsLostLeavesTheOthersReady() {
		this.rig.ready(1);
		this.rig.acquire(1);
		this.rig.another(5);
		FakeTransport first = this.rig.transports.get(0);
		this.rig.on(() -> this.rig.addrConn.notServing(first, AddrConnRig.REFUSED));
		first.fail(AddrConnRig.REFUSED);

		assertThat(this.rig.addrConn.state().state()).isEqualTo(ConnectivityState.READY);
		assertThat(this.rig.told).containsExactly("ready", "ready", "ended");
	}

}
