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

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.naming.Address;
import dev.clientconn.testing.Certificates;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualBalancer;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import dev.clientconn.transport.TransportCredentials;
import io.grpc.CallOptions;
import io.grpc.netty.GrpcSslContexts;
import io.netty.handler.ssl.SslContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * Scenarios 28 to 39: when the next attempt begins, and how long it may take.
 */
class BackoffScenarioTests {

	/** Nominal delays of spec section 6, in seconds. */
	private static final double[] NOMINAL = { 1, 1.6, 2.56, 4.096, 6.5536, 10.48576, 16.777216, 26.8435456, 42.94967296,
			68.719476736, 109.9511627776, 120, 120, 120, 120, 120 };

	/** A deadline would be one more timer. */
	private static final CallOptions NO_TIMER = CallOptions.DEFAULT.withWaitForReady();

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	private final FakeScheduler scheduler = leaks.watch(new FakeScheduler());

	@Test
	void scenario28backoffDefaults() {
		BackoffConfig defaults = new BackoffConfig(Duration.ofSeconds(1), 1.6, 0.2, Duration.ofSeconds(120), false);
		Duration minute = Duration.ofSeconds(60);

		assertThat(Dials.plain().build().backoff).isEqualTo(defaults);
		assertThat(Dials.plain().backoffMaxDelay(minute).build().backoff).isEqualTo(defaults.withMaxDelay(minute))
			.isEqualTo(Dials.plain().backoff(defaults.withMaxDelay(minute)).build().backoff);
		assertThat(Dials.plain().backoffMaxDelay(Duration.ZERO).build().backoff).isEqualTo(defaults);
		assertThatIllegalArgumentException().isThrownBy(() -> Dials.plain().backoffMaxDelay(Duration.ofSeconds(-1)))
			.withMessageContaining("backoffMaxDelay: PT-1S");
	}

	@Test
	void scenario29backoffFormula() {
		ExponentialBackoff backoff = new ExponentialBackoff(BackoffConfig.DEFAULT, new Random(29));
		for (int k = 0; k < NOMINAL.length; k++) {
			double sum = 0;
			for (int i = 0; i < 1000; i++) {
				double seconds = backoff.delayNanos(k) / 1e9;
				sum += seconds;
				double spread = (k == 0) ? 0 : 0.2 * NOMINAL[k];
				assertThat(seconds).as("delay %s", k).isBetween(NOMINAL[k] - spread - 1e-6, NOMINAL[k] + spread + 1e-6);
			}
			assertThat(sum / 1000).as("mean of delay %s", k).isCloseTo(NOMINAL[k], within(0.02 * NOMINAL[k]));
		}
	}

	@Test
	void scenario30backoffGapsVirtual() {
		ManualDialer dialer = ManualDialer.failing(new IOException("refused"));
		this.dials.dial("static:localhost:1", steady().dialer(dialer));
		List<Double> starts = new ArrayList<>();
		List<Double> timeouts = new ArrayList<>();
		for (int k = 0; k < 8; k++) {
			timeouts.add(dialer.await(k).request().timeout().toMillis() / 1000.0);
			starts.add(this.scheduler.elapsed().toMillis() / 1000.0);
			awaitTimer(1);
			this.scheduler.advanceToNext();
		}

		assertThat(starts).usingElementComparator(close()).containsExactly(0.0, 1.0, 2.6, 5.16, 9.26, 15.8, 26.3, 43.1);
		assertThat(timeouts).usingElementComparator(close())
			.containsExactly(20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 20.0, 26.8);
	}

	@Test
	void scenario31backoffCountsFromAttemptStart() {
		ManualDialer dialer = ManualDialer.hanging();
		this.dials.dial("static:localhost:1", steady().dialer(dialer));
		ManualDialer.Attempt first = dialer.await(0);
		awaitTimer(1);
		this.scheduler.advance(Duration.ofMillis(700));
		first.fail(new IOException("refused"));
		Dials.await().until(() -> this.dials.states.contains(TRANSIENT_FAILURE));
		awaitTimer(1);

		assertThat(this.scheduler.advanceToNext()).isEqualTo(Duration.ofMillis(300));
		ManualDialer.Attempt second = dialer.await(1);
		awaitTimer(1);
		this.scheduler.advance(Duration.ofMillis(1700));
		second.fail(new IOException("refused"));
		Dials.await().untilAsserted(() -> {
			this.scheduler.runDue();
			assertThat(dialer.count()).isEqualTo(3);
		});
		assertThat(this.scheduler.elapsed()).isEqualTo(Duration.ofMillis(2700));
	}

	@Test
	void scenario32backoffGrowsWithoutPreface() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server(Peer::drop)) {
			this.dials.dial(server.address(),
					Dials.plain()
						.scheduler(this.scheduler)
						.backoff(new BackoffConfig(Duration.ofMillis(200), 2, 0, Duration.ofSeconds(120), false))
						.minConnectTimeout(Duration.ofSeconds(1)));
			List<Long> gaps = new ArrayList<>();
			for (int k = 0; k < 4; k++) {
				awaitFailures(k + 1);
				gaps.add(this.scheduler.advanceToNext().toMillis());
			}

			assertThat(gaps).containsExactly(200L, 400L, 800L, 1600L);
		}
	}

	@Test
	void scenario34stormNoSettings() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((peer) -> {
			peer.readPreface();
			peer.drop();
		})) {
			this.dials.dial(server.address(), Dials.plain().scheduler(this.scheduler));
			awaitFailures(1);
			this.scheduler.advance(Duration.ofMillis(999));

			Dials.during().until(() -> server.connections() == 1);
			this.scheduler.advance(Duration.ofMillis(1));
			awaitFailures(2);
			assertThat(server.connections()).isEqualTo(2);
		}
	}

	@Test
	void scenario35stormGoAway() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((peer) -> {
			peer.sendSettings();
			peer.sendGoAway(0, 0, "");
		})) {
			ClientConn conn = this.dials.dial(server.address(), steady());
			// It goes on waiting, or fails once two connections have refused it (row 58).
			Rpc.unary(conn, NO_TIMER);
			awaitFailures(1);
			this.scheduler.advance(Duration.ofMillis(999));

			Dials.during().until(() -> server.connections() == 1);
			this.scheduler.advance(Duration.ofMillis(1));
			awaitFailures(2);
			assertThat(server.connections()).isEqualTo(2);
			this.scheduler.advance(Duration.ofMillis(1599));
			Dials.during().until(() -> server.connections() == 2);
		}
	}

	@Test
	void scenario37handshakeTimeoutIsRetried() throws Exception {
		Certificates certificates = new Certificates();
		SslContext context = GrpcSslContexts.forClient()
			.trustManager(certificates.authority().getCertificate())
			.build();
		AtomicInteger handshakes = new AtomicInteger();
		TransportCredentials credentials = TransportCredentials.tls(() -> {
			if (handshakes.incrementAndGet() == 1) {
				throw new IllegalStateException("the key store did not answer in time");
			}
			return context;
		});
		try (EchoServer server = new EchoServer().tls(certificates.localhost()).start()) {
			ClientConn conn = this.dials.dial(server.address(),
					DialOptions.builder().transportCredentials(credentials).scheduler(this.scheduler));
			Rpc rpc = Rpc.unary(conn, NO_TIMER);
			awaitFailures(1);
			assertThat(rpc.isEnded()).isFalse();
			this.scheduler.advance(Duration.ofSeconds(1));

			assertThat(rpc.await().isOk()).isTrue();
			assertThat(handshakes).hasValue(2);
		}
	}

	@Test
	void scenario38backoffSurvivesListUpdate() {
		ManualDialer dialer = ManualDialer.failing(new IOException("refused"));
		ManualBalancer balancer = new ManualBalancer();
		Address address = Address.of("localhost:1");
		balancer.push(address);
		ClientConn conn = this.dials.dial("localhost:1", steady().dialer(dialer).balancer(balancer.provider()));
		for (int k = 0; k < 3; k++) {
			dialer.await(k);
			awaitTimer(1);
			this.scheduler.advanceToNext();
		}
		dialer.await(3);
		awaitTimer(1);
		balancer.push(address);
		Dials.await().until(() -> conn.snapshot().addressList().version() == 2);
		this.scheduler.advance(Duration.ofMillis(4095));

		Dials.during().until(() -> dialer.count() == 4);
		this.scheduler.advance(Duration.ofMillis(1));
		dialer.await(4);
		assertThat(conn.snapshot().addresses().get(0).attempts()).isGreaterThanOrEqualTo(5);
	}

	@Test
	void scenario39connectTimerReleased() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain().scheduler(this.scheduler));
			for (int cycle = 0; cycle < 200; cycle++) {
				Peer peer = server.accept();
				peer.sendSettings();
				// READY alone may still be said of the connection before.
				Dials.await()
					.untilAsserted(
							() -> assertThat(this.scheduler.pending()).as("timers of a READY connection").isEmpty());
				Dials.awaitState(conn, READY);
				// It lived: the next connection follows at once.
				this.scheduler.advance(Duration.ofSeconds(1));
				peer.drop();
			}

			assertThat(this.scheduler.scheduled()).as("connect timers").isGreaterThanOrEqualTo(200);
			assertThat(this.dials.states).doesNotContain(TRANSIENT_FAILURE).contains(CONNECTING);
		}
	}

	private DialOptions.Builder steady() {
		return Dials.plain()
			.scheduler(this.scheduler)
			.backoff(new BackoffConfig(Duration.ofSeconds(1), 1.6, 0, Duration.ofSeconds(120), false));
	}

	private void awaitFailures(int count) {
		Dials.await()
			.until(() -> this.dials.states.stream().filter((state) -> state == TRANSIENT_FAILURE).count() == count);
		awaitTimer(1);
	}

	/** Only the connect deadline, or only the backoff. */
	private void awaitTimer(int count) {
		Dials.await().until(() -> this.scheduler.pending().size() == count);
	}

	private static java.util.Comparator<Double> close() {
		return (a, b) -> (Math.abs(a - b) <= 0.051) ? 0 : Double.compare(a, b);
	}

}
