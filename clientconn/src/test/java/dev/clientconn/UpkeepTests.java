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
import java.util.Random;
import java.util.function.UnaryOperator;

import dev.clientconn.naming.Address;
import dev.clientconn.serviceconfig.ServiceConfig;
import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.transport.ClientTransport;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several connections to one address (gRFC A105 and beyond), and their age, with virtual
 * time and no socket.
 */
class UpkeepTests {

	private static final Status REFUSED = Status.UNAVAILABLE.withDescription("connection refused");

	private final FakeScheduler scheduler = new FakeScheduler();

	private final SerialExecutor serial = new SerialExecutor(Runnable::run);

	private final List<FakeTransport> transports = new ArrayList<>();

	private final List<String> told = new ArrayList<>();

	private final Pacing pacing = Pacing.of(options((config) -> config.withMaxPerAddress(3)));

	private final AddrConn addrConn = newAddrConn();

	private final Renewals renewals = new Renewals(this.serial, () -> 1);

	@AfterEach
	void noTimerIsLeft() {
		on(() -> this.addrConn.tornDown(Reasons.CLOSING));
		this.transports.forEach(FakeTransport::end);
		assertThat(this.scheduler.pending()).isEmpty();
		assertThat(this.addrConn.isTerminated()).isTrue();
	}

	@Test
	void oneConnectionIsEnoughWhileItHasRoom() {
		ready(100);
		acquire(90);

		assertThat(this.transports).hasSize(1);
	}

	@Test
	void theNextOneIsMadeAheadOfNeedWhenLessThanTheHeadroomIsFree() {
		ready(100);
		acquire(91);
		assertThat(this.transports).hasSize(2);

		last().ready();
		assertThat(connections()).isEqualTo(2);
		assertThat(this.addrConn.state().state()).isEqualTo(ConnectivityState.READY);
		assertThat(this.told).containsExactly("ready", "ready");
	}

	@Test
	void withoutHeadroomItIsMadeWhenTheLastStreamIsTakenAndACallWaits() {
		change((config) -> config.withMinHeadroom(0));
		ready(1);
		acquire(1);
		assertThat(this.transports).hasSize(1);

		assertThat(slots().acquire()).isNull();
		StreamSlots.Place place = slots().place();
		slots().await(place, new CallAttempts(null, null));
		assertThat(this.transports).hasSize(2);
		place.leave();
	}

	@Test
	void theOldestWithRoomIsTaken() {
		ready(2);
		acquire(2);
		Connection second = another(5);

		assertThat(slots().acquire()).isSameAs(second);
		this.addrConn.state().connection().release();
		assertThat(slots().acquire()).isSameAs(this.addrConn.state().connection());
	}

	@Test
	void oneAttemptRunsAtATime() {
		ready(1);
		acquire(1);
		this.transports.get(0).limit(0);

		assertThat(this.transports).hasSize(2);
	}

	@Test
	void noMoreThanTheMostAreMade() {
		ready(1);
		acquire(1);
		another(1);
		acquire(1);
		another(1);
		acquire(1);

		assertThat(this.transports).hasSize(3);
		assertThat(slots().acquire()).isNull();
	}

	@Test
	void anotherOneThatCannotBeMadeIsTriedAgainWithBackoff() {
		ready(1);
		acquire(1);
		last().fail(REFUSED);
		advance(Duration.ofMillis(999));
		assertThat(this.transports).hasSize(2);
		advance(Duration.ofMillis(1));
		assertThat(this.transports).hasSize(3);
		last().fail(REFUSED);
		advance(Duration.ofMillis(1599));
		assertThat(this.transports).hasSize(3);
		advance(Duration.ofMillis(1));
		assertThat(this.transports).hasSize(4);
		assertThat(this.addrConn.state().state()).isEqualTo(ConnectivityState.READY);
	}

	@Test
	void aServerThatClosesEveryFurtherConnectionIsNotHammered() {
		ready(1);
		acquire(1);
		int seconds = 0;
		while (this.transports.size() < 6) {
			last().ready();
			last().fail(REFUSED);
			advance(Duration.ofMillis(100));
			seconds++;
		}

		// 1 + 1.6 + 2.56 + 4.1 s
		assertThat(seconds).isGreaterThanOrEqualTo(92);
	}

	@Test
	void oneThatIsNotNeededIsNotMadeWhenTheBackoffEnds() {
		ready(1);
		Connection first = slots().acquire();
		last().fail(REFUSED);
		first.release();
		advance(Duration.ofSeconds(1));

		assertThat(this.transports).hasSize(2);
	}

	@Test
	void ofSeveralTheLostOneIsReplacedOnlyIfItIsNeeded() {
		ready(10);
		acquire(10);
		Connection second = another(10);
		this.addrConn.state().connection().served();
		this.transports.get(0).fail(REFUSED);

		assertThat(this.addrConn.state().connection()).isSameAs(second);
		assertThat(this.transports).hasSize(2);
		acquire(10);
		assertThat(this.transports).hasSize(3);
	}

	@Test
	void ofSeveralOneGoesAwayAndTheOthersServe() {
		ready(10);
		acquire(10);
		another(10);
		this.transports.get(0).goAway();

		assertThat(this.addrConn.state().state()).isEqualTo(ConnectivityState.READY);
		assertThat(this.transports.get(0).drained).isTrue();
		assertThat(events()).contains("connection lost, 1 left: received goaway");
	}

	@Test
	void aRaisedLimitIsUsedAndALoweredOneIsKept() {
		ready(1);
		acquire(1);
		another(1);
		acquire(1);
		another(1);
		acquire(1);
		this.transports.get(1).limit(2);
		assertThat(slots().acquire().transport()).isSameAs(this.transports.get(1));

		this.transports.get(1).limit(0);
		assertThat(slots().acquire()).isNull();
	}

	@Test
	void theServiceConfigRaisesAndLowersTheMostAndClosesNothing() {
		change((config) -> config.withMaxPerAddress(null));
		ready(1);
		assertThat(this.addrConn.state().slots()).as("one connection, no reservations").isNull();
		assertThat(this.transports.get(0).reserved).isFalse();

		change((config) -> config.withMaxPerAddress(null), 2);
		assertThat(this.transports.get(0).reserved).isTrue();
		acquire(1);
		another(1);
		change((config) -> config.withMaxPerAddress(null));
		assertThat(connections()).isEqualTo(2);
		assertThat(this.transports).noneMatch((transport) -> transport.drained);

		last().fail(REFUSED);
		assertThat(this.addrConn.state().slots()).isNull();
		assertThat(this.transports.get(0).reserved).isFalse();
	}

	@Test
	void aServiceConfigGetsAtMostTenAndTheOptionWins() {
		change((config) -> config.withMaxPerAddress(null), 50);
		assertThat(this.pacing.maxConnections()).isEqualTo(10);

		change((config) -> config.withMaxPerAddress(12), 50);
		assertThat(this.pacing.maxConnections()).isEqualTo(12);
	}

	@Test
	void theNewestIsLetGoWhenTheOthersWouldDo() {
		ready(10);
		List<Connection> taken = acquire(10);
		another(10);
		taken.subList(0, 4).forEach(Connection::release);
		advance(Duration.ofSeconds(59));
		assertThat(last().drained).isFalse();

		advance(Duration.ofSeconds(1));
		assertThat(last().drained).isTrue();
		assertThat(last().closed).as("calls on it may finish").isFalse();
		assertThat(connections()).isOne();
		assertThat(events()).endsWith("one connection less, 1 left");
	}

	@Test
	void aBusyMomentKeepsTheNewestForLonger() {
		ready(10);
		List<Connection> taken = acquire(10);
		another(10);
		taken.subList(0, 4).forEach(Connection::release);
		advance(Duration.ofSeconds(50));
		acquire(1).forEach(Connection::release);
		advance(Duration.ofSeconds(59));
		assertThat(last().drained).isFalse();

		advance(Duration.ofSeconds(16));
		assertThat(last().drained).isTrue();
	}

	@Test
	void renewalReplacesEachOfSeveralOneAfterTheOther() {
		ready(10);
		acquire(10);
		another(10);
		on(() -> this.renewals.request(this.addrConn));
		assertThat(this.transports).hasSize(3);
		last().ready();
		assertThat(this.transports.get(0).drained).isTrue();
		assertThat(this.transports.get(1).drained).isFalse();
		assertThat(this.transports).hasSize(4);
		last().ready();

		assertThat(this.transports.get(1).drained).isTrue();
		assertThat(this.transports).as("what is new stays").hasSize(4);
		assertThat(connections()).isEqualTo(2);
	}

	@Test
	void eachConnectionIsReplacedAtItsOwnAge() {
		change((config) -> config.withMaxAge(Duration.ofMinutes(10)));
		ready(10);
		advance(Duration.ofMinutes(5));
		acquire(10);
		another(10);
		advance(Duration.ofMinutes(4).minusSeconds(1));
		assertThat(this.transports).as("less than 9 minutes old").hasSize(2);

		advance(Duration.ofMinutes(2).plusSeconds(2));
		assertThat(this.transports).as("more than 11 minutes old").hasSize(3);
		assertThat(this.transports.get(0).drained).as("serves until then").isFalse();
		last().limit(10);
		last().ready();
		assertThat(this.transports.get(0).drained).isTrue();
		assertThat(this.transports.get(1).drained).isFalse();
		assertThat(this.transports).hasSize(3);
	}

	@Test
	void agesAreSpread() {
		change((config) -> config.withMaxAge(Duration.ofMinutes(10)));
		List<Long> ages = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			ages.add(this.pacing.maxAge().toSeconds());
		}

		assertThat(ages).allMatch((age) -> age >= 540 && age <= 660)
			.anyMatch((age) -> age < 570)
			.anyMatch((age) -> age > 630);
	}

	@Test
	void anAgeThatIsSetLaterCountsFromTheBeginning() {
		ready(10);
		advance(Duration.ofMinutes(30));
		change((config) -> config.withMaxAge(Duration.ofMinutes(10)));
		advance(Duration.ZERO);

		assertThat(this.transports).hasSize(2);
	}

	/** Time passes, and stops at each timer. */
	private void advance(Duration time) {
		this.scheduler.advance(time);
	}

	@Test
	void oneOfSeveralThatDoesNotServeLeavesTheCallsToTheOthers() {
		ready(1);
		acquire(1);
		Connection second = another(5);
		FakeTransport first = this.transports.get(0);

		on(() -> this.addrConn.notServing(first, REFUSED));
		assertThat(this.addrConn.state().state()).isEqualTo(ConnectivityState.READY);
		assertThat(slots().connections()).containsExactly(second);
		assertThat(first.drained || first.closed).isFalse();
		on(() -> this.addrConn.connected(first));
		assertThat(connections()).isEqualTo(2);
		assertThat(this.told).as("it was there all the time").containsExactly("ready", "ready");
	}

	@Test
	void whereNoneServesTheFirstThatServesAgainIsEnough() {
		ready(1);
		acquire(1);
		another(5);

		this.transports.forEach((transport) -> on(() -> this.addrConn.notServing(transport, REFUSED)));
		assertThat(this.addrConn.state().isNotServing()).isTrue();
		assertThat(this.addrConn.snapshot().nextAttempt()).isNull();
		on(() -> this.addrConn.connected(last()));
		assertThat(this.addrConn.state().transport()).isSameAs(last());
		assertThat(this.transports).as("nothing was dialled").hasSize(2);
	}

	@Test
	void noMoreConnectionsAreMadeWhileOneIsYetToServe() {
		ready(1);
		acquire(1);
		on(() -> this.addrConn.notServing(last(), REFUSED));
		on(this.addrConn::outOfDate);
		on(this.addrConn::renew);
		assertThat(this.transports).hasSize(2);

		last().fail(REFUSED);
		advance(Duration.ofSeconds(1));
		assertThat(this.transports).hasSize(3);
	}

	@Test
	void aConnectionThatDoesNotServeAndIsLostLeavesTheOthersReady() {
		ready(1);
		acquire(1);
		another(5);
		FakeTransport first = this.transports.get(0);
		on(() -> this.addrConn.notServing(first, REFUSED));
		first.fail(REFUSED);

		assertThat(this.addrConn.state().state()).isEqualTo(ConnectivityState.READY);
		assertThat(this.told).containsExactly("ready", "ready", "ended");
	}

	private void ready(long limit) {
		on(this.addrConn::wanted);
		last().limit(limit);
		last().ready();
	}

	/** The attempt that runs succeeds. */
	private Connection another(long limit) {
		last().limit(limit);
		last().ready();
		List<Connection> all = slots().connections();
		return all.get(all.size() - 1);
	}

	private List<Connection> acquire(int count) {
		List<Connection> taken = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Connection free = slots().acquire();
			assertThat(free).as("stream %s of %s", i, count).isNotNull();
			taken.add(free);
		}
		return taken;
	}

	private StreamSlots slots() {
		return this.addrConn.state().slots();
	}

	private int connections() {
		return this.addrConn.snapshot().connections().size();
	}

	private void change(UnaryOperator<ConnectionsConfig> change) {
		change(change, null);
	}

	private void change(UnaryOperator<ConnectionsConfig> change, Integer ofServiceConfig) {
		ServiceConfig config = (ofServiceConfig != null) ? ServiceConfig.fromMap(
				java.util.Map.of("connectionScaling", java.util.Map.of("maxConnectionsPerSubchannel", ofServiceConfig)))
				: ServiceConfig.empty();
		on(() -> {
			this.pacing.change(options((from) -> change.apply(from.withMaxPerAddress(3))), config);
			this.addrConn.pacingChanged();
		});
	}

	private static DialOptions options(UnaryOperator<ConnectionsConfig> change) {
		return DialOptions.builder()
			.backoff(new BackoffConfig(Duration.ofSeconds(1), 1.6, 0, Duration.ofSeconds(120), false))
			.random(new Random(1))
			.connections(change.apply(ConnectionsConfig.DEFAULT))
			.build();
	}

	private void on(Runnable task) {
		this.serial.execute(task);
	}

	private FakeTransport last() {
		return this.transports.get(this.transports.size() - 1);
	}

	private List<String> events() {
		return this.addrConn.snapshot().events().stream().map(ConnectivitySnapshot.Event::what).toList();
	}

	private AddrConn newAddrConn() {
		AddrConnSettings settings = new AddrConnSettings("test", (address, timeout, listener) -> {
			FakeTransport transport = new FakeTransport(listener, timeout);
			this.transports.add(transport);
			return transport;
		}, this.scheduler, this.pacing, new HealthService(Compression.of(DialOptions.builder().build())));
		return new AddrConn(Address.of("10.0.0.1:80"), this.serial, settings, new Owner());
	}

	private final class Owner implements AddrConnOwner {

		@Override
		public long listVersion() {
			return 1;
		}

		@Override
		public void stateChanged(AddrConn addrConn, AddrConnState from, AddrConnState to) {
		}

		@Override
		public void connectFinished(AddrConn addrConn, long durationNanos, Status outcome) {
		}

		@Override
		public void connectionReady(AddrConn addrConn, ClientTransport transport) {
			UpkeepTests.this.told.add("ready");
		}

		@Override
		public void connectionEnded(AddrConn addrConn, long lifetimeNanos, DisconnectReason reason) {
			UpkeepTests.this.told.add("ended");
		}

		@Override
		public void goAwayReceived(AddrConn addrConn, Status reason) {
		}

		@Override
		public void addressesSuspect() {
		}

		@Override
		public void renewalDue(AddrConn addrConn) {
			UpkeepTests.this.renewals.due(addrConn);
		}

		@Override
		public void renewalEnded(AddrConn addrConn) {
			UpkeepTests.this.renewals.ended(addrConn);
		}

		@Override
		public void terminated(AddrConn addrConn) {
		}

	}

}
