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

package dev.clientconn.spring.boot.autoconfigure;

import java.time.Duration;

import dev.clientconn.ClientConn;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.spring.boot.autoconfigure.discovery.ClientConnDiscoveryAutoConfiguration;
import io.grpc.ConnectivityState;
import io.grpc.Server;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.NettyServerBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.cloud.client.discovery.DiscoveryClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is down when an application starts neither stops it nor holds it up, unless the
 * channel is told to wait; its snapshot says what is wrong.
 */
class StartUpTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(AutoConfigurations
		.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class, ClientConnDiscoveryAutoConfiguration.class));

	@ParameterizedTest
	@ValueSource(strings = { "lazy", "eager" })
	void backendsThatAreDown(String mode) {
		this.runner
			.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:1",
					"clientconn.channels.greeter.insecure=true", "clientconn.channels.greeter.connect.mode=" + mode)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				awaitCause(context.getBean(ClientConn.class), "connection refused");
			});
	}

	@Test
	void backendsThatAreDownAndAreWaitedFor() {
		this.runner
			.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:1",
					"clientconn.channels.greeter.insecure=true", "clientconn.channels.greeter.connect.mode=block",
					"clientconn.channels.greeter.connect.timeout=50ms")
			.run((context) -> assertThat(context.getStartupFailure())
				.hasStackTraceContaining("clientconn.channels.greeter.connect.mode"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "lazy", "eager" })
	void aRegistryThatIsDown(String mode) {
		DiscoveryClient registry = Mockito.mock(DiscoveryClient.class);
		Mockito.when(registry.getInstances("greeter")).thenThrow(new IllegalStateException("registry is down"));
		this.runner.withBean(DiscoveryClient.class, () -> registry)
			.withPropertyValues("clientconn.channels.greeter.target=discovery:///greeter",
					"clientconn.channels.greeter.insecure=true", "clientconn.channels.greeter.connect.mode=" + mode)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				ClientConn conn = context.getBean(ClientConn.class);
				conn.getState(true);
				Awaitility.await()
					.atMost(Duration.ofSeconds(10))
					.untilAsserted(() -> assertThat(conn.snapshot().toString()).contains("registry is down"));
			});
	}

	@Test
	void aCertificateThatIsNotTrusted() throws Exception {
		X509Bundle ofServer = certificate();
		Server server = NettyServerBuilder
			.forPort(0,
					TlsServerCredentials.newBuilder()
						.keyManager(ofServer.toTempCertChainPem(), ofServer.toTempPrivateKeyPem())
						.build())
			.build()
			.start();
		try {
			this.runner
				.withPropertyValues(
						"spring.ssl.bundle.pem.other.truststore.certificate="
								+ certificate().toTempCertChainPem().toURI(),
						"clientconn.channels.greeter.target=localhost:" + server.getPort(),
						"clientconn.channels.greeter.ssl.bundle=other",
						"clientconn.channels.greeter.connect.mode=eager")
				.run((context) -> {
					assertThat(context).hasNotFailed();
					awaitCause(context.getBean(ClientConn.class), "PKIX path validation failed");
				});
		}
		finally {
			server.shutdownNow().awaitTermination();
		}
	}

	private static void awaitCause(ClientConn conn, String cause) {
		conn.getState(true);
		Awaitility.await()
			.atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> assertThat(conn.snapshot().addresses()).isNotEmpty()
				.allSatisfy((address) -> assertThat(address).extracting(AddressState::state, AddressState::cause)
					.satisfies((stateAndCause) -> {
						assertThat(stateAndCause).first().isEqualTo(ConnectivityState.TRANSIENT_FAILURE);
						assertThat(stateAndCause).last().asString().containsIgnoringCase(cause);
					})));
	}

	private static X509Bundle certificate() throws Exception {
		return new CertificateBuilder().subject("CN=localhost")
			.setIsCertificateAuthority(true)
			.addSanDnsName("localhost")
			.buildSelfSigned();
	}

}
