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

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.test.AutoConfigureTestClientConn.Server;
import dev.clientconn.spring.boot.test.EchoApplication.EchoClient;
import dev.clientconn.test.EchoRequest;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.grpc.server.lifecycle.GrpcServerLifecycle;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The gRPC server is the one that Boot starts for the application.
 */
@SpringBootTest(properties = "spring.grpc.server.port=0")
@AutoConfigureTestClientConn(server = Server.APPLICATION)
@Import(EchoService.class)
class ApplicationServerTests {

	@Autowired
	private EchoClient client;

	@Autowired
	@Qualifier("echo")
	private ClientConn echo;

	@Autowired
	private GrpcServerLifecycle server;

	@Test
	void callsReachTheServerOfTheApplication() {
		assertThat(this.client.echo("hello")).isEqualTo("hello");
		assertThat(port()).isEqualTo(this.server.getPort());
	}

	/** As the context cache does it while the tests of another context run. */
	@Test
	void afterAPauseOfTheContextTheServerIsFoundOnItsNewPort(@Autowired ConfigurableApplicationContext context) {
		this.client.echo("before");

		context.pause();
		assertThat(this.server.isRunning()).isFalse();
		context.restart();

		assertThat(this.client.stub()
			.withWaitForReady()
			.unary(EchoRequest.newBuilder().setMessage("after").build())
			.getMessage()).isEqualTo("after");
		assertThat(port()).isEqualTo(this.server.getPort());
	}

	private int port() {
		String address = this.echo.snapshot().addresses().get(0).address();
		return Integer.parseInt(address.substring(address.lastIndexOf(':') + 1));
	}

}
