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

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.grpc.ConnectivityState.READY;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * The end of an {@link AddrConn} that still has calls.
 */
class AddrConnEndTests {

	@RegisterExtension
	final AddrConnRig rig = new AddrConnRig(2);

	@Test
	void removedAddressWithCallsEndsItsConnectionAfterTheDrainTimeout() {
		this.rig.bringTo(READY);
		this.rig.on(() -> this.rig.addrConn.tornDown(Reasons.DRAIN));
		FakeTransport transport = this.rig.last();
		assertThat(transport.drained).isTrue();
		assertThat(transport.closed).isFalse();
		assertThat(this.rig.terminated).isFalse();

		this.rig.scheduler.advance(Duration.ofMinutes(5));
		assertThat(transport.closed).isTrue();
	}

	@Test
	void closeEndsWhatWasAlreadyDraining() {
		this.rig.bringTo(READY);
		FakeTransport transport = this.rig.last();
		transport.goAway();
		this.rig.on(() -> this.rig.addrConn.tornDown(Reasons.CLOSING));

		assertThat(transport.closed).isTrue();
	}

}
