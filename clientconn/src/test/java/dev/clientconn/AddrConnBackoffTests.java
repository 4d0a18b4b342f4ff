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
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * When an {@link AddrConn} connects again, and what it says meanwhile.
 */
class AddrConnBackoffTests {

	@RegisterExtension
	final AddrConnRig rig = new AddrConnRig(2);

	@Test
	void delaysSeparateTheStartsOfAttempts() {
		this.rig.on(this.rig.addrConn::wanted);
		this.rig.scheduler.advance(Duration.ofMillis(700));
		this.rig.last().fail(AddrConnRig.REFUSED);

		this.rig.scheduler.advance(Duration.ofMillis(299));
		assertThat(this.rig.transports).hasSize(1);
		this.rig.scheduler.advance(Duration.ofMillis(1));
		assertThat(this.rig.transports).hasSize(2);
	}

	@Test
	void attemptLongerThanItsDelayIsFollowedAtOnce() {
		this.rig.on(this.rig.addrConn::wanted);
		this.rig.scheduler.advance(Duration.ofMillis(1500));
		this.rig.last().fail(AddrConnRig.REFUSED);

		this.rig.scheduler.advance(Duration.ZERO);
		assertThat(this.rig.transports).hasSize(2);
	}

	@Test
	void scenario30backoffGapsVirtual() {
		List<Long> starts = new ArrayList<>();
		List<Long> timeouts = new ArrayList<>();
		long begin = this.rig.scheduler.nanoTime();
		this.rig.on(this.rig.addrConn::wanted);
		for (int k = 0; k < 8; k++) {
			starts.add(Math.round((this.rig.scheduler.nanoTime() - begin) / 1e7));
			timeouts.add(this.rig.last().timeout.toMillis());
			int attempts = this.rig.transports.size();
			this.rig.last().fail(AddrConnRig.REFUSED);
			while (this.rig.transports.size() == attempts) {
				this.rig.scheduler.advance(Duration.ofMillis(1));
			}
		}

		assertThat(starts).as("hundredths of seconds").containsExactly(0L, 100L, 260L, 516L, 926L, 1581L, 2630L, 4307L);
		assertThat(timeouts.subList(0, 7)).containsOnly(20_000L);
		assertThat(timeouts.get(7)).isBetween(26_800L, 26_900L);
	}

	@Test
	void failureIsStickyWhileTheNextAttemptRuns() {
		this.rig.bringTo(TRANSIENT_FAILURE);
		this.rig.scheduler.advance(AddrConnRig.BASE);

		assertThat(this.rig.addrConn.state().state()).isEqualTo(CONNECTING);
		assertThat(this.rig.addrConn.state().effective()).isEqualTo(TRANSIENT_FAILURE);
		assertThat(this.rig.addrConn.state().reason()).isEqualTo(AddrConnRig.REFUSED);
	}

	@Test
	void connectionThatServedResetsTheBackoff() {
		this.rig.bringTo(TRANSIENT_FAILURE);
		this.rig.scheduler.advance(AddrConnRig.BASE);
		this.rig.last().ready();
		this.rig.served();
		this.rig.last().fail(AddrConnRig.REFUSED);
		assertThat(this.rig.addrConn.state().effective()).isEqualTo(CONNECTING);

		this.rig.last().fail(AddrConnRig.REFUSED);
		this.rig.scheduler.advance(AddrConnRig.BASE);
		assertThat(this.rig.transports).hasSize(4);
	}

	@Test
	void connectionLostAtOnceCountsAsFailedAttempt() {
		this.rig.on(this.rig.addrConn::wanted);
		for (int k = 0; k < 5; k++) {
			this.rig.last().ready();
			this.rig.last().fail(AddrConnRig.REFUSED);
			assertThat(this.rig.addrConn.state().state()).isEqualTo(TRANSIENT_FAILURE);
			int attempts = this.rig.transports.size();
			while (this.rig.transports.size() == attempts) {
				this.rig.scheduler.advance(Duration.ofMillis(10));
			}
		}
		// 1 + 1.6 + 2.56 + 4.1 + 6.6 s
		assertThat(Duration.ofNanos(this.rig.scheduler.nanoTime())).isGreaterThan(Duration.ofSeconds(15));
	}

	@Test
	void eventsTellTheCause() {
		this.rig.bringTo(TRANSIENT_FAILURE);

		assertThat(this.rig.addrConn.snapshot().events()).extracting(ConnectivitySnapshot.Event::what)
			.containsExactly("CONNECTING", "TRANSIENT_FAILURE: connection refused");
		assertThat(this.rig.addrConn.snapshot().cause()).isEqualTo("connection refused");
		assertThat(this.rig.addrConn.snapshot().nextAttempt()).isNotNull();
	}

}
