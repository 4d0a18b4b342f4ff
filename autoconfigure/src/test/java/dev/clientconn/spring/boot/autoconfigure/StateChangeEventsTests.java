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

package dev.clientconn.spring.boot.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.clientconn.ClientConn;
import dev.clientconn.DialOptions;
import dev.clientconn.testing.EchoServer;
import io.grpc.ConnectivityState;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;

class StateChangeEventsTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClientConnAutoConfiguration.class))
		.withPropertyValues("clientconn.channels.greeter.insecure=true",
				"clientconn.channels.greeter.backoff.base-delay=1h",
				"clientconn.channels.greeter.backoff.max-delay=1h");

	@Test
	void listenersHearOfEachChangeInOrder() {
		try (EchoServer server = EchoServer.started()) {
			this.runner.withBean(Recorder.class)
				.withPropertyValues("clientconn.channels.greeter.target=static:" + server.address())
				.run((context) -> {
					ClientConn conn = context.getBean(ClientConn.class);
					Recorder recorder = context.getBean(Recorder.class);
					conn.getState(true);
					soon().until(() -> recorder.isLast("CONNECTING -> READY"));
					conn.enterIdle();
					soon().until(() -> recorder.isLast("READY -> IDLE"));

					String address = "greeter " + server.address() + " ";
					assertThat(recorder.seen).containsExactly(address + "IDLE -> CONNECTING",
							address + "CONNECTING -> READY", address + "READY -> IDLE");
					assertThat(recorder.threads).containsOnly("clientconn-events");
				});
		}
	}

	@Test
	void aSlowListenerDelaysNothingAndIsToldWhatIsNow() {
		try (EchoServer server = EchoServer.started()) {
			this.runner.withBean(SlowListener.class)
				.withPropertyValues("clientconn.channels.greeter.target=static:" + server.address() + ",127.0.0.1:1")
				.run((context) -> {
					ClientConn conn = context.getBean(ClientConn.class);
					SlowListener listener = context.getBean(SlowListener.class);
					conn.getState(true);
					assertThat(listener.entered.await(20, TimeUnit.SECONDS)).isTrue();
					for (int round = 0; round < 20; round++) {
						soon().until(() -> ready(conn));
						assertThat(TestCalls.start(conn).get(20, TimeUnit.SECONDS)).isNotNull();
						conn.enterIdle();
						soon().until(() -> !ready(conn) && conn.getState(false) == ConnectivityState.IDLE);
						conn.getState(true);
					}
					soon().until(() -> ready(conn) && conn.snapshot().addresses().get(1).cause() != null);
					listener.mayEnd.release(1000);

					String good = server.address() + " ";
					soon().until(() -> listener.seen.contains(good + "CONNECTING -> READY")
							|| listener.seen.contains(good + "IDLE -> READY"));
					soon().until(() -> listener.seen.stream().anyMatch((e) -> e.endsWith("-> TRANSIENT_FAILURE")));
					assertThat(listener.seen).as("one in the listener, one waiting per address")
						.hasSizeLessThanOrEqualTo(3);
				});
		}
	}

	@Test
	void aListenerThatFailsIsToldOfTheNextChange() {
		List<Object> seen = new CopyOnWriteArrayList<>();
		StateChangeEvents events = new StateChangeEvents((event) -> {
			seen.add(event);
			throw new IllegalStateException("does not work");
		});
		try (EchoServer server = EchoServer.started();
				ClientConn conn = ClientConn.dial("static:" + server.address(), options(events))) {
			soon().until(() -> isReady(seen));
			int before = seen.size();
			conn.enterIdle();
			soon().until(() -> seen.size() > before);
		}
		finally {
			events.close();
		}
	}

	@Test
	void anUpdateOfTheOptionsKeepsTheConnection() {
		StateChangeEvents events = new StateChangeEvents((event) -> {
		});
		try (EchoServer server = EchoServer.started();
				ClientConn conn = ClientConn.dial("static:" + server.address(), options(events))) {
			soon().until(() -> ready(conn));
			conn.update("static:" + server.address(), options(events));
			conn.operations().reconnect();
			soon().until(() -> conn.snapshot()
				.addresses()
				.stream()
				.flatMap((address) -> address.events().stream())
				.anyMatch((event) -> event.what().equals("renewed")));

			assertThat(server.connections()).as("the first, and that of the reconnect").isEqualTo(2);
		}
		finally {
			events.close();
		}
	}

	@Test
	void afterTheEndNobodyIsTold() {
		List<Object> seen = new CopyOnWriteArrayList<>();
		StateChangeEvents events = new StateChangeEvents(seen::add);
		try (EchoServer server = EchoServer.started();
				ClientConn conn = ClientConn.dial("static:" + server.address(), options(events))) {
			// One or two: what is told late is told at once.
			soon().until(() -> isReady(seen));
			int before = seen.size();
			events.close();
			conn.enterIdle();
			soon().until(() -> server.openConnections() == 0);
			assertThat(seen).hasSize(before);
		}
	}

	@Test
	void eventsCanBeSwitchedOff() {
		this.runner
			.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:1",
					"clientconn.events.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(StateChangeEvents.class));
	}

	private static boolean isReady(List<Object> seen) {
		return !seen.isEmpty() && seen.get(seen.size() - 1).toString().contains("to=READY");
	}

	private static DialOptions options(StateChangeEvents events) {
		DialOptions.Builder builder = DialOptions.builder().insecure();
		events.customize("greeter", builder);
		return builder.build();
	}

	private static boolean ready(ClientConn conn) {
		return conn.snapshot().addresses().get(0).transport() != null;
	}

	private static ConditionFactory soon() {
		return Awaitility.await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(5));
	}

	static class Recorder {

		private final List<String> seen = new CopyOnWriteArrayList<>();

		private final List<String> threads = new CopyOnWriteArrayList<>();

		@EventListener
		void stateChanged(ClientConnStateChangedEvent event) {
			this.seen.add(event.channel() + " " + event.address() + " " + event.from() + " -> " + event.to());
		}

		@EventListener(ClientConnStateChangedEvent.class)
		void onThread() {
			this.threads.add(Thread.currentThread().getName());
		}

		private boolean isLast(String change) {
			List<String> now = new ArrayList<>(this.seen);
			return !now.isEmpty() && now.get(now.size() - 1).endsWith(change);
		}

	}

	static class SlowListener {

		private final CountDownLatch entered = new CountDownLatch(1);

		private final Semaphore mayEnd = new Semaphore(0);

		private final List<String> seen = new CopyOnWriteArrayList<>();

		@EventListener
		void stateChanged(ClientConnStateChangedEvent event) throws InterruptedException {
			this.seen.add(event.address() + " " + event.from() + " -> " + event.to());
			this.entered.countDown();
			this.mayEnd.acquire();
		}

	}

}
