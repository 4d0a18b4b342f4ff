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

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for calls that are sent again to a grpc-java server, through generated stubs.
 */
class RetryServerTests {

	private static final Metadata.Key<String> PREVIOUS = Metadata.Key.of("grpc-previous-rpc-attempts",
			Metadata.ASCII_STRING_MARSHALLER);

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	/** Of all requests, also of those that were refused. */
	private final List<Metadata> headers = new CopyOnWriteArrayList<>();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@Test
	void callIsSentUntilItSucceeds() {
		EchoServer server = failing(2);
		ClientConn conn = dial(RetryRig.retryPolicy("initialBackoff", "0.001s"), server);

		EchoReply reply = EchoGrpc.newBlockingStub(conn).unary(EchoRequest.newBuilder().setMessage("ping").build());

		assertThat(reply.getMessage()).isEqualTo("ping");
		assertThat(this.headers).extracting((headers) -> headers.get(PREVIOUS)).containsExactly(null, "1", "2");
	}

	@Test
	void attemptsEnd() {
		EchoServer server = this.scenario.echo();
		ClientConn conn = dial(RetryRig.retryPolicy("initialBackoff", "0.001s"), server);

		Status status = Rpc
			.unary(conn, Rpc.FF, EchoRequest.newBuilder().setStatusCode(Status.Code.UNAVAILABLE.value()).build())
			.await();

		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(server.requests()).isEqualTo(4);
	}

	@Test
	void wholeStreamIsSentAgain() {
		EchoServer server = failing(1);
		ClientConn conn = dial(RetryRig.retryPolicy("initialBackoff", "0.001s"), server);
		Replies replies = new Replies(1000);

		EchoGrpc.newStub(conn).clientStream(replies);

		Scenario.soon().until(() -> replies.ended);
		assertThat(replies.error).isNull();
		assertThat(replies.message).isEqualTo("1000");
	}

	@Test
	void callsOfManyThreadsAreSentAgain() {
		EchoServer first = failing(200);
		EchoServer second = this.scenario.echo();
		ClientConn conn = dial(RetryRig.retryPolicy("initialBackoff", "0.001s"), first, second);

		List<Rpc> calls = IntStream.range(0, 300).parallel().mapToObj((i) -> Rpc.unary(conn, Rpc.FF)).toList();

		assertThat(calls).allSatisfy((call) -> assertThat(call.await()).isEqualTo(Status.OK));
		assertThat(conn.snapshot().callsStarted()).isEqualTo(300);
	}

	@Test
	void serverThatDoesNotAnswerIsHedged() {
		AtomicBoolean answers = new AtomicBoolean(true);
		EchoServer silent = intercepted(new ServerInterceptor() {
			@Override
			public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers,
					ServerCallHandler<Q, R> next) {
				return answers.get() ? next.startCall(call, headers) : new ServerCall.Listener<>() {
				};
			}
		});
		EchoServer good = this.scenario.echo();
		ClientConn conn = dial(RetryRig.hedgingPolicy("hedgingDelay", "0.01s"), silent, good);
		// The balancer hears of a connection last.
		Scenario.soon().until(() -> {
			Scenario.ask(conn, CallOptions.DEFAULT);
			return silent.requests() > 0 && good.requests() > 0;
		});
		answers.set(false);

		for (int i = 0; i < 20; i++) {
			assertThat(Scenario.ask(conn, CallOptions.DEFAULT)).isEqualTo("" + good.port());
		}
	}

	private EchoServer failing(int times) {
		AtomicInteger left = new AtomicInteger(times);
		return intercepted(new ServerInterceptor() {
			@Override
			public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers,
					ServerCallHandler<Q, R> next) {
				if (left.getAndDecrement() > 0) {
					call.close(Status.UNAVAILABLE.withDescription("not yet"), new Metadata());
					return new ServerCall.Listener<>() {
					};
				}
				return next.startCall(call, headers);
			}
		});
	}

	private EchoServer intercepted(ServerInterceptor interceptor) {
		List<Metadata> all = this.headers;
		return this.scenario
			.with(new EchoServer().with((builder) -> builder.intercept(interceptor).intercept(new ServerInterceptor() {
				@Override
				public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers,
						ServerCallHandler<Q, R> next) {
					all.add(headers);
					return next.startCall(call, headers);
				}
			})).start());
	}

	private ClientConn dial(Map<String, Object> policy, EchoServer... servers) {
		String target = Arrays.stream(servers)
			.map((each) -> each.address().addr())
			.collect(Collectors.joining(",", "static:", ""));
		ClientConn conn = this.scenario.dial(target,
				Scenario.options()
					.balancer("round_robin")
					.serviceConfig(RetryRig.config(policy))
					.retry(RetryOptions.DEFAULT.withBudget(new RetryOptions.Budget(1, 1000))));
		RetryRig.awaitReady(conn, servers.length);
		return conn;
	}

	/** Sends messages as the call becomes ready for them. */
	private static final class Replies implements ClientResponseObserver<EchoRequest, EchoReply> {

		private final int count;

		private int sent;

		private volatile String message;

		private volatile Throwable error;

		private volatile boolean ended;

		Replies(int count) {
			this.count = count;
		}

		@Override
		public void beforeStart(ClientCallStreamObserver<EchoRequest> requests) {
			requests.setOnReadyHandler(() -> {
				while (requests.isReady() && this.sent < this.count) {
					requests.onNext(EchoRequest.newBuilder().setMessage("m" + this.sent++).build());
					if (this.sent == this.count) {
						requests.onCompleted();
					}
				}
			});
		}

		@Override
		public void onNext(EchoReply reply) {
			this.message = reply.getMessage();
		}

		@Override
		public void onError(Throwable ex) {
			this.error = ex;
			this.ended = true;
		}

		@Override
		public void onCompleted() {
			this.ended = true;
		}

	}

}
