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

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.clientconn.naming.Address;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualBalancer;
import dev.clientconn.testing.ManualResolver;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which threads the control plane runs on: those that bring its events, and the shared
 * pool where code of the user takes part that could block an event loop.
 */
class ControlThreadTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	/** State and thread of each change of an address. */
	private final List<String> changes = new CopyOnWriteArrayList<>();

	@Test
	void dialAndEventLoopsDoTheWork() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(), options());
			assertThat(Rpc.unary(conn, Rpc.FF).await()).isEqualTo(Status.OK);

			assertNeedsNoPool();
		}
	}

	@Test
	void resolverThatNeverBlocksNeedsNoPool() {
		ManualResolver resolver = new ManualResolver().nonBlocking();
		try (EchoServer server = EchoServer.started()) {
			resolver.push(server.address());
			ClientConn conn = this.dials.dial("manual:///x", options().resolver(resolver));
			Dials.awaitState(conn, ConnectivityState.READY);
			assertNeedsNoPool();
		}
	}

	@Test
	void balancerOfTheUserRunsOnThePool() {
		ManualBalancer balancer = new ManualBalancer();
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial("x:1", options().balancer(balancer.provider()));
			balancer.push(server.address());
			Dials.awaitState(conn, ConnectivityState.READY);
		}
		assertThat(this.changes).hasSizeGreaterThanOrEqualTo(2)
			.allSatisfy((change) -> assertThat(change).matches("[A-Z_]+ clientconn-call-\\d+"));
	}

	@Test
	void resolverOfTheUserRunsOnThePool() {
		ManualResolver resolver = new ManualResolver();
		try (EchoServer server = EchoServer.started()) {
			resolver.push(server.address());
			ClientConn conn = this.dials.dial("manual:///x", options().resolver(resolver));
			Dials.awaitState(conn, ConnectivityState.READY);
		}
		assertThat(this.changes).hasSizeGreaterThanOrEqualTo(2)
			.allSatisfy((change) -> assertThat(change).matches("[A-Z_]+ clientconn-call-\\d+"));
	}

	@Test
	void updateBringsTheBalancerOfTheUser() {
		ManualBalancer balancer = new ManualBalancer().picking((options) -> null);
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(), options());
			assertThat(Rpc.unary(conn, Rpc.FF).await()).isEqualTo(Status.OK);
			this.changes.clear();
			this.dials.update(conn, conn.target(), options().balancer(balancer.provider()));
			conn.enterIdle();
			Dials.await().until(() -> !this.changes.isEmpty());
		}
		assertThat(this.changes.get(0)).matches("IDLE clientconn-call-\\d+");
	}

	private void assertNeedsNoPool() {
		// Whichever of the two is at work when READY comes.
		String either = "(" + Thread.currentThread().getName() + "|clientconn-io-\\d+)";
		assertThat(this.changes).hasSize(2);
		assertThat(this.changes.get(0)).isEqualTo("CONNECTING " + Thread.currentThread().getName());
		assertThat(this.changes.get(1)).matches("READY " + either);
	}

	private DialOptions.Builder options() {
		return Dials.plain().statsHandler(new StatsHandler() {

			@Override
			public void stateChanged(String target, Address address, ConnectivityState from, ConnectivityState to,
					Status cause) {
				ControlThreadTests.this.changes.add(to + " " + Thread.currentThread().getName());
			}

		});
	}

}
