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

package dev.clientconn.spring.boot.test;

import java.time.Duration;

import dev.clientconn.ClientConn;
import dev.clientconn.DialOptions;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoRequest;
import io.grpc.ConnectivityState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Backends and assertions without an application context.
 */
class TestBackendTests {

	@Test
	void callsGoToTheBackendThatIsLeft() {
		try (TestBackend first = TestBackend.of(new EchoService()).start();
				TestBackend second = TestBackend.of(new EchoService()).start();
				ClientConn conn = ClientConn.dial("static:" + first.address() + "," + second.address(),
						DialOptions.builder().insecure().build())) {
			ClientConnAssert.assertThat(conn).becomesReady();

			first.stop();

			EchoRequest hello = EchoRequest.newBuilder().setMessage("hello").build();
			assertThat(EchoGrpc.newBlockingStub(conn).unary(hello).getMessage()).isEqualTo("hello");
			second.stop();
			ClientConnAssert.assertThat(conn).becomes(ConnectivityState.TRANSIENT_FAILURE, Duration.ofSeconds(10));
		}
	}

	@Test
	void keepsItsPort() {
		try (TestBackend backend = TestBackend.of(new EchoService())) {
			assertThat(backend.isRunning()).isFalse();
			assertThat(backend.port()).isZero();
			int port = backend.start().port();

			backend.kill();
			backend.kill();

			assertThat(backend.isRunning()).isFalse();
			assertThat(backend.start().start().port()).isEqualTo(port);
		}
	}

	@Test
	void aFailureNamesTargetAndState() {
		try (ClientConn conn = ClientConn.dial("static:127.0.0.1:1", DialOptions.builder().insecure().build())) {
			assertThatExceptionOfType(AssertionError.class).isThrownBy(
					() -> ClientConnAssert.assertThat(conn).becomes(ConnectivityState.SHUTDOWN, Duration.ofMillis(1)))
				.withMessageContaining("static:127.0.0.1:1")
				.withMessageContaining("to become SHUTDOWN");
		}
	}

	@Test
	void anInterruptedWaitFailsAndKeepsTheInterrupt() {
		try (ClientConn conn = ClientConn.dial("static:127.0.0.1:1", DialOptions.builder().insecure().build())) {
			Thread.currentThread().interrupt();
			assertThatExceptionOfType(AssertionError.class)
				.isThrownBy(() -> ClientConnAssert.assertThat(conn).becomesReady());
			assertThat(Thread.interrupted()).isTrue();
		}
	}

}
