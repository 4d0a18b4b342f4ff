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

import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.Certificates;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ScriptedHttp2Server;
import dev.clientconn.transport.TransportCredentials;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.grpc.TlsChannelCredentials;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Servers that are not what they should be: calls are UNAVAILABLE and say why, attempts
 * go on with backoff.
 */
class PeerFailureTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	private final Certificates certificates = new Certificates();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@Test
	void silentPeer() {
		ScriptedHttp2Server server = this.scenario.scripted((peer) -> peer.hang());
		// Only here: elsewhere a slow machine could turn the reason into this one.
		assertUnavailable(server, Scenario.options().minConnectTimeout(Duration.ofMillis(100)), "no SETTINGS",
				"100 ms");
	}

	@Test
	void peerThatSpeaksHttp1() {
		ScriptedHttp2Server server = this.scenario.scripted((peer) -> {
			peer.readPreface();
			peer.sendRaw("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		});
		assertUnavailable(server, "HTTP/1");
	}

	@Test
	void peerThatSpeaksGarbage() {
		ScriptedHttp2Server server = this.scenario.scripted((peer) -> {
			peer.readPreface();
			peer.sendRaw(new byte[] { 0x15, 3, 3, 0, 2, 2, 40, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 });
		});
		assertUnavailable(server, "127.0.0.1:" + server.port());
	}

	@Test
	void peerThatHangsUp() {
		ScriptedHttp2Server server = this.scenario.scripted((peer) -> {
			peer.readPreface();
			peer.close();
		});
		assertUnavailable(server, "before it sent SETTINGS");
	}

	@Test
	void nobodyListens() {
		ScriptedHttp2Server server = this.scenario.scripted();
		server.close();
		ClientConn conn = this.scenario.dial(server);
		Status status = CallRecorder.unary(conn, "x").awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getDescription()).containsIgnoringCase("refused").contains("127.0.0.1:" + server.port());
		assertThat(status.getCause()).isNotNull();
	}

	@Test
	void certificateForAnotherName() {
		assertTlsFails(this.certificates.server("other.example"), "localhost");
	}

	@Test
	void certificateThatExpired() {
		assertTlsFails(this.certificates.expired("localhost"), "NotAfter");
	}

	@Test
	void certificateOfAnotherAuthority() {
		assertTlsFails(new Certificates().localhost(), "TLS handshake failed");
	}

	@Test
	void tlsThatIsRight() {
		EchoServer server = this.scenario.with(new EchoServer().tls(this.certificates.localhost()).start());
		ClientConn conn = dialTls(server);
		assertThat(Scenario.ask(conn, CallOptions.DEFAULT)).isEqualTo(Integer.toString(server.port()));
		assertThat(
				EchoGrpc.newBlockingStub(conn).unary(EchoRequest.newBuilder().setMessage("hello").build()).getMessage())
			.isEqualTo("hello");
	}

	private void assertUnavailable(ScriptedHttp2Server server, String... reasons) {
		assertUnavailable(server, Scenario.options(), reasons);
	}

	private void assertUnavailable(ScriptedHttp2Server server, DialOptions.Builder options, String... reasons) {
		ClientConn conn = this.scenario.dial(server, options);
		Status status = CallRecorder.unary(conn, "x").awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getDescription()).contains(reasons);
		server.accept();
		server.accept();
		Scenario.assertSecondAttemptIsSpaced(conn);
		assertThat(conn.getState(false)).isNotEqualTo(ConnectivityState.READY);
	}

	private void assertTlsFails(X509Bundle certificate, String reason) {
		EchoServer server = this.scenario.with(new EchoServer().tls(certificate).start());
		ClientConn conn = dialTls(server);
		Status status = CallRecorder.unary(conn, "x").awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getDescription()).contains(reason).contains("127.0.0.1:" + server.port());
		assertThat(server.requests()).isZero();
	}

	private ClientConn dialTls(EchoServer server) {
		try {
			TransportCredentials credentials = TransportCredentials.of(TlsChannelCredentials.newBuilder()
				.trustManager(this.certificates.authority().toTempCertChainPem())
				.build());
			return this.scenario.dial("static:127.0.0.1:" + server.port(),
					DialOptions.builder()
						.transportCredentials(credentials.withServerName("localhost"))
						.backoff(Scenario.backoff(Duration.ofMillis(100))));
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

}
