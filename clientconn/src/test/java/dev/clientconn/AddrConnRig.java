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
import java.util.function.UnaryOperator;

import dev.clientconn.naming.Address;
import dev.clientconn.serviceconfig.ServiceConfig;
import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.transport.ClientTransport;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One {@link AddrConn} with virtual time and no socket, and what its owner has heard.
 * After a test it has ended, and no timer is left.
 */
final class AddrConnRig implements AfterEachCallback {

	static final Status REFUSED = Status.UNAVAILABLE.withDescription("connection refused");

	/** The first backoff. */
	static final Duration BASE = Duration.ofSeconds(1);

	final FakeScheduler scheduler = new FakeScheduler();

	/** All that were made, in order. */
	final List<FakeTransport> transports = new ArrayList<>();

	/** Changes of state, such as {@code IDLE->CONNECTING}. */
	final List<String> transitions = new ArrayList<>();

	/** What became of connections: {@code ready} and {@code ended}. */
	final List<String> told = new ArrayList<>();

	final List<DisconnectReason> disconnections = new ArrayList<>();

	final Pacing pacing;

	final AddrConn addrConn;

	final Renewals renewals;

	/** Whether the owner has been told of the end. */
	boolean terminated;

	private final SerialExecutor serial = new SerialExecutor(Runnable::run);

	private final int maxPerAddress;

	/** When the connections that are there became READY. */
	private final List<Long> readyNanos = new ArrayList<>();

	private int connections;

	AddrConnRig(int maxPerAddress) {
		this.maxPerAddress = maxPerAddress;
		this.pacing = Pacing.of(options(UnaryOperator.identity()));
		this.renewals = new Renewals(this.serial, () -> 1);
		AddrConnSettings settings = new AddrConnSettings("test", (address, timeout, listener) -> {
			FakeTransport transport = new FakeTransport(listener, timeout);
			this.transports.add(transport);
			return transport;
		}, this.scheduler, this.pacing, new HealthService(Compression.of(DialOptions.builder().build())));
		this.addrConn = new AddrConn(Address.of("10.0.0.1:80"), this.serial, settings, new Owner());
	}

	@Override
	public void afterEach(ExtensionContext context) {
		on(() -> this.addrConn.tornDown(Reasons.CLOSING));
		this.transports.forEach(FakeTransport::end);
		assertThat(this.scheduler.pending()).isEmpty();
		assertThat(this.addrConn.isTerminated()).isTrue();
		assertThat(this.terminated).isTrue();
		assertThat(this.disconnections).as("the end of each READY connection is told once").hasSize(this.connections);
	}

	/** In the serial context. */
	void on(Runnable task) {
		this.serial.execute(task);
	}

	void bringTo(ConnectivityState state) {
		if (state == ConnectivityState.IDLE) {
			return;
		}
		on(this.addrConn::wanted);
		last().disconnectReason = DisconnectReason.SOCKET_ERROR;
		switch (state) {
			case READY -> last().ready();
			case TRANSIENT_FAILURE -> last().fail(REFUSED);
			case SHUTDOWN -> {
				last().ready();
				on(() -> this.addrConn.tornDown(Reasons.DRAIN));
			}
			case IDLE, CONNECTING -> {
			}
		}
	}

	/** READY, with room for so many streams. */
	void ready(long limit) {
		on(this.addrConn::wanted);
		last().limit(limit);
		last().ready();
	}

	/** The attempt that runs succeeds. */
	Connection another(long limit) {
		last().limit(limit);
		last().ready();
		List<Connection> all = slots().connections();
		return all.get(all.size() - 1);
	}

	/** Returns the transport that was made last, or else one that nobody asked for. */
	FakeTransport last() {
		return this.transports.isEmpty() ? new FakeTransport(this.addrConn.transportEvents(), Duration.ZERO)
				: this.transports.get(this.transports.size() - 1);
	}

	/** A call has ended well on the connection, if there is one. */
	void served() {
		Connection connection = this.addrConn.state().connection();
		if (connection != null) {
			connection.served();
		}
	}

	List<Connection> acquire(int count) {
		List<Connection> taken = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			Connection free = slots().acquire();
			assertThat(free).as("stream %s of %s", i, count).isNotNull();
			taken.add(free);
		}
		return taken;
	}

	StreamSlots slots() {
		return this.addrConn.state().slots();
	}

	int connections() {
		return this.addrConn.snapshot().connections().size();
	}

	List<String> events() {
		return this.addrConn.snapshot().events().stream().map(ConnectivitySnapshot.Event::what).toList();
	}

	void change(UnaryOperator<ConnectionsConfig> change) {
		change(change, null);
	}

	void change(UnaryOperator<ConnectionsConfig> change, Integer ofServiceConfig) {
		ServiceConfig config = (ofServiceConfig != null)
				? ServiceConfig
					.fromMap(Map.of("connectionScaling", Map.of("maxConnectionsPerSubchannel", ofServiceConfig)))
				: ServiceConfig.empty();
		on(() -> {
			this.pacing.change(options(change), config);
			this.addrConn.pacingChanged();
		});
	}

	private DialOptions options(UnaryOperator<ConnectionsConfig> change) {
		return DialOptions.builder()
			.backoff(new BackoffConfig(BASE, 1.6, 0, Duration.ofSeconds(120), false))
			.random(new Random(1))
			.connections(change.apply(ConnectionsConfig.DEFAULT.withMaxPerAddress(this.maxPerAddress)))
			.build();
	}

	private final class Owner implements AddrConnOwner {

		@Override
		public long listVersion() {
			return 1;
		}

		@Override
		public void stateChanged(AddrConn addrConn, AddrConnState from, AddrConnState to) {
			AddrConnRig.this.transitions.add(from.state() + "->" + to.state());
		}

		@Override
		public void connectFinished(AddrConn addrConn, long durationNanos, Status outcome) {
			AddrConnRig.this.connections += outcome.isOk() ? 1 : 0;
		}

		@Override
		public void connectionReady(AddrConn addrConn, ClientTransport transport) {
			AddrConnRig.this.told.add("ready");
			AddrConnRig.this.readyNanos.add(AddrConnRig.this.scheduler.nanoTime());
		}

		@Override
		public void connectionEnded(AddrConn addrConn, long lifetimeNanos, DisconnectReason reason) {
			AddrConnRig.this.told.add("ended");
			Long readyNanos = AddrConnRig.this.scheduler.nanoTime() - lifetimeNanos;
			assertThat(AddrConnRig.this.readyNanos.remove(readyNanos)).as("lifetime %s", lifetimeNanos).isTrue();
			AddrConnRig.this.disconnections.add(reason);
		}

		@Override
		public void goAwayReceived(AddrConn addrConn, Status reason) {
		}

		@Override
		public void addressesSuspect() {
		}

		@Override
		public void renewalDue(AddrConn addrConn) {
			AddrConnRig.this.renewals.due(addrConn);
		}

		@Override
		public void renewalEnded(AddrConn addrConn) {
			AddrConnRig.this.renewals.ended(addrConn);
		}

		@Override
		public void terminated(AddrConn addrConn) {
			AddrConnRig.this.terminated = true;
		}

	}

}
