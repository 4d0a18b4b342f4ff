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
import java.util.stream.IntStream;

import dev.clientconn.naming.Address;
import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.transport.ClientTransport;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections that are replaced while they serve, with virtual time and no socket.
 */
class RenewalTests {

	private static final Status REFUSED = Status.UNAVAILABLE.withDescription("connection refused");

	private final FakeScheduler scheduler = new FakeScheduler();

	private final SerialExecutor serial = new SerialExecutor(Runnable::run);

	private final List<FakeTransport> transports = new ArrayList<>();

	private final List<AddrConn> addrConns = new ArrayList<>();

	private final Renewals renewals = new Renewals(this.serial, this.addrConns::size);

	private final List<String> told = new ArrayList<>();

	@AfterEach
	void noTimerIsLeft() {
		this.addrConns.forEach((addrConn) -> on(() -> addrConn.tornDown(Reasons.CLOSING)));
		this.transports.forEach(FakeTransport::end);
		assertThat(this.scheduler.pending()).isEmpty();
		assertThat(this.addrConns).allMatch(AddrConn::isTerminated);
	}

	@Test
	void theOldConnectionServesUntilTheNewOneIsReady() {
		AddrConn addrConn = ready();
		FakeTransport old = last();
		this.scheduler.advance(Duration.ofSeconds(7));
		long since = addrConn.state().sinceMillis();

		request(addrConn);
		assertThat(this.transports).hasSize(2);
		assertThat(addrConn.state().transport()).isSameAs(old);
		assertThat(old.drained).isFalse();

		last().ready();
		assertThat(addrConn.state().transport()).isSameAs(last());
		assertThat(addrConn.state().sinceMillis()).as("READY all the time").isEqualTo(since);
		assertThat(old.drained).isTrue();
		assertThat(old.closed).isFalse();
		assertThat(addrConn.snapshot().draining()).isOne();
		assertThat(events(addrConn)).endsWith("READY", "renewing", "renewed");
		assertThat(this.told).containsExactly("connected", "connected", "ended after 7000 ms: subchannel shutdown");
	}

	@Test
	void aFailedRenewalIsTriedAgainWithBackoffWhileTheOldOneServes() {
		AddrConn addrConn = ready();
		FakeTransport old = last();
		request(addrConn);
		this.scheduler.advance(Duration.ofMillis(300));
		last().fail(REFUSED);

		this.scheduler.advance(Duration.ofMillis(699));
		assertThat(this.transports).hasSize(2);
		this.scheduler.advance(Duration.ofMillis(1));
		assertThat(this.transports).hasSize(3);
		last().fail(REFUSED);
		this.scheduler.advance(Duration.ofMillis(1599));
		assertThat(this.transports).hasSize(3);
		this.scheduler.advance(Duration.ofMillis(1));
		assertThat(this.transports).hasSize(4);
		assertThat(old.drained).isFalse();
		assertThat(addrConn.state().transport()).isSameAs(old);

		last().ready();
		assertThat(addrConn.state().transport()).isSameAs(last());
		assertThat(events(addrConn)).containsSubsequence("renewing", "renewal failed: connection refused", "renewing",
				"renewal failed: connection refused", "renewing", "renewed");
	}

	@Test
	void aConnectionLostMeanwhileLeavesTheRenewalAsTheAttempt() {
		AddrConn addrConn = ready();
		FakeTransport old = last();
		addrConn.state().connection().served();
		request(addrConn);
		old.fail(REFUSED);
		assertThat(addrConn.state().effective()).isEqualTo(ConnectivityState.CONNECTING);
		assertThat(this.transports).as("no third one").hasSize(2);

		last().ready();
		assertThat(addrConn.state().transport()).isSameAs(last());
	}

	@Test
	void aConnectionLostAtOnceCountsAsAFailedAttemptAlsoWhileRenewing() {
		AddrConn addrConn = ready();
		FakeTransport old = last();
		request(addrConn);
		old.fail(REFUSED);
		assertThat(addrConn.state().effective()).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);

		last().fail(REFUSED);
		assertThat(addrConn.state().state()).isEqualTo(ConnectivityState.TRANSIENT_FAILURE);
		assertThat(addrConn.state().failures()).isEqualTo(2);
		this.scheduler.advance(Duration.ofSeconds(1));
		assertThat(this.transports).hasSize(3);
	}

	@Test
	void aConnectionLostWhileTheRenewalWaitsIsReplacedAsEver() {
		AddrConn addrConn = ready();
		FakeTransport old = last();
		addrConn.state().connection().served();
		request(addrConn);
		last().fail(REFUSED);
		old.fail(REFUSED);
		assertThat(this.transports).hasSize(3);

		last().ready();
		this.scheduler.advance(Duration.ofMinutes(1));
		assertThat(this.transports).as("it was new: no further renewal").hasSize(3);
	}

	@Test
	void anAttemptThatRanBeforeTheRequestIsFollowedByARenewal() {
		AddrConn addrConn = newAddrConn();
		on(addrConn::wanted);
		request(addrConn);
		assertThat(this.transports).hasSize(1);

		last().ready();
		assertThat(this.transports).hasSize(2);
		last().ready();
		assertThat(this.transports).hasSize(2);
	}

	@Test
	void anAttemptAfterTheRequestIsNotRenewed() {
		AddrConn addrConn = newAddrConn();
		on(addrConn::wanted);
		request(addrConn);
		last().fail(REFUSED);
		this.scheduler.advance(Duration.ofSeconds(1));
		last().ready();

		assertThat(this.transports).hasSize(2);
	}

	@Test
	void aRequestWhileARenewalRunsIsServedAfterIt() {
		AddrConn addrConn = ready();
		request(addrConn);
		request(addrConn);
		request(addrConn);
		assertThat(this.transports).hasSize(2);

		last().ready();
		assertThat(this.transports).hasSize(3);
		last().ready();
		assertThat(this.transports).hasSize(3);
	}

	@Test
	void aServerThatSaysGoAwayToTheNewConnectionFailsTheRenewal() {
		AddrConn addrConn = ready();
		FakeTransport old = last();
		request(addrConn);
		last().goAway();

		assertThat(last().drained).isTrue();
		assertThat(addrConn.state().transport()).isSameAs(old);
		assertThat(events(addrConn)).contains("renewal failed: received goaway");
	}

	@Test
	void aReplacedConnectionIsBoundedOnlyOnceTheAddressIsRemoved() {
		AddrConn addrConn = ready();
		FakeTransport old = last();
		request(addrConn);
		last().ready();
		this.scheduler.advance(Duration.ofHours(1));
		assertThat(old.closed).as("its calls may take their time").isFalse();

		on(() -> addrConn.tornDown(Reasons.DRAIN));
		this.scheduler.advance(Duration.ofMinutes(5));
		assertThat(old.closed).isTrue();
	}

	@Test
	void idleEndsBothConnections() {
		AddrConn addrConn = ready();
		FakeTransport old = last();
		request(addrConn);
		on(addrConn::idle);

		assertThat(addrConn.state().state()).isEqualTo(ConnectivityState.IDLE);
		assertThat(old.drained).isTrue();
		assertThat(last().closed).isTrue();
		last().ready();
		assertThat(addrConn.state().state()).isEqualTo(ConnectivityState.IDLE);
	}

	@Test
	void oneAddressInTenIsRenewedAtOnce() {
		List<AddrConn> all = IntStream.range(0, 30).mapToObj((i) -> newAddrConn()).toList();
		all.forEach((addrConn) -> {
			on(addrConn::wanted);
			last().ready();
		});
		all.forEach(this::request);
		assertThat(this.transports).hasSize(33);

		for (int done = 30; done < 60; done++) {
			assertThat(this.transports).hasSize(Math.min(done + 3, 60));
			this.transports.get(done).ready();
		}
		assertThat(this.transports.subList(0, 30)).allMatch((old) -> old.drained);
		assertThat(this.transports.subList(30, 60)).noneMatch((fresh) -> fresh.drained);
	}

	@Test
	void renewalsThatFailOrAreGivenUpMakeRoomForOthers() {
		AddrConn failing = ready();
		AddrConn removed = ready();
		AddrConn last = ready();
		List.of(failing, removed, last).forEach(this::request);
		assertThat(this.transports).hasSize(4);

		last().fail(REFUSED);
		assertThat(this.transports).hasSize(5);
		on(() -> removed.tornDown(Reasons.DRAIN));
		assertThat(this.transports).hasSize(6);
		last().ready();
		assertThat(last.state().transport()).isSameAs(last());
	}

	@Test
	void addressesThatEndTogetherAreNotConnectedOnTheirWayOut() {
		List<AddrConn> all = IntStream.range(0, 5).mapToObj((i) -> ready()).toList();
		all.forEach(this::request);
		assertThat(this.transports).hasSize(6);

		on(() -> all.forEach((addrConn) -> addrConn.tornDown(Reasons.DRAIN)));

		assertThat(this.transports).hasSize(6);
	}

	@Test
	void addressesThatGoIdleTogetherAreNotRenewed() {
		List<AddrConn> all = IntStream.range(0, 5).mapToObj((i) -> ready()).toList();
		all.forEach(this::request);
		on(() -> all.forEach(AddrConn::idle));
		assertThat(this.transports).hasSize(6);

		on(() -> all.forEach(AddrConn::wanted));
		assertThat(this.transports).hasSize(11);
		this.transports.subList(6, 11).forEach(FakeTransport::ready);
		assertThat(this.transports).as("they are new").hasSize(11);
	}

	private AddrConn ready() {
		AddrConn addrConn = newAddrConn();
		on(addrConn::wanted);
		last().ready();
		return addrConn;
	}

	private void request(AddrConn addrConn) {
		on(() -> this.renewals.request(addrConn));
	}

	private void on(Runnable task) {
		this.serial.execute(task);
	}

	private FakeTransport last() {
		return this.transports.get(this.transports.size() - 1);
	}

	private static List<String> events(AddrConn addrConn) {
		return addrConn.snapshot().events().stream().map(ConnectivitySnapshot.Event::what).toList();
	}

	private AddrConn newAddrConn() {
		BackoffConfig backoff = new BackoffConfig(Duration.ofSeconds(1), 1.6, 0, Duration.ofSeconds(120), false);
		AddrConnSettings settings = new AddrConnSettings("test", (address, timeout, listener) -> {
			FakeTransport transport = new FakeTransport(listener, timeout);
			this.transports.add(transport);
			return transport;
		}, this.scheduler, Pacing.of(DialOptions.builder().backoff(backoff).random(new Random(1)).build()),
				new HealthService(Compression.of(DialOptions.builder().build())));
		AddrConn addrConn = new AddrConn(Address.of("10.0.0.1:" + (80 + this.addrConns.size())), this.serial, settings,
				new RenewingOwner());
		this.addrConns.add(addrConn);
		return addrConn;
	}

	private final class RenewingOwner implements AddrConnOwner {

		@Override
		public long listVersion() {
			return 1;
		}

		@Override
		public void stateChanged(AddrConn addrConn, AddrConnState from, AddrConnState to) {
		}

		@Override
		public void connectFinished(AddrConn addrConn, long durationNanos, Status outcome) {
			RenewalTests.this.told.add(outcome.isOk() ? "connected" : "not connected: " + outcome.getDescription());
		}

		@Override
		public void connectionReady(AddrConn addrConn, ClientTransport transport) {
		}

		@Override
		public void connectionEnded(AddrConn addrConn, long lifetimeNanos, DisconnectReason reason) {
			RenewalTests.this.told
				.add("ended after " + Duration.ofNanos(lifetimeNanos).toMillis() + " ms: " + reason.text());
		}

		@Override
		public void goAwayReceived(AddrConn addrConn, Status reason) {
		}

		@Override
		public void addressesSuspect() {
		}

		@Override
		public void renewalDue(AddrConn addrConn) {
			RenewalTests.this.renewals.due(addrConn);
		}

		@Override
		public void renewalEnded(AddrConn addrConn) {
			RenewalTests.this.renewals.ended(addrConn);
		}

		@Override
		public void terminated(AddrConn addrConn) {
		}

	}

}
