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

import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * The Java of the pages under docs/, which {@link DocsTests} compares with this file.
 */
class DocSnippetsTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@Test
	void dialAndCall() throws InterruptedException {
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			String target = "static:" + one.address() + "," + two.address();
			List<String> seen = new ArrayList<>();

			DialOptions options = DialOptions.builder()
				.insecure()
				.balancer("round_robin")
				.defaultDeadline(Duration.ofSeconds(5))
				.build();
			try (ClientConn conn = ClientConn.dial(target, options)) {
				EchoGrpc.EchoBlockingStub echo = EchoGrpc.newBlockingStub(conn);
				EchoReply reply = echo.unary(EchoRequest.newBuilder().setMessage("hello").build());
				assertThat(reply.getMessage()).isEqualTo("hello");

				for (ConnectivitySnapshot.AddressState address : conn.snapshot().addresses()) {
					seen.add(address.address() + " " + address.state() + " " + address.cause());
				}
				ConnectivityState state = conn.getState(true);
				while (state != ConnectivityState.READY && conn.waitForStateChange(state, Duration.ofSeconds(10))) {
					state = conn.getState(true);
				}
				assertThat(state).isEqualTo(ConnectivityState.READY);
			}
			assertThat(seen).hasSize(2).anyMatch((line) -> line.contains(" READY "));
		}
	}

	@Test
	void blockingDialFails() {
		DialOptions options = DialOptions.builder()
			.insecure()
			.block(true)
			.timeout(Duration.ofMinutes(1))
			.failOnNonTemporaryDialError(true)
			.build();
		assertThatExceptionOfType(DialException.class).isThrownBy(() -> ClientConn.dial("static:127.0.0.1:1", options))
			.withMessage("127.0.0.1:1: connection refused")
			.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE));
	}

	@Test
	void missingSecurity() {
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> ClientConn.dial("dns:///orders:9090", DialOptions.builder().build()))
			.withMessageStartingWith("no transport security set");
	}

}
