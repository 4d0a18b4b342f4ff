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

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Attempts to connect, and what they say when they fail.
 */
class ConnectAttemptHttp2Tests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	private final ScriptedHttp2Server server = new ScriptedHttp2Server();

	private final Rig rig = new Rig();

	@AfterEach
	void close() {
		this.rig.close();
		this.server.close();
	}

	@Test
	void silentServerFailsTheAttempt() {
		this.rig.timeout = Duration.ofMillis(200);
		this.rig.connect(this.server.address().addr());
		this.server.accept();

		Status cause = this.rig.events.awaitClosed();

		assertThat(cause.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(cause.getDescription()).isEqualTo(this.server.address().addr() + ": no SETTINGS within 200 ms");
		assertThat(this.rig.events.readyCalls).isZero();
	}

	@Test
	void http1ServerIsNamed() {
		this.rig.connect(this.server.address().addr());
		this.server.accept().sendRaw("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));

		assertThat(this.rig.events.awaitClosed().getDescription())
			.isEqualTo(this.server.address().addr() + ": the server answered with HTTP/1.1 instead of HTTP/2");
	}

	@Test
	void tlsServerIsNamed() {
		this.rig.connect(this.server.address().addr());
		this.server.accept().sendRaw(new byte[] { 0x15, 0x03, 0x01, 0, 2, 2, 70 });

		assertThat(this.rig.events.awaitClosed().getDescription()).contains("expects TLS");
	}

	@Test
	void garbageFailsTheAttempt() {
		this.rig.connect(this.server.address().addr());
		this.server.accept().sendRaw("SSH-2.0-OpenSSH_9".getBytes(StandardCharsets.US_ASCII));

		assertThat(this.rig.events.awaitClosed().getDescription()).contains("does not speak HTTP/2");
	}

	@Test
	void firstFrameMustBeSettings() {
		this.rig.connect(this.server.address().addr());
		this.server.accept().sendPing(1);

		assertThat(this.rig.events.awaitClosed().getDescription()).contains("first frame is not SETTINGS");
	}

	@Test
	void closeBeforeSettingsFailsTheAttempt() {
		this.rig.connect(this.server.address().addr());
		Peer peer = this.server.accept();
		peer.readPreface();
		peer.close();

		assertThat(this.rig.events.awaitClosed().getDescription())
			.contains("the server closed the connection before it sent SETTINGS");
	}

	@Test
	void refusedConnectionIsNamed() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
			port = socket.getLocalPort();
		}
		this.rig.connect("127.0.0.1:" + port);

		Status cause = this.rig.events.awaitClosed();

		assertThat(cause.getDescription()).isEqualTo("127.0.0.1:" + port + ": connection refused");
		assertThat(cause.getCause()).isInstanceOf(IOException.class);
	}

	@Test
	void unknownHostIsNamed() {
		this.rig.connect("no-such-host.invalid:80");

		assertThat(this.rig.events.awaitClosed().getDescription()).startsWith("no-such-host.invalid:80: unknown host");
	}

	@Test
	void hostNameIsLookedUpAndAllItsAddressesAreTried() {
		this.rig.connect("localhost:" + this.server.port());
		this.server.accept().handshake();

		this.rig.events.awaitReady();
	}

	@Test
	void closeGivesAnAttemptUp() {
		this.rig.connect(this.server.address().addr());
		Peer peer = this.server.accept();
		peer.readPreface();

		this.rig.transport.close(Status.CANCELLED.withDescription("changed my mind"));

		assertThat(this.rig.events.awaitClosed().getDescription()).isEqualTo("changed my mind");
		peer.expectEof();
	}

}
