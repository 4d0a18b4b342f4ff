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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import com.google.protobuf.ByteString;
import dev.clientconn.ConnectivitySnapshot.WaitingCalls;
import dev.clientconn.balancer.Pick;
import dev.clientconn.naming.Address;
import dev.clientconn.stats.DelayReason;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualBalancer;
import dev.clientconn.testing.ManualResolver;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Calls that wait for a connection: in order, in batches, and not without limit.
 */
class PendingCallsTests {

	private static final Metadata.Key<String> NUMBER = Metadata.Key.of("number", Metadata.ASCII_STRING_MARSHALLER);

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	private final ManualResolver resolver = new ManualResolver();

	/**
	 * The balancer ends them: what is proven is the queue, for which no server is fast
	 * enough.
	 */
	@Test
	void manyWaitingCallsGoInOrderAndNoneIsLost() {
		int calls = 50_000;
		ConcurrentLinkedQueue<String> picked = new ConcurrentLinkedQueue<>();
		ManualBalancer balancer = new ManualBalancer();
		ClientConn conn = this.dials.dial("x:1",
				Dials.plain()
					.balancer(balancer.provider())
					.executor(Runnable::run)
					.queueLimits(QueueLimits.DEFAULT.withMaxCalls(calls)));
		List<Rpc> rpcs = IntStream.range(0, calls).mapToObj((i) -> numbered(conn, i)).toList();
		Dials.await().until(() -> conn.snapshot().pendingCalls() == calls);
		balancer.config().serial().execute(() -> {
			balancer.picking((options) -> {
				picked.add(options.headers().get(NUMBER));
				return Pick.fail(Status.ABORTED);
			});
			balancer.config().control().picksChanged();
		});

		assertThat(rpcs).allSatisfy((rpc) -> assertThat(rpc.awaitCode()).isEqualTo(Status.Code.ABORTED));
		assertThat(List.copyOf(picked)).isEqualTo(numbers(calls));
		assertThat(conn.snapshot().waiting()).isEqualTo(WaitingCalls.NONE);
	}

	@Test
	void waitingCallsReachAServerInOrder() {
		int calls = 10 * PendingCalls.BATCH;
		ConcurrentLinkedQueue<String> picked = new ConcurrentLinkedQueue<>();
		try (EchoServer server = EchoServer.started()) {
			ManualBalancer balancer = new ManualBalancer();
			balancer.picking((options) -> {
				Pick pick = balancer.firstUp();
				if (pick.address() != null) {
					picked.add(options.headers().get(NUMBER));
				}
				return pick;
			});
			ClientConn conn = this.dials.dial("x:1", Dials.plain().balancer(balancer.provider()));
			List<Rpc> rpcs = IntStream.range(0, calls).mapToObj((i) -> numbered(conn, i)).toList();
			balancer.push(server.address());

			assertThat(rpcs).allSatisfy((rpc) -> assertThat(rpc.await().isOk()).isTrue());
			assertThat(List.copyOf(picked)).isEqualTo(numbers(calls));
			assertThat(server.requests()).isEqualTo(calls);
			assertThat(conn.snapshot().waiting()).isEqualTo(WaitingCalls.NONE);
		}
	}

	/** What comes for the control plane in the middle of a batch waits for no other. */
	@Test
	void othersHaveTheirTurnBetweenBatches() throws Exception {
		int calls = 4 * PendingCalls.BATCH;
		List<Integer> triedBefore = new ArrayList<>();
		CountDownLatch ran = new CountDownLatch(1);
		ManualBalancer balancer = new ManualBalancer();
		AtomicInteger tried = new AtomicInteger();
		AtomicBoolean counting = new AtomicBoolean();
		balancer.picking((options) -> {
			if (counting.get() && tried.incrementAndGet() == 10) {
				balancer.config().serial().execute(() -> {
					triedBefore.add(tried.get());
					ran.countDown();
				});
			}
			return Pick.queue();
		});
		ClientConn conn = this.dials.dial("x:1", Dials.plain().balancer(balancer.provider()));
		IntStream.range(0, calls).forEach((i) -> numbered(conn, i));
		balancer.config().serial().execute(() -> {
			counting.set(true);
			balancer.config().control().picksChanged();
		});

		assertThat(ran.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(triedBefore).singleElement()
			.satisfies((count) -> assertThat(count).isBetween(10, PendingCalls.BATCH));
		Dials.await().until(() -> tried.get() >= calls);
	}

	/**
	 * A balancer without a list leaves the state IDLE, which a call that waits may end.
	 */
	@Test
	void waitingCallIsNotTriedWithoutReason() throws Exception {
		ManualBalancer balancer = new ManualBalancer().picking((options) -> Pick.queue());
		ClientConn conn = this.dials.dial("x:1", Dials.plain().balancer(balancer.provider()));
		numbered(conn, 0);
		Dials.await().until(() -> conn.snapshot().pendingCalls() == 1);
		for (int turn = 0; turn < 100; turn++) {
			CountDownLatch passed = new CountDownLatch(1);
			balancer.config().serial().execute(passed::countDown);
			assertThat(passed.await(20, TimeUnit.SECONDS)).isTrue();
		}

		assertThat(balancer.gets()).isLessThan(10);
	}

	@Test
	void callAboveTheLimitIsToldWhyAndOthersWaitOn() {
		this.resolver.push(Address.of("localhost:1"));
		ClientConn conn = dial(new QueueLimits(2, 1000), ManualDialer.hanging());
		Dials.await().until(() -> conn.snapshot().addressList().version() == 1);
		Rpc first = Rpc.unary(conn, Rpc.FF);
		Rpc second = Rpc.unary(conn, Rpc.WFR);
		Status third = Rpc.unary(conn, Rpc.WFR).await();

		assertThat(third.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(third.getDescription()).isEqualTo("too many calls wait for a connection to manual:///x: 2 "
				+ "(DialOptions.queueLimits, queue.max-calls: 2) with 10 bytes (queue.max-bytes: 1000); "
				+ "1 address: localhost:1 CONNECTING attempt 1");
		assertThat(conn.snapshot().waiting().rejected()).isEqualTo(1);
		assertThat(first.isEnded() || second.isEnded()).isFalse();

		first.call().cancel("not wanted", null);
		Dials.await().until(() -> conn.snapshot().pendingCalls() == 1);
		Rpc next = Rpc.unary(conn, Rpc.WFR);
		Dials.await().until(() -> conn.snapshot().pendingCalls() == 2);
		assertThat(next.isEnded()).isFalse();
	}

	@Test
	void callWithTooManyBytesIsRefused() {
		ClientConn conn = dial(new QueueLimits(10, 2500), ManualDialer.hanging());
		Rpc first = Rpc.unary(conn, Rpc.WFR, payload(1000));
		Rpc second = Rpc.unary(conn, Rpc.WFR, payload(1000));
		Status third = Rpc.unary(conn, Rpc.WFR, payload(1000)).await();

		assertThat(third.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(third.getDescription()).contains("(queue.max-bytes: 2500)");
		assertThat(conn.snapshot().waiting().bytes()).isBetween(2000L, 2100L);
		Dials.await().until(() -> conn.snapshot().pendingCalls() == 2);

		first.call().cancel("not wanted", null);
		second.call().cancel("not wanted", null);
		Dials.await().untilAsserted(() -> assertThat(conn.snapshot().waiting().bytes()).isZero());
	}

	@Test
	void bytesAreGivenBackWhenTheCallsAreSent() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial("manual:///x", Dials.plain().resolver(this.resolver));
			Rpc unary = Rpc.unary(conn, Rpc.WFR, payload(1000));
			Rpc bidi = Rpc.bidi(conn, Rpc.WFR);
			bidi.call().sendMessage(payload(1000));
			assertThat(conn.snapshot().waiting().bytes()).isBetween(2000L, 2100L);
			this.resolver.push(server.address());

			assertThat(unary.await().isOk()).isTrue();
			Dials.await().until(() -> bidi.replies().size() == 2);
			assertThat(conn.snapshot().waiting()).isEqualTo(WaitingCalls.NONE);
			bidi.call().halfClose();
			assertThat(bidi.await().isOk()).isTrue();
			assertThat(conn.snapshot().waiting().bytes()).isZero();
		}
	}

	/** A call that has its place may be tried and wait again, whoever came meanwhile. */
	@Test
	void limitDoesNotTakeThePlaceOfOneThatWaitsAgain() {
		ManualBalancer balancer = new ManualBalancer().picking((options) -> Pick.queue());
		ClientConn conn = this.dials.dial("x:1",
				Dials.plain().balancer(balancer.provider()).queueLimits(QueueLimits.DEFAULT.withMaxCalls(5)));
		List<Rpc> rpcs = IntStream.range(0, 5).mapToObj((i) -> numbered(conn, i)).toList();
		int before = balancer.gets();
		balancer.config().control().picksChanged();
		Dials.await().until(() -> balancer.gets() >= before + 5);

		assertThat(rpcs).noneMatch(Rpc::isEnded);
		Dials.await().until(() -> conn.snapshot().pendingCalls() == 5);
	}

	@Test
	void snapshotSaysWhyEachWaits() {
		ClientConn conn = dial(QueueLimits.DEFAULT, ManualDialer.failing(new IOException("the firewall says no")));
		Rpc.unary(conn, Rpc.FF);
		Rpc.unary(conn, Rpc.WFR);
		// One that is being tried is not in the picture.
		WaitingCalls resolving = Dials.await()
			.until(() -> conn.snapshot().waiting(), (waiting) -> waiting.first().size() == 2);
		assertThat(resolving.reasons()).singleElement().satisfies((reason) -> {
			assertThat(reason.reason()).isEqualTo(DelayReason.RESOLVING);
			assertThat(reason.count()).isEqualTo(2);
		});
		assertThat(resolving.first()).hasSize(2).first().satisfies((call) -> {
			assertThat(call.method()).isEqualTo("dev.clientconn.test.Echo/Unary");
			assertThat(call.listVersion()).isZero();
			assertThat(call.waitForReady()).isFalse();
		});
		assertThat(resolving.lastError()).isNull();

		this.resolver.push(Address.of("localhost:1"));
		Dials.awaitState(conn, ConnectivityState.TRANSIENT_FAILURE);
		Dials.await().untilAsserted(() -> {
			WaitingCalls failing = conn.snapshot().waiting();
			assertThat(failing.first()).singleElement().satisfies((call) -> {
				assertThat(call.reason()).isEqualTo(DelayReason.FAILING);
				assertThat(call.listVersion()).isEqualTo(1);
				assertThat(call.waitForReady()).isTrue();
				assertThat(call.since()).isAfterOrEqualTo(call.queued());
			});
			assertThat(failing.lastError()).contains("the firewall says no");
		});
	}

	@Test
	void snapshotOfManyIsBounded() {
		ClientConn conn = dial(QueueLimits.DEFAULT, ManualDialer.hanging());
		IntStream.range(0, 1000).forEach((i) -> Rpc.unary(conn, Rpc.WFR));

		WaitingCalls waiting = Dials.await()
			.until(() -> conn.snapshot().waiting(),
					(all) -> all.count() == 1000 && all.reasons().size() == 1 && all.reasons().get(0).count() == 1000);
		assertThat(waiting.first()).hasSize(WaitingSnapshot.SHOWN);
		assertThat(waiting.reasons()).singleElement().satisfies((reason) -> assertThat(reason.count()).isEqualTo(1000));
	}

	@Test
	void shutdownNowEndsMoreThanABatch() throws Exception {
		ClientConn conn = dial(QueueLimits.DEFAULT, ManualDialer.hanging());
		List<Rpc> rpcs = IntStream.range(0, 5 * PendingCalls.BATCH).mapToObj((i) -> Rpc.unary(conn, Rpc.WFR)).toList();
		conn.shutdownNow();

		assertThat(rpcs).extracting(Rpc::awaitCode).containsOnly(Status.Code.CANCELLED);
		assertThat(conn.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
	}

	@Test
	void limitsArePositive() {
		assertThatIllegalArgumentException().isThrownBy(() -> new QueueLimits(0, 1))
			.withMessage("maxCalls: 0 (expected: >= 1)");
		assertThatIllegalArgumentException().isThrownBy(() -> new QueueLimits(1, 0))
			.withMessage("maxBytes: 0 (expected: >= 1)");
	}

	private ClientConn dial(QueueLimits limits, ManualDialer dialer) {
		return this.dials.dial("manual:///x", Dials.plain().resolver(this.resolver).dialer(dialer).queueLimits(limits));
	}

	private static Rpc numbered(ClientConn conn, int number) {
		Metadata headers = new Metadata();
		headers.put(NUMBER, String.valueOf(number));
		return Rpc.unary(ClientInterceptors.intercept(conn, MetadataUtils.newAttachHeadersInterceptor(headers)),
				Rpc.WFR);
	}

	private static List<String> numbers(int count) {
		return IntStream.range(0, count).mapToObj(String::valueOf).toList();
	}

	private static EchoRequest payload(int bytes) {
		return EchoRequest.newBuilder().setPayload(ByteString.copyFrom(new byte[bytes])).build();
	}

}
