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

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

import dev.clientconn.naming.Address;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.Certificates;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualResolver;
import dev.clientconn.transport.PerRpcCredentials;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.SecurityLevel;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Scenarios 113 to 116: who the server is, and what credentials and calls learn of it.
 */
class CredentialsScenarioTests {

	private static final Certificates certificates = new Certificates();

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	private final ManualResolver resolver = new ManualResolver();

	@Test
	void scenario113handshakeNameIsTarget() {
		try (EchoServer server = new EchoServer().tls(certificates.server("orders.example")).start()) {
			this.resolver.push(server.address());
			ClientConn conn = this.dials.dial("manual:///orders.example:443",
					Dials.tls(Dials.trusting(certificates)).resolver(this.resolver));

			assertThat(Rpc.unary(conn, Rpc.FF).await().isOk()).isTrue();
		}
	}

	@Test
	void scenario113resolverCannotRedirectToAnotherName() {
		try (EchoServer server = new EchoServer().tls(certificates.localhost()).start()) {
			this.resolver.push(server.address());
			ClientConn conn = this.dials.dial("manual:///orders.example:443",
					Dials.tls(Dials.trusting(certificates)).resolver(this.resolver));
			Status status = Rpc.unary(conn, Rpc.FF).await();

			assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			assertThat(status.getDescription()).contains("TLS handshake failed");
			assertThat(server.requests()).isZero();
		}
	}

	/** The audience itself is made by the credentials, from these facts. */
	@ParameterizedTest
	@ValueSource(strings = { "orders.example:443", "orders.example:8443" })
	void scenario114perRpcCredsAudience(String authority) {
		List<String> asked = new CopyOnWriteArrayList<>();
		CallCredentials recording = new CallCredentials() {
			@Override
			public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
				asked.add(info.getAuthority() + " " + info.getMethodDescriptor().getServiceName());
				assertThat(info.getSecurityLevel()).isEqualTo(SecurityLevel.PRIVACY_AND_INTEGRITY);
				applier.apply(new Metadata());
			}
		};
		try (EchoServer server = new EchoServer().tls(certificates.server("orders.example")).start()) {
			this.resolver.push(server.address());
			ClientConn conn = this.dials.dial("manual:///" + authority,
					Dials.tls(Dials.trusting(certificates))
						.resolver(this.resolver)
						.perRpcCredentials(PerRpcCredentials.of(recording)));

			assertThat(Rpc.unary(conn, Rpc.FF).await().isOk()).isTrue();
			assertThat(asked).containsExactly(authority + " " + EchoGrpc.SERVICE_NAME);
		}
	}

	@Test
	void scenario114failingCredentialsFailTheCall() {
		CallCredentials failing = new CallCredentials() {
			@Override
			public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
				executor.execute(() -> applier.fail(Status.UNAUTHENTICATED.withDescription("no token")));
			}
		};
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain());
			Status status = Rpc.unary(conn, Rpc.WFR.withCallCredentials(failing)).await();

			assertThat(status.getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
			assertThat(status.getDescription()).isEqualTo("no token");
			assertThat(server.requests()).isZero();
		}
	}

	@Test
	void scenario116peerWithoutConnection() {
		this.resolver.push(List.<Address>of());
		ClientConn conn = this.dials.dial("manual:///x", Dials.plain().resolver(this.resolver));
		ClientCall<?, ?> unstarted = conn.newCall(EchoGrpc.getUnaryMethod(), CallOptions.DEFAULT);
		Rpc failed = Rpc.unary(conn, Rpc.FF);

		assertThat(unstarted.getAttributes().keys()).isEmpty();
		assertThat(failed.awaitCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(failed.call().getAttributes().keys()).isEmpty();
	}

	@Test
	void scenario116peerOfFailedAndOkCall() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain());
			Rpc ok = Rpc.unary(conn, Rpc.WFR);
			Rpc failed = Rpc.unary(conn, Rpc.WFR, EchoRequest.newBuilder().setStatusCode(5).build());

			assertThat(ok.await().isOk()).isTrue();
			assertThat(failed.awaitCode()).isEqualTo(Status.Code.NOT_FOUND);
			for (Rpc rpc : List.of(ok, failed)) {
				assertThat(rpc.call().getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR))
					.isEqualTo(new InetSocketAddress("127.0.0.1", server.port()));
			}
		}
	}

}
