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
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.SubmissionPublisher;

import dev.clientconn.serviceconfig.ServiceConfig;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.CallOptions;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Scenarios 98 to 101: what the service config decides, and who waits for it.
 */
class ServiceConfigScenarioTests {

	private static final String ECHO = EchoGrpc.SERVICE_NAME;

	private static final EchoRequest SLOW = EchoRequest.newBuilder().setDelayMs(60_000).build();

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	@RegisterExtension
	final Dials dials = new Dials();

	@Test
	void scenario98configBlocksBlockingDial() throws Exception {
		try (SubmissionPublisher<ServiceConfig> configs = newPublisher(); EchoServer server = EchoServer.started()) {
			CompletableFuture<ClientConn> dialling = this.dials.dialing("static:" + server.address(),
					Dials.plain().block(true).serviceConfigUpdates(configs));
			Dials.await().until(() -> server.openConnections() == 1);
			Dials.during().until(() -> !dialling.isDone());
			configs.submit(config(Dials.methodConfig(ECHO, "", "timeout", "7s")));

			assertThat(dialling.get(20, java.util.concurrent.TimeUnit.SECONDS).methodConfig(ECHO + "/Unary").timeout())
				.isEqualTo(Duration.ofSeconds(7));
		}
	}

	@Test
	void scenario98endOfConfigsReleasesBlockingDial() throws Exception {
		try (SubmissionPublisher<ServiceConfig> configs = newPublisher(); EchoServer server = EchoServer.started()) {
			CompletableFuture<ClientConn> dialling = this.dials.dialing("static:" + server.address(),
					Dials.plain().block(true).serviceConfigUpdates(configs));
			Dials.await().until(() -> server.openConnections() == 1);
			configs.close();

			ClientConn conn = dialling.get(20, java.util.concurrent.TimeUnit.SECONDS);
			assertThat(conn.methodConfig(ECHO + "/Unary").timeout()).isNull();
			assertThat(Rpc.unary(conn, Rpc.FF).await().isOk()).isTrue();
		}
	}

	@Test
	void scenario98configThatNeverComes() {
		try (SubmissionPublisher<ServiceConfig> configs = newPublisher(); EchoServer server = EchoServer.started()) {
			assertThatExceptionOfType(DialException.class)
				.isThrownBy(() -> this.dials.dial(server.address(),
						Dials.plain().block(true).timeout(Duration.ofMillis(200)).serviceConfigUpdates(configs)))
				.withMessageContaining("no service config")
				.satisfies((ex) -> assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED));
		}
	}

	@Test
	void scenario98nonBlockingDialDoesNotWaitForConfig() {
		try (SubmissionPublisher<ServiceConfig> configs = newPublisher(); EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial(server.address(), Dials.plain().serviceConfigUpdates(configs));
			assertThat(Rpc.unary(conn, Rpc.WFR).await().isOk()).isTrue();
			configs.submit(config(Dials.methodConfig(ECHO, "", "timeout", "7s")));

			Dials.await().until(() -> Duration.ofSeconds(7).equals(conn.methodConfig(ECHO + "/Unary").timeout()));
		}
	}

	/**
	 * (a) The opposite, waitForReady true in the config and fail-fast by call option,
	 * cannot be said: grpc-api's CallOptions has one value for "not set" and "without".
	 */
	@Test
	void scenario100callWaitsAgainstConfig() {
		ClientConn conn = unreachable(Dials.methodConfig(ECHO, "", "waitForReady", false, "timeout", "0.001s"));

		assertThat(Rpc.unary(conn, CallOptions.DEFAULT.withWaitForReady()).awaitCode())
			.isEqualTo(Status.Code.DEADLINE_EXCEEDED);
		assertThat(conn.methodConfig(ECHO + "/Unary").waitForReady()).isFalse();
	}

	@Test
	void scenario100configWaits() {
		ClientConn conn = unreachable(Dials.methodConfig(ECHO, "", "waitForReady", true, "timeout", "0.001s"));

		assertThat(Rpc.unary(conn, CallOptions.DEFAULT).awaitCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
	}

	@Test
	void scenario100smallerTimeoutWins() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn hour = configured(server, Dials.methodConfig(ECHO, "", "timeout", "3600s"));
			ClientConn nano = configured(server, Dials.methodConfig(ECHO, "", "timeout", "0.000000001s"));

			Status ofCall = Rpc.unary(hour, Rpc.deadline(Rpc.WFR, Duration.ofNanos(1)), SLOW).await();
			Status ofConfig = Rpc.unary(nano, Rpc.deadline(Rpc.WFR, Duration.ofHours(1)), SLOW).await();
			assertThat(ofCall.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
			assertThat(ofCall.getDescription()).contains("CallOptions deadline");
			assertThat(ofConfig.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
			assertThat(ofConfig.getDescription()).contains("service config deadline");
		}
	}

	@Test
	void scenario101configServiceDefault() {
		try (SubmissionPublisher<ServiceConfig> configs = newPublisher()) {
			ClientConn conn = this.dials.dial("static:localhost:1",
					Dials.plain()
						.dialer(ManualDialer.failing(new java.io.IOException("refused")))
						.serviceConfigUpdates(configs)
						.serviceConfig(Map.of("methodConfig",
								List.of(Dials.methodConfig(ECHO, "Unary", "waitForReady", true, "timeout", "0.001s"),
										Dials.methodConfig(ECHO, "", "waitForReady", false)))));
			assertThat(Rpc.unary(conn, Rpc.FF).awaitCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
			configs.submit(config(Dials.methodConfig(ECHO, "ServerStream", "waitForReady", true, "timeout", "0.001s"),
					Dials.methodConfig(ECHO, "", "waitForReady", false)));
			Dials.await().until(() -> Boolean.FALSE.equals(conn.methodConfig(ECHO + "/Unary").waitForReady()));

			assertThat(Rpc.unary(conn, Rpc.FF).awaitCode()).isEqualTo(Status.Code.UNAVAILABLE);
		}
	}

	private ClientConn unreachable(Map<String, Object> methodConfig) {
		ClientConn conn = this.dials.dial("static:localhost:1",
				Dials.plain()
					.dialer(ManualDialer.failing(new java.io.IOException("refused")))
					.serviceConfig(Map.of("methodConfig", List.of(methodConfig))));
		Dials.awaitState(conn, io.grpc.ConnectivityState.TRANSIENT_FAILURE);
		return conn;
	}

	private ClientConn configured(EchoServer server, Map<String, Object> methodConfig) {
		return this.dials.dial(server.address(),
				Dials.plain().block(true).serviceConfig(Map.of("methodConfig", List.of(methodConfig))));
	}

	private static SubmissionPublisher<ServiceConfig> newPublisher() {
		return new SubmissionPublisher<>(Runnable::run, 16);
	}

	@SafeVarargs
	private static ServiceConfig config(Map<String, Object>... methodConfigs) {
		return ServiceConfig.fromMap(Map.of("methodConfig", List.of(methodConfigs)));
	}

}
