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

package dev.clientconn.naming;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.clientconn.testing.FakeScheduler;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DnsResolver}.
 */
class DnsResolverTests {

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final FakeScheduler scheduler = new FakeScheduler();

	private final Deque<Runnable> blocking = new ArrayDeque<>();

	private final RecordingListener listener = new RecordingListener();

	private final Resolver.Context context = new Resolver.Context(this.blocking::add, this.scheduler);

	private String[] answer = { "10.0.0.1", "10.0.0.2" };

	private int lookups;

	private double random = 0.5;

	private final DnsResolver resolver = new DnsResolver(this::answer, () -> this.random);

	@Test
	void deliversAllAddressesOfBothFamilies() {
		this.answer = new String[] { "10.0.0.1", "2001:db8:0:0:0:0:0:1", "10.0.0.1" };

		resolve();

		assertThat(this.listener.lists).isEmpty();
		runLookup();
		assertThat(this.listener.lists).singleElement()
			.asList()
			.containsExactly("10.0.0.1:80", "[2001:db8:0:0:0:0:0:1]:80");
	}

	@ParameterizedTest
	@CsvSource({ "0.5, 30000", "0.0, 24000", "1.0, 36000" })
	void looksAgainPeriodicallyWithJitter(double random, long millis) {
		this.random = random;
		resolve();
		runLookup();

		this.scheduler.advance(Duration.ofMillis(millis - 1));
		assertThat(this.blocking).isEmpty();
		this.scheduler.advance(Duration.ofMillis(1));
		assertThat(this.blocking).hasSize(1);
	}

	@Test
	void sameSetIsNotDeliveredAgain() {
		resolve();
		runLookup();
		this.answer = new String[] { "10.0.0.2", "10.0.0.1" };
		lookAgain();

		assertThat(this.listener.lists).hasSize(1);

		this.answer = new String[] { "10.0.0.2" };
		lookAgain();
		assertThat(this.listener.lists).hasSize(2).last().asList().containsExactly("10.0.0.2:80");
	}

	@Test
	void refreshAfterTheMinimumIntervalLooksAtOnce() {
		Resolution resolution = resolve();
		runLookup();
		this.scheduler.advance(SECOND);

		resolution.refresh();

		assertThat(this.blocking).hasSize(1);
	}

	@Test
	void refreshesWithinTheMinimumIntervalAreOneLookup() {
		Resolution resolution = resolve();
		runLookup();
		this.scheduler.advance(Duration.ofMillis(400));
		long scheduled = this.scheduler.scheduled();

		for (int i = 0; i < 100; i++) {
			resolution.refresh();
		}

		assertThat(this.scheduler.scheduled()).isEqualTo(scheduled + 1);
		assertThat(this.scheduler.pending()).singleElement()
			.satisfies((timer) -> assertThat(timer.delay()).isEqualTo(Duration.ofMillis(600)));
		this.scheduler.advance(Duration.ofMillis(600));
		runLookup();
		assertThat(this.lookups).isEqualTo(2);
		assertThat(this.scheduler.pending()).singleElement()
			.satisfies((timer) -> assertThat(timer.delay()).isEqualTo(LookupTimes.REFRESH_INTERVAL));
	}

	@Test
	void timerThatWasCancelledTooLateDoesNothing() {
		Resolution resolution = resolve();
		runLookup();
		Runnable late = this.scheduler.pending().get(0).task();
		resolution.refresh();

		late.run();

		assertThat(this.blocking).isEmpty();
		assertThat(this.scheduler.advanceToNext()).isEqualTo(LookupTimes.MIN_INTERVAL);
		assertThat(this.blocking).hasSize(1);
	}

	@Test
	void refreshesDuringALookupAreOneMore() {
		Resolution resolution = resolve();
		this.scheduler.advance(Duration.ofSeconds(5));
		resolution.refresh();
		resolution.refresh();
		assertThat(this.blocking).hasSize(1);

		runLookup();
		resolution.refresh();
		this.scheduler.runDue();

		assertThat(this.blocking).hasSize(1);
		runLookup();
		assertThat(this.scheduler.pending()).singleElement()
			.satisfies((timer) -> assertThat(timer.delay()).isEqualTo(LookupTimes.REFRESH_INTERVAL));
	}

	@Test
	void errorsAreToldAndRetriedWithBackoff() {
		this.answer = new String[0];
		resolve();

		long[] waits = new long[12];
		for (int i = 0; i < waits.length; i++) {
			runLookup();
			waits[i] = this.scheduler.advanceToNext().toMillis();
		}

		assertThat(waits).containsExactly(1000, 1600, 2560, 4096, 6553, 10485, 16777, 26843, 42949, 68719, 109951,
				120000);
		assertThat(this.listener.errors).hasSize(12).element(2).satisfies((error) -> {
			assertThat(error.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			assertThat(error.getDescription()).isEqualTo("look-up of orders failed (3 tries in a row, "
					+ "next in 2560 ms): java.net.UnknownHostException: orders: no addresses");
			assertThat(error.getCause()).isInstanceOf(UnknownHostException.class);
		});
		assertThat(this.listener.lists).isEmpty();
	}

	@Test
	void refreshDoesNotCutTheBackoffShort() {
		this.answer = new String[0];
		Resolution resolution = resolve();
		runLookup();
		this.scheduler.advanceToNext();
		runLookup();
		this.scheduler.advance(SECOND);

		resolution.refresh();

		assertThat(this.blocking).isEmpty();
		assertThat(this.scheduler.advanceToNext()).isEqualTo(Duration.ofMillis(600));
	}

	@Test
	void sameListIsDeliveredAgainAfterAnError() {
		resolve();
		runLookup();
		String[] good = this.answer;
		this.answer = new String[0];
		lookAgain();
		this.answer = good;
		lookAgain();
		lookAgain();

		assertThat(this.listener.errors).hasSize(1);
		assertThat(this.listener.lists).hasSize(2);
		this.answer = new String[0];
		lookAgain();
		assertThat(this.listener.errors.get(1).getDescription()).contains("(1 try, next in 1000 ms)");
	}

	@Test
	void anOutageIsLoggedWhenItBeginsAndWhenItEnds() {
		ListAppender<ILoggingEvent> log = new ListAppender<>();
		Logger logger = (Logger) LoggerFactory.getLogger(DnsResolution.class);
		log.start();
		logger.addAppender(log);
		logger.setLevel(Level.INFO);
		try {
			String[] good = this.answer;
			this.answer = new String[0];
			resolve();
			runLookup();
			lookAgain();
			this.answer = good;
			lookAgain();
			lookAgain();
		}
		finally {
			logger.detachAppender(log);
			logger.setLevel(null);
		}

		assertThat(log.list).extracting(Object::toString)
			.containsExactly(
					"[WARN] orders:80 - look-up of orders failed (1 try, next in 1000 ms): java.net.UnknownHostException: "
							+ "orders: no addresses; 0 known addresses stay in use",
					"[INFO] orders:80 - looked up again, with 2 addresses");
	}

	@Test
	void rejectedLookupIsRetried() {
		Resolver.Context busy = new Resolver.Context((task) -> {
			throw new RejectedExecutionException("full");
		}, this.scheduler);

		this.resolver.resolve(Target.parse("orders:80"), busy, this.listener);

		assertThat(this.listener.errors).singleElement()
			.satisfies((error) -> assertThat(error.getDescription()).contains("full"));
		assertThat(this.scheduler.pending()).hasSize(1);
	}

	@Test
	void listenerThatThrowsDoesNotEndTheResolution() {
		this.resolver.resolve(Target.parse("orders:80"), this.context, new RecordingListener() {

			@Override
			public void onAddresses(List<Address> addresses) {
				throw new IllegalStateException("on purpose");
			}

		});

		runLookup();

		assertThat(this.scheduler.pending()).hasSize(1);
	}

	@Test
	void closeStopsTimersAndLateAnswers() {
		Resolution resolution = resolve();
		runLookup();
		resolution.close();
		resolution.close();
		resolution.refresh();
		assertThat(this.scheduler.pending()).isEmpty();
		assertThat(this.blocking).isEmpty();

		Resolution other = resolve();
		other.close();
		runLookup();
		assertThat(this.lookups).isEqualTo(1);
		assertThat(this.listener.lists).hasSize(1);
		assertThat(this.scheduler.pending()).isEmpty();
	}

	@Test
	void closeDuringALookupDropsItsAnswer() {
		Resolution[] resolution = new Resolution[1];
		DnsResolver closing = new DnsResolver((host) -> {
			resolution[0].close();
			return answer(host);
		}, () -> 0.5);
		resolution[0] = closing.resolve(Target.parse("orders:80"), this.context, this.listener);

		runLookup();

		assertThat(this.lookups).isEqualTo(1);
		assertThat(this.listener.lists).isEmpty();
		assertThat(this.scheduler.pending()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0.1", "255.255.255.255", "0.0.0.0", "1.22.199.04" })
	void ipv4AddressIsNotLookedUp(String host) {
		this.resolver.resolve(Target.parse(host + ":80"), this.context, this.listener);

		assertThat(this.blocking).isEmpty();
		assertThat(this.listener.lists).singleElement().asList().containsExactly(host + ":80");
	}

	@ParameterizedTest
	@ValueSource(strings = { "10.0.0", "10.0.0.1.2", "10.0.0.256", "10.0.0.", ".10.0.0", "10..0.1", "10.0.0.a",
			"010.0.0.1", "1000.0.0.1" })
	void whatIsNoIpv4AddressIsLookedUp(String host) {
		this.resolver.resolve(Target.parse(host + ":80"), this.context, this.listener);

		assertThat(this.blocking).hasSize(1);
	}

	private Resolution resolve() {
		return this.resolver.resolve(Target.parse("dns:///orders:80"), this.context, this.listener);
	}

	private void lookAgain() {
		this.scheduler.advanceToNext();
		runLookup();
	}

	private void runLookup() {
		this.blocking.remove().run();
	}

	private InetAddress[] answer(String host) {
		this.lookups++;
		assertThat(host).isEqualTo("orders");
		return Arrays.stream(this.answer).map(DnsResolverTests::literal).toArray(InetAddress[]::new);
	}

	private static InetAddress literal(String address) {
		try {
			return InetAddress.getByName(address);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
