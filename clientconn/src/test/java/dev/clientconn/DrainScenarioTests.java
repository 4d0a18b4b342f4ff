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
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.clientconn.naming.Address;
import dev.clientconn.testing.AutoReply;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualBalancer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Server;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Graceful and less graceful ends of connections with calls on them: rows of section F of
 * the scenarios.
 */
class DrainScenarioTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@Test
	void scenario62goAwayPendingStream() throws Exception {
		EchoServer server = this.scenario.echo();
		ClientConn conn = this.scenario.dial(server);
		EchoStream stream = new EchoStream(conn);
		stream.exchange("before");
		Server ending = server.beginStop();
		awaitNotReady(conn);

		// A second stop while the first goes on changes nothing.
		ending.shutdown();
		stream.exchange("after");
		assertThat(ending.isTerminated()).as("stopped before the stream ended").isFalse();
		stream.complete();
		assertThat(stream.awaitEnd()).isEqualTo(Status.OK);
		assertThat(ending.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void scenario63closeAndGoAwayRace() throws Exception {
		for (int round = 0; round < 40; round++) {
			EchoServer server = this.scenario.echo();
			ClientConn conn = this.scenario.dial(server);
			if (round % 2 == 0) {
				Scenario.ask(conn, CallOptions.DEFAULT);
			}
			CountDownLatch together = new CountDownLatch(1);
			Thread stop = new Thread(() -> {
				awaitLatch(together);
				server.stop();
			});
			stop.start();
			together.countDown();
			conn.close();
			assertThat(conn.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
			stop.join();
		}
	}

	@Test
	void scenario64stopAfterGoAway() {
		EchoServer server = this.scenario.echo();
		ClientConn conn = this.scenario.dial(server);
		EchoStream stream = new EchoStream(conn);
		stream.exchange("before");
		Server ending = server.beginStop();
		awaitNotReady(conn);
		ending.shutdownNow();

		// Sending goes on until the end is known: it must not throw.
		Scenario.soon().until(() -> {
			stream.send("more");
			return stream.isEnded();
		});
		assertThat(stream.awaitEnd().getCode()).isIn(Status.Code.UNAVAILABLE, Status.Code.CANCELLED);
	}

	@Test
	void scenario65closeAfterGoAwayActiveStream() throws Exception {
		EchoServer server = this.scenario.echo();
		ClientConn conn = this.scenario.dial(server);
		EchoStream stream = new EchoStream(conn);
		stream.exchange("before");
		Server ending = server.beginStop();
		awaitNotReady(conn);

		conn.shutdownNow();
		Status status = stream.awaitEnd();
		assertThat(status.getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(status.getDescription()).isEqualTo("the client connection is closing");
		assertThat(ending.awaitTermination(20, TimeUnit.SECONDS)).as("no stream is left on the server").isTrue();
		Scenario.soon().until(() -> server.openConnections() == 0);
		assertThat(Scenario.tryAsk(conn, CallOptions.DEFAULT).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	@Test
	void scenario66gracefulUnderMaxAge() {
		EchoServer server = this.scenario.with(new EchoServer().goAwayAfter(Duration.ofMillis(100)).start());
		ClientConn conn = this.scenario.dial(server);
		long end = System.nanoTime() + Duration.ofSeconds(1).toNanos();
		List<Status> failures = new ArrayList<>();
		while (System.nanoTime() < end || server.connections() < 3) {
			Status status = Scenario.tryAsk(conn, CallOptions.DEFAULT);
			if (!status.isOk()) {
				failures.add(status);
			}
		}
		assertThat(failures).isEmpty();
		assertThat(server.connections()).as("connections").isGreaterThan(2);
	}

	/** GOAWAY names the true last stream while 16 callers go on: nobody notices. */
	@ParameterizedTest
	@CsvSource({ "false, pick_first", "true, pick_first", "false, round_robin", "true, round_robin" })
	void scenario67goAwayRaceAllModes(boolean waitForReady, String policy) throws Exception {
		ScriptedHttp2Server server = this.scenario.scripted((peer) -> {
			peer.handshake();
			int[] answered = { 0 };
			peer.autoReply((streamId, headers, message) -> {
				answered[0]++;
				return (answered[0] > 50) ? AutoReply.Reply.none() : AutoReply.Reply.with((to, id) -> {
					to.sendResponse(id, message);
					if (answered[0] == 50) {
						to.sendGoAway(id, 0, "");
					}
				});
			});
		});
		ClientConn conn = this.scenario.dial(server, Scenario.options().balancer(policy).waitForReady(waitForReady));
		long end = System.nanoTime() + Duration.ofMillis(700).toNanos();
		ConcurrentLinkedQueue<Status> failures = new ConcurrentLinkedQueue<>();
		List<Thread> callers = new ArrayList<>();
		for (int i = 0; i < 16; i++) {
			Thread caller = new Thread(() -> {
				while (System.nanoTime() < end || server.connections() < 4) {
					Status status = CallRecorder.unary(conn, "x").awaitStatus();
					if (!status.isOk()) {
						failures.add(status);
					}
				}
			});
			callers.add(caller);
			caller.start();
		}
		for (Thread caller : callers) {
			caller.join();
		}
		assertThat(failures).isEmpty();
		assertThat(server.connections()).isGreaterThan(3);
	}

	@Test
	void scenario74removalBeatsGoAway() {
		for (int round = 0; round < 100; round++) {
			EchoServer a = this.scenario.echo();
			Address other = Address.of("127.0.0.1:1");
			ManualBalancer balancer = new ManualBalancer().notConnectingAll();
			ClientConn conn = this.scenario.dial("static:127.0.0.1:1",
					Scenario.options().balancer(balancer.provider()));
			balancer.push(a.address(), other);
			balancer.config().control().connect(a.address());
			// After a call a GOAWAY is followed by the next attempt at once.
			assertThat(Scenario.tryAsk(conn, Scenario.WAIT)).isEqualTo(Status.OK);
			a.goAway();
			for (int spin = 0; spin < round * 80; spin++) {
				Thread.onSpinWait();
			}
			balancer.push(other);

			Scenario.soon().until(() -> conn.snapshot().addressList().version() == 2);
			assertThat(conn.snapshot().addresses()).extracting(ConnectivitySnapshot.AddressState::address)
				.containsExactly("127.0.0.1:1");
			Scenario.soon().until(() -> a.openConnections() == 0);
			conn.shutdownNow();
			a.close();
		}
	}

	@Test
	void removedAddressFinishesItsCalls() {
		EchoServer a = this.scenario.echo();
		EchoServer b = this.scenario.echo();
		ManualBalancer balancer = new ManualBalancer();
		ClientConn conn = this.scenario.dial("static:127.0.0.1:1", Scenario.options().balancer(balancer.provider()));
		balancer.push(a.address());
		EchoStream stream = new EchoStream(conn);
		stream.exchange("before");
		balancer.push(b.address());
		Scenario.soon().until(() -> balancer.upAddresses().equals(List.of(b.address())));

		assertThat(Scenario.ask(conn, CallOptions.DEFAULT)).isEqualTo(Integer.toString(b.port()));
		stream.exchange("after");
		stream.complete();
		assertThat(stream.awaitEnd()).isEqualTo(Status.OK);
		Scenario.soon().until(() -> a.openConnections() == 0);
	}

	@Test
	void drainTimeoutEndsWhatDoesNotEnd() {
		EchoServer server = this.scenario.echo();
		ClientConn conn = this.scenario.dial("static:127.0.0.1:" + server.port(),
				Scenario.options().drainTimeout(Duration.ofMillis(200)));
		EchoStream stream = new EchoStream(conn);
		stream.exchange("before");
		server.goAway();
		Status status = stream.awaitEnd();
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getDescription()).contains("drained", "200 ms");
	}

	private static void awaitNotReady(ClientConn conn) {
		Scenario.soon().until(() -> conn.getState(false) != ConnectivityState.READY);
	}

	private static void awaitLatch(CountDownLatch latch) {
		try {
			latch.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
