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
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

import dev.clientconn.naming.Address;
import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.transport.ClientTransport;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.SHUTDOWN;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every cell of the table in {@link AddrConn}, with virtual time and no socket.
 */
class AddrConnTransitionTests {

	private static final Status REFUSED = Status.UNAVAILABLE.withDescription("connection refused");

	private static final Duration BASE = Duration.ofSeconds(1);

	private final FakeScheduler scheduler = new FakeScheduler();

	private final SerialExecutor serial = new SerialExecutor(Runnable::run);

	private final List<FakeTransport> transports = new ArrayList<>();

	private final List<String> events = new ArrayList<>();

	private final List<DisconnectReason> disconnections = new ArrayList<>();

	private int connections;

	private final AddrConn addrConn = newAddrConn();

	private boolean terminated;

	private long readyNanos;

	@AfterEach
	void noTimerIsLeft() {
		on(() -> this.addrConn.tornDown(Reasons.CLOSING));
		this.transports.forEach(FakeTransport::end);
		assertThat(this.scheduler.pending()).isEmpty();
		assertThat(this.terminated).isTrue();
		assertThat(this.disconnections).as("the end of each READY connection is told once").hasSize(this.connections);
	}

	@ParameterizedTest(name = "{0} + {1} -> {2}")
	@MethodSource
	void cell(ConnectivityState from, Event event, ConnectivityState expected) {
		bringTo(from);
		FakeTransport before = lastTransport();
		this.events.clear();

		event.happen(this);

		assertThat(this.addrConn.state().state()).isEqualTo(expected);
		boolean renewed = event == Event.RENEWED && from == READY;
		boolean kept = event == Event.NOT_SERVING || event == Event.SERVING_AGAIN;
		if (from == expected && !(kept && from == READY)) {
			assertThat(this.events).as("transitions").allMatch("READY->READY"::equals);
		}
		if (kept && before != null && from != SHUTDOWN) {
			assertThat(before.drained || before.closed).as("the connection stays").isFalse();
			assertThat(this.disconnections).isEmpty();
		}
		else if (from == READY && before != null && event != Event.ONE_OF_SEVERAL_LOST) {
			assertThat(before.drained || before.closed || before.ended).as("the old connection ends")
				.isEqualTo(expected != READY || renewed);
			boolean ours = event == Event.IDLE_TIMEOUT || event == Event.REMOVED || event == Event.CLOSED || renewed;
			if (expected == READY && !renewed) {
				assertThat(this.disconnections).isEmpty();
			}
			else {
				assertThat(this.disconnections)
					.containsExactly(ours ? DisconnectReason.SUBCHANNEL_SHUTDOWN : DisconnectReason.SOCKET_ERROR);
			}
		}
	}

	static Stream<Arguments> cell() {
		Map<Event, ConnectivityState[]> rows = Map.ofEntries(
				// IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN
				row(Event.WANTED, CONNECTING, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.CONNECTED, IDLE, READY, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.CONNECT_FAILED, IDLE, TRANSIENT_FAILURE, TRANSIENT_FAILURE, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.BACKOFF_ELAPSED, IDLE, CONNECTING, READY, CONNECTING, SHUTDOWN),
				row(Event.BACKOFF_RESET, IDLE, CONNECTING, READY, CONNECTING, SHUTDOWN),
				row(Event.RESTARTED, IDLE, CONNECTING, READY, CONNECTING, SHUTDOWN),
				row(Event.CLOSED_AFTER_SERVING, IDLE, TRANSIENT_FAILURE, CONNECTING, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.GOING_AWAY, IDLE, TRANSIENT_FAILURE, TRANSIENT_FAILURE, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.GOING_AWAY_AFTER_SERVING, IDLE, TRANSIENT_FAILURE, CONNECTING, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.STALE_CLOSED, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.STALE_READY, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.STALE_GOING_AWAY, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.RENEW, IDLE, CONNECTING, READY, CONNECTING, SHUTDOWN),
				row(Event.RENEWED, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.RENEWAL_FAILED, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.CLOSED_WHILE_RENEWING, IDLE, TRANSIENT_FAILURE, CONNECTING, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.ONE_MORE, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.ONE_MORE_FAILED, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.ONE_OF_SEVERAL_LOST, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.CLOSED_WHILE_ONE_MORE_CONNECTS, IDLE, TRANSIENT_FAILURE, CONNECTING, TRANSIENT_FAILURE,
						SHUTDOWN),
				row(Event.CLOSED_WHILE_ONE_MORE_WAITS, IDLE, TRANSIENT_FAILURE, TRANSIENT_FAILURE, TRANSIENT_FAILURE,
						SHUTDOWN),
				row(Event.NOT_SERVING, IDLE, TRANSIENT_FAILURE, TRANSIENT_FAILURE, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.SERVING_AGAIN, IDLE, READY, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(Event.IDLE_TIMEOUT, IDLE, IDLE, IDLE, IDLE, SHUTDOWN),
				row(Event.REMOVED, SHUTDOWN, SHUTDOWN, SHUTDOWN, SHUTDOWN, SHUTDOWN),
				row(Event.CLOSED, SHUTDOWN, SHUTDOWN, SHUTDOWN, SHUTDOWN, SHUTDOWN));
		ConnectivityState[] columns = { IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN };
		return Stream.of(Event.values())
			.flatMap((event) -> java.util.stream.IntStream.range(0, columns.length)
				.mapToObj((i) -> Arguments.of(columns[i], event, rows.get(event)[i])));
	}

	@Test
	void delaysSeparateTheStartsOfAttempts() {
		on(this.addrConn::wanted);
		this.scheduler.advance(Duration.ofMillis(700));
		lastTransport().fail(REFUSED);

		this.scheduler.advance(Duration.ofMillis(299));
		assertThat(this.transports).hasSize(1);
		this.scheduler.advance(Duration.ofMillis(1));
		assertThat(this.transports).hasSize(2);
	}

	@Test
	void attemptLongerThanItsDelayIsFollowedAtOnce() {
		on(this.addrConn::wanted);
		this.scheduler.advance(Duration.ofMillis(1500));
		lastTransport().fail(REFUSED);

		this.scheduler.advance(Duration.ZERO);
		assertThat(this.transports).hasSize(2);
	}

	@Test
	void scenario30backoffGapsVirtual() {
		List<Long> starts = new ArrayList<>();
		List<Long> timeouts = new ArrayList<>();
		long begin = this.scheduler.nanoTime();
		on(this.addrConn::wanted);
		for (int k = 0; k < 8; k++) {
			starts.add(Math.round((this.scheduler.nanoTime() - begin) / 1e7));
			timeouts.add(lastTransport().timeout.toMillis());
			int attempts = this.transports.size();
			lastTransport().fail(REFUSED);
			while (this.transports.size() == attempts) {
				this.scheduler.advance(Duration.ofMillis(1));
			}
		}

		assertThat(starts).as("hundredths of seconds").containsExactly(0L, 100L, 260L, 516L, 926L, 1581L, 2630L, 4307L);
		assertThat(timeouts.subList(0, 7)).containsOnly(20_000L);
		assertThat(timeouts.get(7)).isBetween(26_800L, 26_900L);
	}

	@Test
	void failureIsStickyWhileTheNextAttemptRuns() {
		bringTo(TRANSIENT_FAILURE);
		this.scheduler.advance(BASE);

		assertThat(this.addrConn.state().state()).isEqualTo(CONNECTING);
		assertThat(this.addrConn.state().effective()).isEqualTo(TRANSIENT_FAILURE);
		assertThat(this.addrConn.state().reason()).isEqualTo(REFUSED);
	}

	@Test
	void connectionThatServedResetsTheBackoff() {
		bringTo(TRANSIENT_FAILURE);
		this.scheduler.advance(BASE);
		lastTransport().ready();
		served();
		lastTransport().fail(REFUSED);
		assertThat(this.addrConn.state().effective()).isEqualTo(CONNECTING);

		lastTransport().fail(REFUSED);
		this.scheduler.advance(BASE);
		assertThat(this.transports).hasSize(4);
	}

	@Test
	void connectionLostAtOnceCountsAsFailedAttempt() {
		on(this.addrConn::wanted);
		for (int k = 0; k < 5; k++) {
			lastTransport().ready();
			lastTransport().fail(REFUSED);
			assertThat(this.addrConn.state().state()).isEqualTo(TRANSIENT_FAILURE);
			int attempts = this.transports.size();
			while (this.transports.size() == attempts) {
				this.scheduler.advance(Duration.ofMillis(10));
			}
		}
		// 1 + 1.6 + 2.56 + 4.1 + 6.6 s
		assertThat(Duration.ofNanos(this.scheduler.nanoTime())).isGreaterThan(Duration.ofSeconds(15));
	}

	@Test
	void removedAddressWithCallsEndsItsConnectionAfterTheDrainTimeout() {
		bringTo(READY);
		on(() -> this.addrConn.tornDown(Reasons.DRAIN));
		FakeTransport transport = lastTransport();
		assertThat(transport.drained).isTrue();
		assertThat(transport.closed).isFalse();
		assertThat(this.terminated).isFalse();

		this.scheduler.advance(Duration.ofMinutes(5));
		assertThat(transport.closed).isTrue();
	}

	@Test
	void closeEndsWhatWasAlreadyDraining() {
		bringTo(READY);
		FakeTransport transport = lastTransport();
		transport.goAway();
		on(() -> this.addrConn.tornDown(Reasons.CLOSING));

		assertThat(transport.closed).isTrue();
	}

	@Test
	void eventsTellTheCause() {
		bringTo(TRANSIENT_FAILURE);

		assertThat(this.addrConn.snapshot().events()).extracting(ConnectivitySnapshot.Event::what)
			.containsExactly("CONNECTING", "TRANSIENT_FAILURE: connection refused");
		assertThat(this.addrConn.snapshot().cause()).isEqualTo("connection refused");
		assertThat(this.addrConn.snapshot().nextAttempt()).isNotNull();
	}

	private void bringTo(ConnectivityState state) {
		if (state == IDLE) {
			return;
		}
		on(this.addrConn::wanted);
		lastTransport().disconnectReason = DisconnectReason.SOCKET_ERROR;
		switch (state) {
			case READY -> lastTransport().ready();
			case TRANSIENT_FAILURE -> lastTransport().fail(REFUSED);
			case SHUTDOWN -> {
				lastTransport().ready();
				on(() -> this.addrConn.tornDown(Reasons.DRAIN));
			}
			case IDLE, CONNECTING -> {
			}
		}
	}

	private void on(Runnable task) {
		this.serial.execute(task);
	}

	private FakeTransport lastTransport() {
		return this.transports.isEmpty() ? new FakeTransport(this.addrConn.transportEvents(), Duration.ZERO)
				: this.transports.get(this.transports.size() - 1);
	}

	/** A call has ended well on the connection, if there is one. */
	private void served() {
		Connection connection = this.addrConn.state().connection();
		if (connection != null) {
			connection.served();
		}
	}

	/** The second connection of a READY address; a stale one in all other states. */
	private FakeTransport renewing() {
		if (this.addrConn.state().state() != READY) {
			return new FakeTransport(this.addrConn.transportEvents(), Duration.ZERO);
		}
		on(this.addrConn::outOfDate);
		on(this.addrConn::renew);
		return lastTransport();
	}

	/** Another connection of a READY address; a stale one in all other states. */
	private FakeTransport oneMore() {
		FakeTransport first = lastTransport();
		if (this.addrConn.state().state() != READY) {
			return new FakeTransport(this.addrConn.transportEvents(), Duration.ZERO);
		}
		first.limit(0);
		assertThat(lastTransport()).isNotSameAs(first);
		return lastTransport();
	}

	private AddrConn newAddrConn() {
		BackoffConfig backoff = new BackoffConfig(BASE, 1.6, 0, Duration.ofSeconds(120), false);
		AddrConnSettings settings = new AddrConnSettings("test", (address, timeout, listener) -> {
			FakeTransport transport = new FakeTransport(listener, timeout);
			this.transports.add(transport);
			return transport;
		}, this.scheduler, Pacing
			.of(DialOptions.builder().backoff(backoff).random(new Random(1)).maxConnectionsPerAddress(2).build()),
				new HealthService(Compression.of(DialOptions.builder().build())));
		return new AddrConn(Address.of("10.0.0.1:80"), this.serial, settings, new RecordingOwner());
	}

	private static Map.Entry<Event, ConnectivityState[]> row(Event event, ConnectivityState... states) {
		return Map.entry(event, states);
	}

	enum Event {

		WANTED {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.on(test.addrConn::wanted);
			}
		},

		CONNECTED {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.lastTransport().ready();
			}
		},

		CONNECT_FAILED {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.lastTransport().fail(REFUSED);
			}
		},

		BACKOFF_ELAPSED {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.scheduler.advance(BASE);
			}
		},

		BACKOFF_RESET {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.on(test.addrConn::backoffReset);
			}
		},

		RESTARTED {
			@Override
			void happen(AddrConnTransitionTests test) {
				Address address = test.addrConn.address();
				test.on(() -> test.addrConn.listed(address.withMetadata(Map.of(Address.INSTANCE_ID, "1"))));
				test.on(() -> test.addrConn.listed(address.withMetadata(Map.of(Address.INSTANCE_ID, "2"))));
			}
		},

		CLOSED_AFTER_SERVING {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.served();
				test.lastTransport().fail(REFUSED);
			}
		},

		GOING_AWAY {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.lastTransport().goAway();
			}
		},

		GOING_AWAY_AFTER_SERVING {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.served();
				test.lastTransport().goAway();
			}
		},

		STALE_CLOSED {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.addrConn.transportEvents()
					.transportClosed(new FakeTransport(test.addrConn.transportEvents(), Duration.ZERO), REFUSED);
			}
		},

		STALE_READY {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.addrConn.transportEvents()
					.transportReady(new FakeTransport(test.addrConn.transportEvents(), Duration.ZERO));
			}
		},

		STALE_GOING_AWAY {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.addrConn.transportEvents()
					.transportGoingAway(new FakeTransport(test.addrConn.transportEvents(), Duration.ZERO), REFUSED);
			}
		},

		RENEW {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.on(test.addrConn::outOfDate);
				test.on(test.addrConn::renew);
			}
		},

		RENEWED {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.renewing().ready();
			}
		},

		RENEWAL_FAILED {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.renewing().fail(REFUSED);
			}
		},

		CLOSED_WHILE_RENEWING {
			@Override
			void happen(AddrConnTransitionTests test) {
				FakeTransport current = test.lastTransport();
				test.renewing();
				current.fail(REFUSED);
			}
		},

		ONE_MORE {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.oneMore().ready();
			}
		},

		ONE_MORE_FAILED {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.oneMore().fail(REFUSED);
			}
		},

		ONE_OF_SEVERAL_LOST {
			@Override
			void happen(AddrConnTransitionTests test) {
				FakeTransport second = test.oneMore();
				second.disconnectReason = DisconnectReason.SOCKET_ERROR;
				second.ready();
				second.fail(REFUSED);
			}
		},

		CLOSED_WHILE_ONE_MORE_CONNECTS {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.served();
				FakeTransport first = test.lastTransport();
				test.oneMore();
				first.fail(REFUSED);
			}
		},

		CLOSED_WHILE_ONE_MORE_WAITS {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.served();
				FakeTransport first = test.lastTransport();
				test.oneMore().fail(REFUSED);
				first.fail(REFUSED);
			}
		},

		NOT_SERVING {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.on(() -> test.addrConn.notServing(test.lastTransport(), REFUSED));
			}
		},

		SERVING_AGAIN {
			@Override
			void happen(AddrConnTransitionTests test) {
				NOT_SERVING.happen(test);
				test.on(() -> test.addrConn.connected(test.lastTransport()));
			}
		},

		IDLE_TIMEOUT {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.on(test.addrConn::idle);
			}
		},

		REMOVED {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.on(() -> test.addrConn.tornDown(Reasons.DRAIN));
			}
		},

		CLOSED {
			@Override
			void happen(AddrConnTransitionTests test) {
				test.on(() -> test.addrConn.tornDown(Reasons.CLOSING));
			}
		};

		abstract void happen(AddrConnTransitionTests test);

	}

	private final class RecordingOwner implements AddrConnOwner {

		@Override
		public long listVersion() {
			return 1;
		}

		@Override
		public void stateChanged(AddrConn addrConn, AddrConnState from, AddrConnState to) {
			AddrConnTransitionTests.this.events.add(from.state() + "->" + to.state());
		}

		@Override
		public void connectFinished(AddrConn addrConn, long durationNanos, Status outcome) {
			AddrConnTransitionTests.this.connections += outcome.isOk() ? 1 : 0;
		}

		@Override
		public void connectionReady(AddrConn addrConn, ClientTransport transport) {
			AddrConnTransitionTests.this.readyNanos = AddrConnTransitionTests.this.scheduler.nanoTime();
		}

		@Override
		public void connectionEnded(AddrConn addrConn, long lifetimeNanos, DisconnectReason reason) {
			assertThat(lifetimeNanos)
				.isEqualTo(AddrConnTransitionTests.this.scheduler.nanoTime() - AddrConnTransitionTests.this.readyNanos);
			AddrConnTransitionTests.this.disconnections.add(reason);
		}

		@Override
		public void goAwayReceived(AddrConn addrConn, Status reason) {
		}

		@Override
		public void addressesSuspect() {
		}

		@Override
		public void renewalDue(AddrConn addrConn) {
			addrConn.renew();
		}

		@Override
		public void renewalEnded(AddrConn addrConn) {
		}

		@Override
		public void terminated(AddrConn addrConn) {
			AddrConnTransitionTests.this.terminated = true;
		}

	}

}
