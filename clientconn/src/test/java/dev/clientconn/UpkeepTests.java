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
import java.util.List;

import io.grpc.ConnectivityState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * How many connections to one address there are (gRFC A105 and beyond), with virtual time
 * and no socket.
 */
class UpkeepTests {

	@RegisterExtension
	final AddrConnRig rig = new AddrConnRig(3);

	@Test
	void oneConnectionIsEnoughWhileItHasRoom() {
		this.rig.ready(100);
		this.rig.acquire(90);

		assertThat(this.rig.transports).hasSize(1);
	}

	@Test
	void theNextOneIsMadeAheadOfNeedWhenLessThanTheHeadroomIsFree() {
		this.rig.ready(100);
		this.rig.acquire(91);
		assertThat(this.rig.transports).hasSize(2);

		this.rig.last().ready();
		assertThat(this.rig.connections()).isEqualTo(2);
		assertThat(this.rig.addrConn.state().state()).isEqualTo(ConnectivityState.READY);
		assertThat(this.rig.told).containsExactly("ready", "ready");
	}

	@Test
	void withoutHeadroomItIsMadeWhenTheLastStreamIsTakenAndACallWaits() {
		this.rig.change((config) -> config.withMinHeadroom(0));
		this.rig.ready(1);
		this.rig.acquire(1);
		assertThat(this.rig.transports).hasSize(1);

		assertThat(this.rig.slots().acquire()).isNull();
		StreamSlots.Place place = this.rig.slots().place();
		this.rig.slots().await(place, new CallAttempts(null, null));
		assertThat(this.rig.transports).hasSize(2);
		place.leave();
	}

	@Test
	void theOldestWithRoomIsTaken() {
		this.rig.ready(2);
		this.rig.acquire(2);
		Connection second = this.rig.another(5);

		assertThat(this.rig.slots().acquire()).isSameAs(second);
		this.rig.addrConn.state().connection().release();
		assertThat(this.rig.slots().acquire()).isSameAs(this.rig.addrConn.state().connection());
	}

	@Test
	void oneAttemptRunsAtATime() {
		this.rig.ready(1);
		this.rig.acquire(1);
		this.rig.transports.get(0).limit(0);

		assertThat(this.rig.transports).hasSize(2);
	}

	@Test
	void noMoreThanTheMostAreMade() {
		this.rig.ready(1);
		this.rig.acquire(1);
		this.rig.another(1);
		this.rig.acquire(1);
		this.rig.another(1);
		this.rig.acquire(1);

		assertThat(this.rig.transports).hasSize(3);
		assertThat(this.rig.slots().acquire()).isNull();
	}

	@Test
	void anotherOneThatCannotBeMadeIsTriedAgainWithBackoff() {
		this.rig.ready(1);
		this.rig.acquire(1);
		this.rig.last().fail(AddrConnRig.REFUSED);
		this.rig.scheduler.advance(Duration.ofMillis(999));
		assertThat(this.rig.transports).hasSize(2);
		this.rig.scheduler.advance(Duration.ofMillis(1));
		assertThat(this.rig.transports).hasSize(3);
		this.rig.last().fail(AddrConnRig.REFUSED);
		this.rig.scheduler.advance(Duration.ofMillis(1599));
		assertThat(this.rig.transports).hasSize(3);
		this.rig.scheduler.advance(Duration.ofMillis(1));
		assertThat(this.rig.transports).hasSize(4);
		assertThat(this.rig.addrConn.state().state()).isEqualTo(ConnectivityState.READY);
	}

	@Test
	void aServerThatClosesEveryFurtherConnectionIsNotHammered() {
		this.rig.ready(1);
		this.rig.acquire(1);
		int seconds = 0;
		while (this.rig.transports.size() < 6) {
			this.rig.last().ready();
			this.rig.last().fail(AddrConnRig.REFUSED);
			this.rig.scheduler.advance(Duration.ofMillis(100));
			seconds++;
		}

		// 1 + 1.6 + 2.56 + 4.1 s
		assertThat(seconds).isGreaterThanOrEqualTo(92);
	}

	@Test
	void oneThatIsNotNeededIsNotMadeWhenTheBackoffEnds() {
		this.rig.ready(1);
		Connection first = this.rig.slots().acquire();
		this.rig.last().fail(AddrConnRig.REFUSED);
		first.release();
		this.rig.scheduler.advance(Duration.ofSeconds(1));

		assertThat(this.rig.transports).hasSize(2);
	}

	@Test
	void ofSeveralTheLostOneIsReplacedOnlyIfItIsNeeded() {
		this.rig.ready(10);
		this.rig.acquire(10);
		Connection second = this.rig.another(10);
		this.rig.addrConn.state().connection().served();
		this.rig.transports.get(0).fail(AddrConnRig.REFUSED);

		assertThat(this.rig.addrConn.state().connection()).isSameAs(second);
		assertThat(this.rig.transports).hasSize(2);
		this.rig.acquire(10);
		assertThat(this.rig.transports).hasSize(3);
	}

	@Test
	void ofSeveralOneGoesAwayAndTheOthersServe() {
		this.rig.ready(10);
		this.rig.acquire(10);
		this.rig.another(10);
		this.rig.transports.get(0).goAway();

		assertThat(this.rig.addrConn.state().state()).isEqualTo(ConnectivityState.READY);
		assertThat(this.rig.transports.get(0).drained).isTrue();
		assertThat(this.rig.events()).contains("connection lost, 1 left: received goaway");
	}

	@Test
	void aRaisedLimitIsUsedAndALoweredOneIsKept() {
		this.rig.ready(1);
		this.rig.acquire(1);
		this.rig.another(1);
		this.rig.acquire(1);
		this.rig.another(1);
		this.rig.acquire(1);
		this.rig.transports.get(1).limit(2);
		assertThat(this.rig.slots().acquire().transport()).isSameAs(this.rig.transports.get(1));

		this.rig.transports.get(1).limit(0);
		assertThat(this.rig.slots().acquire()).isNull();
	}

	@Test
	void theServiceConfigRaisesAndLowersTheMostAndClosesNothing() {
		this.rig.change((config) -> config.withMaxPerAddress(null));
		this.rig.ready(1);
		assertThat(this.rig.addrConn.state().slots()).as("one connection, no reservations").isNull();
		assertThat(this.rig.transports.get(0).reserved).isFalse();

		this.rig.change((config) -> config.withMaxPerAddress(null), 2);
		assertThat(this.rig.transports.get(0).reserved).isTrue();
		this.rig.acquire(1);
		this.rig.another(1);
		this.rig.change((config) -> config.withMaxPerAddress(null));
		assertThat(this.rig.connections()).isEqualTo(2);
		assertThat(this.rig.transports).noneMatch((transport) -> transport.drained);

		this.rig.last().fail(AddrConnRig.REFUSED);
		assertThat(this.rig.addrConn.state().slots()).isNull();
		assertThat(this.rig.transports.get(0).reserved).isFalse();
	}

	@Test
	void aServiceConfigGetsAtMostTenAndTheOptionWins() {
		this.rig.change((config) -> config.withMaxPerAddress(null), 50);
		assertThat(this.rig.pacing.maxConnections()).isEqualTo(10);

		this.rig.change((config) -> config.withMaxPerAddress(12), 50);
		assertThat(this.rig.pacing.maxConnections()).isEqualTo(12);
	}

	@Test
	void theNewestIsLetGoWhenTheOthersWouldDo() {
		this.rig.ready(10);
		List<Connection> taken = this.rig.acquire(10);
		this.rig.another(10);
		taken.subList(0, 4).forEach(Connection::release);
		this.rig.scheduler.advance(Duration.ofSeconds(59));
		assertThat(this.rig.last().drained).isFalse();

		this.rig.scheduler.advance(Duration.ofSeconds(1));
		assertThat(this.rig.last().drained).isTrue();
		assertThat(this.rig.last().closed).as("calls on it may finish").isFalse();
		assertThat(this.rig.connections()).isOne();
		assertThat(this.rig.events()).endsWith("one connection less, 1 left");
	}

	@Test
	void aBusyMomentKeepsTheNewestForLonger() {
		this.rig.ready(10);
		List<Connection> taken = this.rig.acquire(10);
		this.rig.another(10);
		taken.subList(0, 4).forEach(Connection::release);
		this.rig.scheduler.advance(Duration.ofSeconds(50));
		this.rig.acquire(1).forEach(Connection::release);
		this.rig.scheduler.advance(Duration.ofSeconds(59));
		assertThat(this.rig.last().drained).isFalse();

		this.rig.scheduler.advance(Duration.ofSeconds(16));
		assertThat(this.rig.last().drained).isTrue();
	}

}
