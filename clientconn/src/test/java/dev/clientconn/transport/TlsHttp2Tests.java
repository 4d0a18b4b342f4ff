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

package dev.clientconn.transport;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.testing.Certificates;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallCredentials;
import io.grpc.ChoiceChannelCredentials;
import io.grpc.CompositeChannelCredentials;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * TLS: who is trusted, and what is said when somebody is not.
 */
class TlsHttp2Tests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	private static final Certificates certificates = new Certificates();

	private final Rig rig = new Rig();

	@AfterEach
	void close() {
		this.rig.close();
	}

	@ParameterizedTest
	@EnumSource(value = SslProvider.class, names = { "JDK", "OPENSSL" })
	void callGoesOverTls(SslProvider provider) throws Exception {
		try (EchoServer server = new EchoServer().tls(certificates.localhost()).start()) {
			SslContext context = GrpcCredentials.newContextBuilder()
				.sslProvider(provider)
				.trustManager(certificates.authority().getCertificate())
				.build();
			this.rig.credentials = TransportCredentials.tls(context);
			this.rig.authority = "localhost:" + server.port();
			ClientTransport transport = this.rig.ready(server.port());

			RecordingStream call = this.rig.unary(transport, dev.clientconn.test.EchoGrpc.getUnaryMethod(),
					new byte[0]);

			assertThat(call.awaitClosed().status).isEqualTo(Status.OK);
			assertThat(transport.snapshot().security()).startsWith("TLSv1.3 TLS_");
			assertThat(transport.attributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION)).isNotNull();
		}
	}

	@Test
	void verifiesTheAuthorityAndNotTheAddress() {
		try (ScriptedHttp2Server server = ScriptedHttp2Server.tls(certificates.localhost(), (peer) -> {
		})) {
			this.rig.credentials = trusting();
			this.rig.authority = "orders.example:443";
			this.rig.connect(server.address().addr());

			Status cause = this.rig.events.awaitClosed();

			assertThat(cause.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			assertThat(cause.getDescription()).startsWith(server.address().addr() + ": TLS handshake failed: ")
				.contains("orders.example");
		}
		catch (AssertionError ex) {
			// The server sees the client leave in the handshake.
			if (this.rig.events.closed == null) {
				throw ex;
			}
		}
	}

	@ParameterizedTest
	@EnumSource(value = SslProvider.class, names = { "JDK", "OPENSSL" })
	void unknownAuthorityIsNamed(SslProvider provider) throws Exception {
		try (EchoServer server = new EchoServer().tls(certificates.localhost()).start()) {
			SslContext context = GrpcCredentials.newContextBuilder().sslProvider(provider).build();
			this.rig.credentials = TransportCredentials.tls(context);
			this.rig.connect(server.address().addr());

			Status cause = this.rig.events.awaitClosed();

			assertThat(cause.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
			assertThat(cause.getDescription()).startsWith(server.address().addr() + ": TLS handshake failed: ")
				.contains("unable to find valid certification path");
		}
	}

	@Test
	void authoritiesOfTheJvmDoNotIncludeOurs() {
		try (EchoServer server = new EchoServer().tls(certificates.localhost()).start()) {
			this.rig.credentials = TransportCredentials.tls();
			this.rig.connect(server.address().addr());

			assertThat(this.rig.events.awaitClosed().getDescription()).contains("TLS handshake failed: ")
				.contains("unable to find valid certification path");
		}
	}

	@Test
	void serverNameOverridesTheAuthority() {
		try (ScriptedHttp2Server server = ScriptedHttp2Server.tls(certificates.server("orders.example"))) {
			this.rig.credentials = trusting().withServerName("orders.example");
			this.rig.connect(server.address().addr());
			server.accept().handshake();

			this.rig.events.awaitReady();

			assertThat(this.rig.credentials.serverName()).isEqualTo("orders.example");
		}
	}

	@Test
	void serverWithoutAlpnFailsTheAttempt() {
		try (ScriptedHttp2Server server = ScriptedHttp2Server.tls(certificates.localhost(), List.of(), (peer) -> {
		})) {
			this.rig.credentials = trusting();
			this.rig.connect(server.address().addr());

			assertThat(this.rig.events.awaitClosed().getDescription())
				.contains("the server did not choose HTTP/2 in the TLS handshake");
		}
	}

	@Test
	void plaintextServerFailsTheHandshake() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((peer) -> peer.sendSettings())) {
			this.rig.credentials = trusting();
			this.rig.connect(server.address().addr());

			assertThat(this.rig.events.awaitClosed().getDescription()).contains("TLS handshake failed");
		}
	}

	@Test
	void clientCertificateIsShown() throws Exception {
		X509Bundle client = certificates.client("billing");
		try (EchoServer server = new EchoServer().tls(certificates.localhost(), certificates.authority()).start()) {
			this.rig.credentials = TransportCredentials.of(TlsChannelCredentials.newBuilder()
				.keyManager(stream(client.getCertificatePathPEM()), stream(client.getPrivateKeyPEM()))
				.trustManager(stream(certificates.authority().getCertificatePEM()))
				.build());
			ClientTransport transport = this.rig.ready(server.port());

			RecordingStream call = this.rig.unary(transport, dev.clientconn.test.EchoGrpc.getUnaryMethod(),
					new byte[0]);

			assertThat(call.awaitClosed().status).isEqualTo(Status.OK);
		}
	}

	@Test
	void supplierIsAskedAtEachHandshake() throws Exception {
		AtomicInteger asked = new AtomicInteger();
		SslContext context = GrpcCredentials.newContextBuilder()
			.trustManager(certificates.authority().getCertificate())
			.build();
		try (EchoServer server = new EchoServer().tls(certificates.localhost()).start()) {
			this.rig.credentials = TransportCredentials.tls(() -> {
				asked.incrementAndGet();
				return context;
			});
			assertThat(asked).hasValue(0);
			this.rig.ready(server.port());
			assertThat(asked).hasValue(1);
		}
	}

	@Test
	void understandsCredentialsOfGrpc() {
		CallCredentials token = new CallCredentials() {
			@Override
			public void applyRequestMetadata(RequestInfo info, java.util.concurrent.Executor executor,
					MetadataApplier applier) {
				applier.apply(new Metadata());
			}
		};

		assertThat(TransportCredentials.of(InsecureChannelCredentials.create()).isSecure()).isFalse();
		TransportCredentials composite = TransportCredentials
			.of(CompositeChannelCredentials.create(TlsChannelCredentials.create(), token));
		assertThat(composite.isSecure()).isTrue();
		assertThat(composite.callCredentials()).isSameAs(token);
		assertThat(TransportCredentials
			.of(ChoiceChannelCredentials.create(TlsChannelCredentials.newBuilder().requireFakeFeature().build(),
					InsecureChannelCredentials.create()))
			.isSecure()).isFalse();
		assertThatIllegalArgumentException()
			.isThrownBy(() -> TransportCredentials.of(TlsChannelCredentials.newBuilder().requireFakeFeature().build()))
			.withMessageContaining("unsupported features [FAKE]");
	}

	@Test
	void rejectsContextsThatCannotDoHttp2() throws Exception {
		SslContext noAlpn = SslContextBuilder.forClient().build();

		assertThatIllegalArgumentException().isThrownBy(() -> TransportCredentials.tls(noAlpn))
			.withMessageContaining("\"h2\"");
	}

	private static TransportCredentials trusting() {
		try {
			return TransportCredentials.tls(GrpcCredentials.newContextBuilder()
				.trustManager(certificates.authority().getCertificate())
				.build());
		}
		catch (Exception ex) {
			throw new AssertionError(ex);
		}
	}

	private static ByteArrayInputStream stream(String pem) {
		return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
	}

}
