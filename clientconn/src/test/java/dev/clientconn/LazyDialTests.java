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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.Uninterruptibles;
import dev.clientconn.balancer.Balancer;
import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.balancer.Balancers;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualResolver;
import io.grpc.ConnectivityState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

/**
 * A lazy dial touches neither name service nor network before it is asked to.
 */
@ExtendWith(LeakCheckExtension.class)
class LazyDialTests {

	private final ManualResolver resolver = new ManualResolver();

	@Test
	void firstCallStartsTheResolver() throws Exception {
		try (EchoServer server = EchoServer.started(); ClientConn conn = dial()) {
			assertThat(conn.getState(false)).isEqualTo(ConnectivityState.IDLE);
			assertThat(this.resolver.resolutions()).isEmpty();
			this.resolver.push(server.address());

			EchoGrpc.newBlockingStub(conn).unary(EchoRequest.getDefaultInstance());

			assertThat(this.resolver.resolutions()).hasSize(1);
			assertThat(conn.getState(false)).isEqualTo(ConnectivityState.READY);
		}
	}

	@Test
	void askingForAConnectionStartsTheResolver() {
		try (ClientConn conn = dial()) {
			conn.getState(true);

			await().atMost(Duration.ofSeconds(10)).until(() -> this.resolver.resolutions().size() == 1);
			await().atMost(Duration.ofSeconds(10)).until(() -> conn.getState(false) == ConnectivityState.CONNECTING);
		}
	}

	@Test
	void closeBeforeTheFirstCallStartsNothing() {
		dial().close();

		assertThat(this.resolver.resolutions()).isEmpty();
	}

	@Test
	void aCallThatStartedBeforeShutdownGetsItsConnection() throws Exception {
		CountDownLatch busy = new CountDownLatch(1);
		BalancerProvider slow = new BalancerProvider() {

			@Override
			public String policy() {
				return "slow";
			}

			@Override
			public Balancer newBalancer() {
				Uninterruptibles.awaitUninterruptibly(busy);
				return Balancers.forPolicy("round_robin").newBalancer();
			}

		};
		try (EchoServer server = EchoServer.started(); ClientConn conn = dial()) {
			this.resolver.push(server.address());
			// Keeps the serial context busy until shutdown has been called.
			conn.update("manual:///echo", options().balancer(slow).build());
			ListenableFuture<EchoReply> reply = EchoGrpc.newFutureStub(conn)
				.withDeadlineAfter(10, TimeUnit.MINUTES)
				.unary(EchoRequest.getDefaultInstance());
			conn.shutdown();
			busy.countDown();

			assertThat(reply.get(20, TimeUnit.SECONDS)).isNotNull();
			assertThat(conn.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void lazyAndBlockExcludeEachOther() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> DialOptions.builder().insecure().lazy(true).block(true).build())
			.withMessageContaining("lazy");
	}

	private ClientConn dial() {
		return ClientConn.dial("manual:///echo", options().build());
	}

	private DialOptions.Builder options() {
		return DialOptions.builder().insecure().resolver(this.resolver).lazy(true);
	}

}
