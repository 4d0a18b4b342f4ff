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
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.serviceconfig.ServiceConfig;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FakeScheduler;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ManualResolver;
import dev.clientconn.transport.PerRpcCredentials;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ConnectivityState;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Updates that touch no connection.
 */
class UpdateInPlaceTests {

	private static final String ECHO = EchoGrpc.SERVICE_NAME;

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	@RegisterExtension
	final Dials dials = new Dials();

	@Test
	void callsThatStartLaterFollowTheNewOptions() {
		try (EchoServer server = EchoServer.started()) {
			String target = "static:" + server.address();
			ClientConn conn = this.dials.dial(target, Dials.quick());
			EchoRequest slow = EchoRequest.newBuilder().setDelayMs(600).build();
			EchoRequest big = EchoRequest.newBuilder().setMessage("x".repeat(2000)).build();
			try (Load load = Load.on(conn, 4)) {
				Rpc before = Rpc.unary(conn, CallOptions.DEFAULT, slow);

				update(conn, target, options().defaultDeadline(Duration.ofMillis(100)), () -> {
					Status status = Rpc.unary(conn, CallOptions.DEFAULT, slow).await();
					return status.getCode() == Status.Code.DEADLINE_EXCEEDED;
				});
				assertThat(before.await().isOk()).as("a call keeps the options it started with").isTrue();

				update(conn, target, options().maxInboundMessageSize(1000),
						() -> Rpc.unary(conn, Rpc.FF, big).awaitCode() == Status.Code.RESOURCE_EXHAUSTED);
				AtomicInteger intercepted = new AtomicInteger();
				update(conn, target, options().unaryInterceptor(counting(intercepted)), () -> {
					assertThat(Rpc.unary(conn, Rpc.FF, big).await().isOk()).isTrue();
					return intercepted.get() > 0;
				});
				Metadata.Key<String> token = Metadata.Key.of("x-token", Metadata.ASCII_STRING_MARSHALLER);
				update(conn, target,
						options().perRpcCredentials(new PerRpcCredentials(new Adding(token, "abc"), false)), () -> {
							Rpc.unary(conn, Rpc.FF).await();
							return server.headers().stream().anyMatch((headers) -> "abc".equals(headers.get(token)));
						});
				load.awaitMore(20);
				load.stopWithoutFailure();
			}
			assertThat(server.connections()).isEqualTo(1);
			assertThat(conn.snapshot().pendingUpdate()).isNull();
		}
	}

	@Test
	void anEqualUpdateIsNone() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = ClientConn.dial("static:" + server.address(), Dials.quick().build());
			try {
				assertThat(Rpc.unary(conn, Rpc.WFR).await().isOk()).isTrue();
				CountingExecutor executor = new CountingExecutor();
				conn.update("static:" + server.address(), Dials.quick().executor(executor).build());
				Dials.await().until(() -> used(conn, executor));
				ConnectivitySnapshot before = conn.snapshot();

				conn.update("static:" + server.address(),
						Dials.quick().executor(executor).block(true).timeout(Duration.ofSeconds(1)).build());

				// Updates are made in turn: when this one is, that one was.
				CountingExecutor next = new CountingExecutor();
				conn.update("static:" + server.address(), Dials.quick().executor(next).build());
				Dials.await().until(() -> used(conn, next));
				assertThat(conn.snapshot().addresses().get(0).events()).isEqualTo(before.addresses().get(0).events());
				assertThat(server.connections()).isEqualTo(1);
			}
			finally {
				conn.shutdownNow();
			}
		}
	}

	@Test
	void whatDoesNotFitChangesNothing() {
		try (EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial("static:" + server.address(), Dials.quick());
			try (Load load = Load.on(conn, 4)) {
				assertThatIllegalArgumentException()
					.isThrownBy(() -> conn.update("static:127.0.0.1:port", options().build()))
					.withMessageContaining("port");
				assertThatIllegalArgumentException().isThrownBy(() -> conn.update("zk:///x", options().build()))
					.withMessageContaining("zk");
				assertThatIllegalArgumentException()
					.isThrownBy(() -> conn.update("static:" + server.address(), DialOptions.builder().build()))
					.withMessageContaining("no transport security");
				load.awaitMore(20);
				load.stopWithoutFailure();
			}
			assertThat(conn.target()).isEqualTo("static:" + server.address());
			assertThat(server.connections()).isEqualTo(1);
		}
	}

	@Test
	void attemptsFromNowOnWaitAsTheNewBackoffSays() {
		FakeScheduler scheduler = leaks.watch(new FakeScheduler());
		ManualDialer dialer = ManualDialer.failing(new java.io.IOException("refused"));
		ClientConn conn = this.dials.dial("static:127.0.0.1:1",
				backoff(Dials.plain(), Duration.ofSeconds(100)).scheduler(scheduler).dialer(dialer));
		Dials.awaitState(conn, ConnectivityState.TRANSIENT_FAILURE);
		assertThat(dialer.count()).isEqualTo(1);

		// The one wait that has begun is not shortened.
		this.dials.update(conn, "static:127.0.0.1:1",
				backoff(Dials.plain(), Duration.ofSeconds(3)).scheduler(scheduler).dialer(dialer));
		scheduler.advance(Duration.ofSeconds(99));
		assertThat(dialer.count()).isEqualTo(1);
		scheduler.advance(Duration.ofSeconds(1));
		dialer.await(1);
		Dials.await()
			.until(() -> scheduler.pending().stream().anyMatch((each) -> each.delay().equals(Duration.ofSeconds(3))));
		scheduler.advance(Duration.ofSeconds(3));

		dialer.await(2);
		assertThat(conn.snapshot().pendingUpdate()).isNull();
		conn.shutdownNow();
	}

	@Test
	void theNewDrainTimeoutBoundsDrainsThatBeginLater() {
		try (EchoServer one = EchoServer.started(); EchoServer two = EchoServer.started()) {
			ManualResolver resolver = new ManualResolver();
			resolver.push(one.address());
			ClientConn conn = this.dials.dial("manual:///x", Dials.quick().resolver(resolver));
			Rpc open = Rpc.bidi(conn, Rpc.WFR);
			Dials.await().until(() -> !open.replies().isEmpty());

			CountingExecutor executor = new CountingExecutor();
			update(conn, "manual:///x",
					options().resolver(resolver).drainTimeout(Duration.ofMillis(50)).executor(executor),
					() -> used(conn, executor));
			resolver.push(two.address());

			assertThat(open.await().getDescription()).contains("did not end within 50 ms");
			assertThat(one.connections()).isEqualTo(1);
		}
	}

	@Test
	void deliveredServiceConfigsOutliveAnUpdate() {
		try (SubmissionPublisher<ServiceConfig> configs = new SubmissionPublisher<>(Runnable::run, 16);
				EchoServer server = EchoServer.started()) {
			ClientConn conn = this.dials.dial("static:" + server.address(),
					Dials.quick().serviceConfigUpdates(configs));
			configs.submit(timeout("7s"));
			assertThat(conn.methodConfig(ECHO + "/Unary").timeout()).isEqualTo(Duration.ofSeconds(7));

			CountingExecutor executor = new CountingExecutor();
			update(conn, "static:" + server.address(),
					options().serviceConfigUpdates(configs).executor(executor).serviceConfig(timeoutMap("9s")),
					() -> used(conn, executor));
			assertThat(conn.methodConfig(ECHO + "/Unary").timeout()).isEqualTo(Duration.ofSeconds(7));

			this.dials.update(conn, "static:" + server.address(), options().serviceConfig(timeoutMap("9s")));
			Dials.await().until(() -> Duration.ofSeconds(9).equals(conn.methodConfig(ECHO + "/Unary").timeout()));
			Dials.await().until(() -> configs.getNumberOfSubscribers() == 0);
		}
	}

	private static DialOptions.Builder options() {
		return Dials.quick();
	}

	private void update(ClientConn conn, String target, DialOptions.Builder options,
			java.util.concurrent.Callable<Boolean> inForce) {
		this.dials.update(conn, target, options);
		Dials.await().until(inForce);
	}

	private static boolean used(ClientConn conn, CountingExecutor executor) {
		Rpc.unary(conn, Rpc.FF).await();
		return executor.count.get() > 0;
	}

	private static DialOptions.Builder backoff(DialOptions.Builder options, Duration delay) {
		return options.backoff(new BackoffConfig(delay, 1, 0, delay, false));
	}

	private static ServiceConfig timeout(String timeout) {
		return ServiceConfig.fromMap(timeoutMap(timeout));
	}

	private static Map<String, Object> timeoutMap(String timeout) {
		return Map.of("methodConfig", List.of(Dials.methodConfig(ECHO, "", "timeout", timeout)));
	}

	private static ClientInterceptor counting(AtomicInteger count) {
		return new ClientInterceptor() {

			@Override
			public <ReqT, RespT> ClientCall<ReqT, RespT> interceptCall(MethodDescriptor<ReqT, RespT> method,
					CallOptions options, Channel next) {
				count.incrementAndGet();
				return next.newCall(method, options);
			}

		};
	}

	private static final class CountingExecutor implements java.util.concurrent.Executor {

		private final AtomicInteger count = new AtomicInteger();

		@Override
		public void execute(Runnable task) {
			this.count.incrementAndGet();
			task.run();
		}

	}

	private static final class Adding extends CallCredentials {

		private final Metadata headers = new Metadata();

		Adding(Metadata.Key<String> key, String value) {
			this.headers.put(key, value);
		}

		@Override
		public void applyRequestMetadata(RequestInfo info, java.util.concurrent.Executor executor,
				MetadataApplier applier) {
			applier.apply(this.headers);
		}

	}

}
