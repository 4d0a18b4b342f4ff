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

package dev.clientconn.testing;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;

import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link EchoServer} and {@link Certificates}.
 */
@ExtendWith(LeakCheckExtension.class)
class EchoServerTests {

	private static final Certificates CERTIFICATES = new Certificates();

	private final EchoServer server = new EchoServer();

	private ManagedChannel channel;

	@AfterEach
	void close() throws InterruptedException {
		this.channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
		this.server.close();
	}

	@Test
	void echoesWithItsPortAfterTheDelay() {
		this.server.start();
		long start = System.nanoTime();

		EchoReply reply = stub().unary(EchoRequest.newBuilder().setMessage("hi").setDelayMs(50).build());

		assertThat(reply.getMessage()).isEqualTo("hi");
		assertThat(reply.getServer()).isEqualTo("" + this.server.port());
		assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(50).toNanos());
		assertThat(this.server.requests()).isEqualTo(1);
		assertThat(this.server.headers()).hasSize(1);
		assertThat(this.server.openConnections()).isEqualTo(1);
	}

	@Test
	void endsWithTheStatusAsked() {
		this.server.start();

		assertThat(failure(EchoRequest.newBuilder().setStatusCode(8).setStatusMessage("full").build()))
			.satisfies((status) -> assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED))
			.satisfies((status) -> assertThat(status.getDescription()).isEqualTo("full"));
	}

	@Test
	void streamsAsManyRepliesAsAsked() {
		this.server.start();

		Iterator<EchoReply> replies = stub().serverStream(EchoRequest.newBuilder().setCount(3).build());

		assertThat(replies).toIterable().hasSize(3);
	}

	@Test
	void killResetsAndStartServesTheSamePort() {
		this.server.start();
		int port = this.server.port();
		stub().unary(EchoRequest.getDefaultInstance());

		this.server.kill();
		assertThat(failure(EchoRequest.getDefaultInstance()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		this.server.start();

		assertThat(this.server.port()).isEqualTo(port);
		assertThat(stub().withWaitForReady().unary(EchoRequest.getDefaultInstance()).getServer()).isEqualTo("" + port);
	}

	@Test
	void dropConnectionsKeepsTheListener() {
		this.server.start();
		stub().unary(EchoRequest.getDefaultInstance());

		this.server.dropConnections();

		// A call that is written before the client sees the reset fails with it.
		await().atMost(Duration.ofSeconds(5))
			.ignoreException(StatusRuntimeException.class)
			.until(() -> stub().unary(EchoRequest.getDefaultInstance()).getServer().equals("" + this.server.port()));
		assertThat(this.server.connections()).isEqualTo(2);
	}

	@Test
	void stopLetsOpenCallsEnd() throws Exception {
		this.server.start();
		var future = EchoGrpc.newFutureStub(channel()).unary(EchoRequest.newBuilder().setDelayMs(100).build());
		await().atMost(Duration.ofSeconds(5)).until(() -> this.server.requests() == 1);

		this.server.stop();

		assertThat(future.get(5, TimeUnit.SECONDS).getServer()).isEqualTo("" + this.server.port());
	}

	@Test
	void countsCancellations() {
		this.server.start();
		var future = EchoGrpc.newFutureStub(channel()).unary(EchoRequest.newBuilder().setDelayMs(60_000).build());
		await().atMost(Duration.ofSeconds(5)).until(() -> this.server.requests() == 1);

		future.cancel(true);

		await().atMost(Duration.ofSeconds(5)).until(() -> this.server.cancellations() == 1);
	}

	@Test
	void goAwayLetsOpenCallsEndAndClosesConnections() throws Exception {
		this.server.start();
		var future = EchoGrpc.newFutureStub(channel()).unary(EchoRequest.newBuilder().setDelayMs(100).build());
		await().atMost(Duration.ofSeconds(5)).until(() -> this.server.requests() == 1);

		this.server.goAway();

		assertThat(future.get(5, TimeUnit.SECONDS).getServer()).isEqualTo("" + this.server.port());
		await().atMost(Duration.ofSeconds(5)).until(() -> this.server.openConnections() == 0);
	}

	@Test
	void agedConnectionsGiveWayToNewOnes() {
		this.server.goAwayAfter(Duration.ofMillis(20)).start();

		await().atMost(Duration.ofSeconds(5)).until(() -> {
			stub().unary(EchoRequest.getDefaultInstance());
			return this.server.connections() >= 3;
		});
	}

	@Test
	void closesOldConnections() {
		this.server.maxConnectionAge(Duration.ofMillis(50), Duration.ofSeconds(5)).start();
		stub().unary(EchoRequest.getDefaultInstance());

		await().atMost(Duration.ofSeconds(5)).until(() -> this.server.openConnections() == 0);
	}

	@Test
	void speaksTlsAndRequiresAClientCertificate() throws Exception {
		this.server.tls(CERTIFICATES.localhost(), CERTIFICATES.authority()).start();
		X509Bundle client = CERTIFICATES.client("tester");

		connectTls(CERTIFICATES, client);

		assertThat(stub().unary(EchoRequest.newBuilder().setMessage("tls").build()).getMessage()).isEqualTo("tls");
	}

	@Test
	void expiredAndForeignCertificatesAreRefused() throws Exception {
		this.server.tls(CERTIFICATES.expired("localhost")).start();
		connectTls(CERTIFICATES, null);
		assertThat(failure(EchoRequest.getDefaultInstance()).getCause()).hasStackTraceContaining("NotAfter");
		close();

		this.server.tls(CERTIFICATES.server("localhost")).start();
		connectTls(new Certificates(), null);
		assertThat(failure(EchoRequest.getDefaultInstance()).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
	}

	private void connectTls(Certificates trusted, X509Bundle client) throws Exception {
		var context = GrpcSslContexts.forClient().trustManager(trusted.authority().getCertificate());
		if (client != null) {
			context.keyManager(client.toKeyManagerFactory());
		}
		this.channel = NettyChannelBuilder.forAddress("localhost", this.server.port())
			.sslContext(context.build())
			.build();
	}

	private ManagedChannel channel() {
		if (this.channel == null) {
			this.channel = NettyChannelBuilder.forAddress("127.0.0.1", this.server.port()).usePlaintext().build();
		}
		return this.channel;
	}

	private EchoGrpc.EchoBlockingStub stub() {
		return EchoGrpc.newBlockingStub(channel()).withDeadlineAfter(10, TimeUnit.SECONDS);
	}

	private Status failure(EchoRequest request) {
		return assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> stub().unary(request))
			.actual()
			.getStatus();
	}

}
