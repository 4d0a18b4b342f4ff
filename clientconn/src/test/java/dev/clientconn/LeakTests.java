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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualBalancer;
import io.grpc.Context;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is used up by much coming and going: nothing. Here threads must end too.
 */
class LeakTests {

	private static final int CALLS = 10_000;

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension();

	@RegisterExtension
	final Dials dials = new Dials();

	private final FakeScheduler scheduler = leaks.watch(new FakeScheduler());

	@Test
	void thousandDialsAndClosesLeaveNothing() throws Exception {
		try (EchoServer server = EchoServer.started()) {
			DialOptions options = Dials.plain().scheduler(this.scheduler).build();
			List<ClientConn> conns = new ArrayList<>();
			for (int i = 0; i < 1000; i++) {
				ClientConn conn = ClientConn.dial("static:" + server.address(), options);
				conns.add(conn);
				if (i % 4 == 0) {
					assertThat(Rpc.unary(conn, Rpc.WFR).await().isOk()).isTrue();
				}
				if (i % 2 == 0) {
					conn.close();
				}
				else {
					conn.shutdownNow();
				}
			}

			for (ClientConn conn : conns) {
				assertThat(conn.awaitTermination(20, TimeUnit.SECONDS)).as(conn.toString()).isTrue();
			}
			assertThat(this.scheduler.pending()).isEmpty();
			Dials.await().until(() -> server.openConnections() == 0);
		}
	}

	@Test
	void cancelledCallsInFlightLeaveNothing() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain().scheduler(this.scheduler).block(true));
			EchoRequest slow = EchoRequest.newBuilder().setDelayMs(60_000).build();
			Context.CancellableContext context = Context.current().withCancellation();
			List<Rpc> rpcs = new ArrayList<>();
			context.run(() -> {
				for (int i = 0; i < CALLS; i++) {
					Rpc rpc = Rpc.unary(conn, Rpc.FF, slow);
					rpcs.add(rpc);
					if (i % 2 == 0) {
						rpc.call().cancel("not wanted", null);
					}
				}
			});
			context.cancel(null);

			assertThat(rpcs).extracting(Rpc::awaitCode).containsOnly(Status.Code.CANCELLED);
			Dials.await().until(() -> conn.snapshot().addresses().get(0).callsInFlight() == 0);
			nothingIsLeft(conn);
		}
	}

	/** The queue and the cancellation of each call race. */
	@Test
	void cancelledCallsInTheQueueLeaveNothing() throws Exception {
		ManualBalancer silent = new ManualBalancer();
		ClientConn conn = this.dials.dial("x:1", Dials.plain().scheduler(this.scheduler).balancer(silent.provider()));
		ExecutorService canceller = Executors.newSingleThreadExecutor();
		List<Rpc> rpcs = new ArrayList<>();
		try {
			for (int i = 0; i < CALLS; i++) {
				Context.CancellableContext context = Context.current().withCancellation();
				canceller.execute(() -> context.cancel(null));
				context.run(() -> rpcs.add(Rpc.unary(conn, Rpc.WFR)));
			}
		}
		finally {
			canceller.shutdown();
			assertThat(canceller.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		}

		assertThat(rpcs).extracting(Rpc::awaitCode).containsOnly(Status.Code.CANCELLED);
		nothingIsLeft(conn);
	}

	private void nothingIsLeft(ClientConn conn) {
		Dials.await().until(() -> conn.snapshot().callsEnded() == CALLS);
		assertThat(conn.snapshot().pendingCalls()).isZero();
		assertThat(conn.snapshot().callsStarted()).isEqualTo(CALLS);
		assertThat(this.scheduler.pending()).as("one timer for all deadlines").hasSizeLessThanOrEqualTo(1);
	}

}
