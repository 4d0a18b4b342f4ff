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
import dev.clientconn.spring.boot.autoconfigure.ClientConns;
import dev.clientconn.spring.boot.test.EchoApplication.EchoClient;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.annotation.Import;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * A server with the services of the context, in place of all targets.
 */
@SpringBootTest(properties = "clientconn.defaults.backoff.base-delay=10ms")
@AutoConfigureTestClientConn
@Import(EchoService.class)
class OutageTests {

	@Autowired
	private EchoClient client;

	@Autowired
	private TestBackend backend;

	@Autowired
	@Qualifier("echo")
	private ClientConn echo;

	@AfterEach
	void restart() {
		this.backend.start();
		ClientConnAssert.assertThat(this.echo).becomesReady();
	}

	@Test
	void survivesAnOutage() {
		this.client.echo("before");

		this.backend.stop();
		assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> this.client.echo("during"))
			.extracting((failure) -> failure.getStatus().getCode())
			.isEqualTo(Status.Code.UNAVAILABLE);

		this.backend.start();
		ClientConnAssert.assertThat(this.echo).becomesReady();
		assertThat(this.client.echo("after")).isEqualTo("after");
	}

	@Test
	void allChannelsArePointedAtTheServer(@Autowired ClientConns clientConns) {
		for (String channel : clientConns.names()) {
			ClientConn conn = clientConns.get(channel);
			ClientConnAssert.assertThat(conn).becomesReady();
			assertThat(conn.target()).isEqualTo("test-server:///" + channel);
			assertThat(conn.snapshot().security()).isEqualTo("plaintext");
			assertThat(conn.snapshot().addresses()).singleElement()
				.satisfies((address) -> assertThat(address.address()).isEqualTo(this.backend.address()));
		}
		assertThat(clientConns.names()).containsExactlyInAnyOrder("echo", "audit");
	}

	@Test
	void aStateThatDoesNotComeIsExplained() {
		this.client.echo("before");
		this.backend.kill();
		ClientConnAssert.assertThat(this.echo).becomes(ConnectivityState.TRANSIENT_FAILURE, Duration.ofSeconds(10));

		assertThatExceptionOfType(AssertionError.class)
			.isThrownBy(() -> ClientConnAssert.assertThat(this.echo)
				.becomes(ConnectivityState.READY, Duration.ofMillis(100)))
			.withMessageContaining("test-server:///echo")
			.withMessageContaining("to become READY within PT0.1S")
			.withMessageContaining(this.backend.address() + " ");
	}

}
