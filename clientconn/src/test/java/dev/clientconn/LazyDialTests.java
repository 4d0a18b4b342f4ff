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

import dev.clientconn.test.EchoGrpc;
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
	void lazyAndBlockExcludeEachOther() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> DialOptions.builder().insecure().lazy(true).block(true).build())
			.withMessageContaining("lazy");
	}

	private ClientConn dial() {
		return ClientConn.dial("manual:///echo",
				DialOptions.builder().insecure().resolver(this.resolver).lazy(true).build());
	}

}
