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
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;

import dev.clientconn.naming.Address;
import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualResolver;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * What a ClientConn does without calls, and that the first call after that is not lost.
 */
class IdleScenarioTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final Duration STEP = TIMEOUT.dividedBy(10);

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	private final FakeScheduler scheduler = leaks.watch(new FakeScheduler());

	private final ManualResolver resolver = new ManualResolver();

	@ParameterizedTest
	@ValueSource(strings = { "round_robin", "pick_first" })
	void lettingGoAndWakingTakesTurns(String policy) {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = dial(options().balancer(policy), server);
			for (int round = 1; round <= 3; round++) {
				assertThat(Rpc.unary(conn, Rpc.FF).await()).isEqualTo(Status.OK);
				assertThat(server.connections()).isEqualTo(round);

				passWithoutCalls(conn);
				Dials.await().until(() -> server.openConnections() == 0);
				assertThat(this.resolver.resolutions().get(0).isIdle()).isTrue();
			}
			assertThat(Rpc.unary(conn, Rpc.FF).await()).isEqualTo(Status.OK);
			assertThat(this.resolver.resolutions().get(0).isIdle()).isFalse();
		}
	}

	@Test
	void anOpenStreamIsACall() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = dial(options(), server);
			Rpc stream = Rpc.bidi(conn, Rpc.WFR);
			Dials.await().until(() -> server.requests() == 1);
			for (int look = 0; look < 30; look++) {
				look();
			}
			assertThat(conn.getState(false)).isEqualTo(ConnectivityState.READY);

			stream.call().cancel("enough", null);
			stream.await();
			passWithoutCalls(conn);
		}
	}

	@Test
	void aCallThatWaitsIsACall() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial("manual:///x", options());
			Rpc waiting = Rpc.unary(conn, Rpc.WFR);
			Dials.await().until(() -> conn.getState(false) == ConnectivityState.CONNECTING);
			for (int look = 0; look < 30; look++) {
				look();
			}
			this.resolver.push(server.address());

			assertThat(waiting.await()).isEqualTo(Status.OK);
		}
	}

	@Test
	void withoutAListTheFirstCallWakesTooAndWaitsForIt() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial("manual:///x", options());
			Dials.awaitState(conn, ConnectivityState.CONNECTING);
			passWithoutCalls(conn);

			Rpc call = Rpc.unary(conn, Rpc.FF);
			Dials.awaitState(conn, ConnectivityState.CONNECTING);
			this.resolver.push(server.address());
			assertThat(call.await()).isEqualTo(Status.OK);
		}
	}

	@Test
	void listsAreTakenOverMeanwhileAndNothingConnects() {
		try (EchoServer first = EchoServer.started(); EchoServer second = EchoServer.started()) {
			ClientConn conn = dial(options(), first);
			Dials.awaitState(conn, ConnectivityState.READY);
			passWithoutCalls(conn);

			this.resolver.push(second.address());
			Dials.await().until(() -> conn.snapshot().addressList().version() == 2);
			Dials.during().until(() -> conn.getState(false) == ConnectivityState.IDLE && second.connections() == 0);

			assertThat(Rpc.unary(conn, Rpc.FF).await()).isEqualTo(Status.OK);
			assertThat(second.requests()).isOne();
			assertThat(first.connections()).isOne();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "round_robin", "pick_first" })
	void anOutdatedListFailsNoCallBeforeTheNextOne(String policy) {
		this.resolver.outdatedWhenIdle();
		try (EchoServer gone = EchoServer.started(); EchoServer server = EchoServer.started()) {
			ClientConn conn = dial(options().balancer(policy), gone);
			Dials.awaitState(conn, ConnectivityState.READY);
			passWithoutCalls(conn);
			gone.kill();

			Rpc call = Rpc.unary(conn, Rpc.FF);
			Dials.await()
				.until(() -> conn.snapshot().addresses().get(0).state() == ConnectivityState.TRANSIENT_FAILURE);
			assertThat(conn.getState(false)).isEqualTo(ConnectivityState.CONNECTING);
			assertThat(call.isEnded()).isFalse();
			this.resolver.push(server.address());

			assertThat(call.await()).isEqualTo(Status.OK);
		}
	}

	@Test
	void anErrorInPlaceOfTheNextListLetsCallsFail() {
		this.resolver.outdatedWhenIdle();
		try (EchoServer gone = EchoServer.started()) {
			ClientConn conn = dial(options(), gone);
			Dials.awaitState(conn, ConnectivityState.READY);
			passWithoutCalls(conn);
			gone.kill();
			Rpc call = Rpc.unary(conn, Rpc.FF);
			Dials.awaitState(conn, ConnectivityState.CONNECTING);

			this.resolver.fail(Status.UNAVAILABLE.withDescription("no name service"));
			assertThat(call.awaitCode()).isEqualTo(Status.Code.UNAVAILABLE);
		}
	}

	@Test
	void theTimeoutIsChangedInPlace() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = dial(options().idleTimeout(Duration.ZERO), server);
			Dials.awaitState(conn, ConnectivityState.READY);
			assertThat(this.scheduler.pending()).isEmpty();

			this.dials.update(conn, "manual:///x", options());
			Dials.await().until(() -> !this.scheduler.pending().isEmpty());
			passWithoutCalls(conn);
			assertThat(server.connections()).isOne();
		}
	}

	@Test
	void anOperatorWakesAllWithOne() {
		try (EchoServer first = EchoServer.started(); EchoServer second = EchoServer.started()) {
			ClientConn conn = dial(options(), first, second);
			Dials.await().until(() -> first.connections() + second.connections() == 2);
			conn.enterIdle();
			Dials.awaitState(conn, ConnectivityState.IDLE);

			conn.operations().connect(second.address().addr());
			Dials.await().until(() -> first.connections() + second.connections() == 4);
		}
	}

	@Test
	void anotherBalancerThatTakesOverMeanwhileWaitsForACallToo() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = dial(options().balancer("pick_first"), server);
			Dials.awaitState(conn, ConnectivityState.READY);
			passWithoutCalls(conn);

			this.dials.update(conn, "manual:///x", options().balancer("round_robin"));
			Dials.await().until(() -> conn.snapshot().balancer().equals("round_robin"));
			Dials.during().until(() -> conn.getState(false) == ConnectivityState.IDLE && server.connections() == 1);
			assertThat(Rpc.unary(conn, Rpc.FF).await()).isEqualTo(Status.OK);
		}
	}

	/**
	 * A call from another thread at each step of the way, and that it sees no failure.
	 */
	@ParameterizedTest
	@EnumSource
	void aCallThatStartsWhileConnectionsAreLetGoIsNotLost(Moment moment) {
		Interruption interruption = new Interruption(moment);
		try (EchoServer first = EchoServer.started(); EchoServer second = EchoServer.started()) {
			ClientConn conn = dial(options().statsHandler(interruption), first, second);
			for (int round = 0; round < 50; round++) {
				Dials.await().until(() -> {
					conn.getState(true);
					return conn.snapshot().addresses().size() == 2
							&& conn.snapshot().addresses().stream().allMatch((address) -> address.transport() != null);
				});
				List<Rpc> calls = new ArrayList<>();
				interruption.next = () -> calls.add(Rpc.unary(conn, Rpc.FF));
				conn.enterIdle();
				Dials.await().until(() -> interruption.next == null);

				assertThat(calls).singleElement().satisfies((call) -> assertThat(call.await()).isEqualTo(Status.OK));
			}
		}
	}

	@Test
	void callsThatStartAtTheSameTimeAreNotLost() throws Exception {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = dial(options(), server);
			CyclicBarrier barrier = new CyclicBarrier(2);
			Thread idling = new Thread(() -> {
				for (int round = 0; round < 300; round++) {
					await(barrier);
					conn.enterIdle();
				}
			}, "idling");
			idling.start();
			for (int round = 0; round < 300; round++) {
				await(barrier);
				assertThat(Rpc.unary(conn, Rpc.FF).await()).as("round %d", round).isEqualTo(Status.OK);
			}
			idling.join();
		}
	}

	@Test
	void lessThanASecondIsRefused() {
		assertThatIllegalArgumentException().isThrownBy(() -> DialOptions.builder().idleTimeout(Duration.ofMillis(999)))
			.withMessage("idleTimeout: PT0.999S (expected: at least PT1S, or zero for never)");
		assertThatIllegalArgumentException().isThrownBy(() -> DialOptions.builder().idleTimeout(Duration.ofSeconds(-1)))
			.withMessageContaining("expected: not negative");
	}

	private DialOptions.Builder options() {
		return Dials.plain().scheduler(this.scheduler).resolver(this.resolver).idleTimeout(TIMEOUT);
	}

	private ClientConn dial(DialOptions.Builder options, EchoServer... servers) {
		ClientConn conn = this.dials.dial("manual:///x", options);
		this.resolver.push(List.of(servers).stream().map(EchoServer::address).toList());
		return conn;
	}

	/** Ten quiet looks, and one that noticed the last call. */
	private void passWithoutCalls(ClientConn conn) {
		for (int look = 0; look < 11 && conn.getState(false) != ConnectivityState.IDLE; look++) {
			look();
		}
		Dials.awaitState(conn, ConnectivityState.IDLE);
	}

	/** A look ends in the serial context, with another timer or without. */
	private void look() {
		long scheduled = this.scheduler.scheduled();
		this.scheduler.advance(STEP);
		Dials.await()
			.until(() -> this.scheduler.scheduled() > scheduled || this.resolver.resolutions().get(0).isIdle());
	}

	private static void await(CyclicBarrier barrier) {
		try {
			barrier.await(20, TimeUnit.SECONDS);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	enum Moment {

		/** The first address is IDLE for calls, the balancer still picks it. */
		CONNECTION_ENDED,

		/** Half of the addresses have gone. */
		STATE_CHANGED,

	}

	private static final class Interruption implements StatsHandler {

		private final Moment moment;

		private volatile Runnable next;

		Interruption(Moment moment) {
			this.moment = moment;
		}

		@Override
		public void connectionEnded(String target, Address address, long lifetimeNanos, DisconnectReason reason) {
			interrupt(Moment.CONNECTION_ENDED);
		}

		@Override
		public void stateChanged(String target, Address address, ConnectivityState from, ConnectivityState to,
				Status cause) {
			if (to == ConnectivityState.IDLE) {
				interrupt(Moment.STATE_CHANGED);
			}
		}

		/** Waits until another thread has started the call. */
		private void interrupt(Moment now) {
			Runnable call = this.next;
			if (now == this.moment && call != null) {
				Thread caller = new Thread(call, "caller");
				caller.start();
				try {
					caller.join();
				}
				catch (InterruptedException ex) {
					throw new IllegalStateException(ex);
				}
				this.next = null;
			}
		}

	}

}
