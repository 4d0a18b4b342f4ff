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
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Hedging by option, between real connections. The clock moves only when a test says so:
 * hedges are counted, never timed.
 */
class HedgingOptionScenarioTests {

	private static final String SERVICE = "dev.clientconn.test.Script";

	private static final Duration DELAY = Duration.ofMillis(20);

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	private final FakeScheduler time = new FakeScheduler();

	private final AtomicInteger calls = new AtomicInteger();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@Test
	void callWithoutAnswerIsSentToAnotherAddress() {
		Backends backends = new Backends(this.scenario, 3, Backends::silence);
		ClientConn conn = backends.dial(this.scenario, fixed().hedging(named(HedgingOptions.fixed(DELAY))));
		CallRecorder call = CallRecorder.unary(conn, "call");
		awaitRequests(backends, 1);

		backends.answer(Backends::echo);
		advance(DELAY);

		assertThat(call.awaitStatus().isOk()).isTrue();
		assertThat(backends.requests()).hasSize(2);
		assertThat(backends.eachAskedOnce()).isTrue();
	}

	@Test
	void methodThatIsNotNamedIsNotHedged() {
		Backends backends = new Backends(this.scenario, 2, Backends::silence);
		ClientConn conn = backends.dial(this.scenario,
				fixed().hedging(HedgingOptions.fixed(DELAY).methods("dev.clientconn.test.Other/*")));

		assertSentOnce(conn, CallRecorder.UNARY, backends);
	}

	@Test
	void methodWithManyRequestsIsNotHedged() {
		Backends backends = new Backends(this.scenario, 2, Backends::silence);
		ClientConn conn = backends.dial(this.scenario, fixed().hedging(named(HedgingOptions.fixed(DELAY))));

		assertSentOnce(conn, CallRecorder.BIDI, backends);
	}

	@Test
	void serverStreamIsHedged() {
		Backends backends = new Backends(this.scenario, 2, Backends::silence);
		ClientConn conn = backends.dial(this.scenario, fixed().hedging(named(HedgingOptions.fixed(DELAY))));
		CallRecorder call = send(conn, CallRecorder.SERVER_STREAM);
		awaitRequests(backends, 1);

		advance(DELAY);

		awaitRequests(backends, 2);
		call.call().cancel("seen", null);
	}

	@Test
	void idempotentMethodIsHedgedWithoutBeingNamed() {
		Backends backends = new Backends(this.scenario, 2, Backends::silence);
		ClientConn conn = backends.dial(this.scenario, fixed().hedging(HedgingOptions.fixed(DELAY)));
		CallRecorder call = send(conn, CallRecorder.UNARY.toBuilder().setIdempotent(true).build());
		awaitRequests(backends, 1);

		advance(DELAY);

		awaitRequests(backends, 2);
		call.call().cancel("seen", null);
	}

	@Test
	void retryPolicyOfTheServiceConfigWins() {
		Backends backends = new Backends(this.scenario, 2, Backends::silence);
		Map<String, Object> policy = Map.of("maxAttempts", 2.0, "initialBackoff", "1s", "maxBackoff", "1s",
				"backoffMultiplier", 1.0, "retryableStatusCodes", List.of("UNAVAILABLE"));
		ClientConn conn = backends.dial(this.scenario, fixed().hedging(named(HedgingOptions.fixed(DELAY)))
			.serviceConfig(
					Map.of("methodConfig", List.of(Dials.methodConfig(SERVICE, "Unary", "retryPolicy", policy)))));

		assertSentOnce(conn, CallRecorder.UNARY, backends);
	}

	@Test
	void withoutAnotherAddressThereIsNoHedge() {
		Backends backends = new Backends(this.scenario, 1, Backends::silence);
		ClientConn conn = backends.dial(this.scenario, fixed().hedging(named(HedgingOptions.fixed(DELAY))));

		assertSentOnce(conn, CallRecorder.UNARY, backends);
	}

	@Test
	void budgetBoundsHedgesWithAFixedDelay() {
		Backends backends = new Backends(this.scenario, 3, Backends::silence);
		ClientConn conn = backends.dial(this.scenario, fixed().hedging(named(HedgingOptions.fixed(DELAY)))
			.retry(RetryOptions.DEFAULT.withBudget(new RetryOptions.Budget(0, 1))));
		List<CallRecorder> calls = calls(conn, 30);
		awaitRequests(backends, 30);

		advance(DELAY);

		awaitRequests(backends, 40);
		Dials.during().until(() -> backends.requests().size() == 40);
		assertThat(backends.eachAskedOnce()).isTrue();
		cancel(calls);
	}

	@Test
	void adaptiveHedgesOfSlowCallsStayWithinTheirLoad() {
		Backends backends = new Backends(this.scenario, 3, Backends::echo);
		ClientConn conn = adaptive(backends, 0.05);

		backends.answer(Backends::silence);
		List<CallRecorder> slow = calls(conn, 100);
		awaitRequests(backends, 400);
		advance(AdaptiveHedging.FLOOR);

		// 5 % of the 400, and of the warm-up.
		awaitRequests(backends, 420);
		Dials.during().until(() -> backends.requests().size() <= 421);
		assertThat(backends.eachAskedOnce()).isTrue();
		cancel(slow);
	}

	@Test
	void callThatStaysLateIsHedgedOnceTheLoadAllowsIt() {
		Backends backends = new Backends(this.scenario, 3, Backends::echo);
		ClientConn conn = adaptive(backends, 0.05);
		backends.answer(Backends::silence);
		List<CallRecorder> slow = calls(conn, 100);
		awaitRequests(backends, 400);
		advance(AdaptiveHedging.FLOOR);
		awaitRequests(backends, 420);
		backends.answer(Backends::echo);
		calls(conn, 200).forEach((call) -> assertThat(call.awaitStatus().isOk()).isTrue());
		int before = backends.requests().size();

		advance(AdaptiveHedging.FLOOR.multipliedBy(2));

		// 5 % of the 200.
		awaitRequests(backends, before + 10);
		Scenario.soon().until(() -> slow.stream().filter(CallRecorder::isClosed).count() >= 10);
		assertThat(backends.requests().size()).isLessThanOrEqualTo(before + 11);
		assertThat(backends.eachAskedOnce()).isTrue();
		cancel(slow);
	}

	@Test
	void adaptiveHedgeRescuesASlowCall() {
		Backends backends = new Backends(this.scenario, 3, Backends::echo);
		ClientConn conn = adaptive(backends, 0.05);
		backends.answer(Backends::silence);
		CallRecorder call = CallRecorder.unary(conn, "slow");
		awaitRequests(backends, 301);

		backends.answer(Backends::echo);
		advance(AdaptiveHedging.FLOOR);

		assertThat(call.awaitStatus().isOk()).isTrue();
		assertThat(backends.requests()).hasSize(302);
	}

	@Test
	void outageEndsAdaptiveHedging() {
		Backends backends = new Backends(this.scenario, 3, Backends::echo);
		ClientConn conn = adaptive(backends, 0.05);
		backends.answer(Backends::unavailable);
		List<CallRecorder> failed = calls(conn, 100);
		// What has failed is sent again at once, which takes a timer.
		Scenario.soon().until(() -> this.time.runDue() >= 0 && failed.stream().allMatch(CallRecorder::isClosed));
		assertThat(failed).extracting(CallRecorder::awaitStatus)
			.extracting(Status::getCode)
			.containsOnly(Status.Code.UNAVAILABLE);
		int before = backends.requests().size();

		backends.answer(Backends::silence);
		advance(AdaptiveHedging.REFRESH);
		List<CallRecorder> slow = calls(conn, 20);
		awaitRequests(backends, before + 20);
		advance(Duration.ofSeconds(1));

		Dials.during().until(() -> backends.requests().size() == before + 20);
		cancel(slow);
	}

	/** Enough calls to know the method: they take no time, so the delay is the floor. */
	private ClientConn adaptive(Backends backends, double load) {
		ClientConn conn = backends.dial(this.scenario, fixed().hedging(named(HedgingOptions.adaptive(load))));
		calls(conn, 300).forEach((call) -> assertThat(call.awaitStatus().isOk()).isTrue());
		advance(AdaptiveHedging.REFRESH);
		return conn;
	}

	private void assertSentOnce(ClientConn conn, MethodDescriptor<String, String> method, Backends backends) {
		CallRecorder call = send(conn, method);
		awaitRequests(backends, 1);
		advance(DELAY.multipliedBy(10));
		Dials.during().until(() -> backends.requests().size() == 1);
		call.call().cancel("seen", null);
	}

	private List<CallRecorder> calls(ClientConn conn, int count) {
		return IntStream.range(0, count)
			.mapToObj((number) -> CallRecorder.unary(conn, "call " + this.calls.incrementAndGet()))
			.toList();
	}

	private static CallRecorder send(ClientConn conn, MethodDescriptor<String, String> method) {
		CallRecorder call = new CallRecorder(conn, method, CallOptions.DEFAULT).start(new Metadata());
		call.call().request(2);
		return call.send("call").halfClose();
	}

	private static void cancel(List<CallRecorder> calls) {
		calls.forEach((call) -> call.call().cancel("seen", null));
	}

	private static void awaitRequests(Backends backends, int count) {
		Scenario.soon().until(() -> backends.requests().size() >= count);
	}

	private void advance(Duration duration) {
		this.time.advance(duration);
	}

	private DialOptions.Builder fixed() {
		return Scenario.options().scheduler(this.time);
	}

	private static HedgingOptions named(HedgingOptions options) {
		return options.methods(SERVICE + "/*");
	}

}
