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

package dev.clientconn.spring.boot.autoconfigure.observation;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.DialOptionsCustomizer;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.AutoReply.Reply;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.FrameType;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.binder.grpc.ObservationGrpcClientInterceptor;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.data.EventData;
import io.opentelemetry.sdk.trace.data.SpanData;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * The spans of calls to real servers, and the trace context on the wire.
 */
class TracedCallsTests {

	private static final String METHOD = EchoGrpc.getUnaryMethod().getFullMethodName().replace('/', '.');

	private static final EchoRequest PING = EchoRequest.newBuilder().setMessage("ping").build();

	private static final Metadata.Key<String> TRACEPARENT = Metadata.Key.of("traceparent",
			Metadata.ASCII_STRING_MARSHALLER);

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClientConnAutoConfiguration.class,
				ClientConnObservationAutoConfiguration.class, ObservationAutoConfiguration.class))
		.withUserConfiguration(Tracing.class)
		.withPropertyValues("clientconn.channels.greeter.insecure=true",
				"clientconn.channels.greeter.call.wait-for-ready=true");

	@Test
	void theSpanOfTheCallerTheCallItsAttemptAndTheWireAreOneTrace() {
		onEchoServer((server, context) -> {
			Observation inbound = Observation.start("inbound", context.getBean(ObservationRegistry.class));
			inbound.scoped(() -> {
				stub(context).unary(PING);
			});
			inbound.stop();

			List<SpanData> spans = awaitSpans(context, 3);
			SpanData attempt = span(spans, "Attempt." + METHOD);
			SpanData call = span(spans, "Sent." + METHOD);
			assertThat(attempt.getParentSpanId()).isEqualTo(call.getSpanId());
			assertThat(attempt.getKind()).isEqualTo(SpanKind.CLIENT);
			assertThat(call.getParentSpanId()).isEqualTo(span(spans, "inbound").getSpanId());
			assertThat(spans).extracting(SpanData::getTraceId).containsOnly(call.getTraceId());
			assertThat(traceparents(server)).containsExactly(List.of(traceparent(attempt)));
			assertThat(text(attempt, "network.peer.address")).isEqualTo("127.0.0.1:" + server.port());
			assertThat(text(attempt, "previous-rpc-attempts")).isEqualTo("0");
			assertThat(text(attempt, "transparent-retry")).isEqualTo("false");
			assertThat(text(call, "clientconn.channel")).isEqualTo("greeter");
			assertThat(text(call, "grpc.status_code")).isEqualTo("OK");
			assertThat(attempt.getEvents()).extracting(EventData::getName)
				.startsWith("Outbound message, sequence-number 0, message-size " + PING.getSerializedSize())
				.element(1)
				.asString()
				.startsWith("Inbound message, sequence-number 0, message-size ");
		});
	}

	@Test
	void aCallThatIsRepeatedHasASpanPerAttempt() {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server((peer) -> {
			peer.handshake();
			peer.autoReply((streamId, headers, message) -> (streamId == 1) ? Reply.rst(7) : Reply.message(new byte[0]));
		})) {
			this.runner.withPropertyValues("clientconn.channels.greeter.target=static:" + server.address())
				.run((context) -> {
					stub(context).unary(PING);

					List<SpanData> spans = awaitSpans(context, 3);
					List<SpanData> attempts = spans.stream()
						.filter((span) -> span.getName().startsWith("Attempt."))
						.toList();
					assertThat(attempts).extracting((span) -> text(span, "transparent-retry"))
						.containsExactly("false", "true");
					assertThat(attempts).extracting((span) -> text(span, "grpc.status_code"))
						.containsExactly("UNAVAILABLE", "OK");
					List<List<String>> sent = server.peers()
						.get(0)
						.frames(FrameType.HEADERS)
						.stream()
						.map((frame) -> frame.headers("traceparent"))
						.toList();
					assertThat(sent).containsExactly(List.of(traceparent(attempts.get(0))),
							List.of(traceparent(attempts.get(1))));
				});
		}
	}

	@Test
	void spansEndWithACancelledCall() {
		onEchoServer((server, context) -> {
			Context.CancellableContext cancellable = Context.current().withCancellation();
			CompletableFuture<Void> ended = new CompletableFuture<>();
			cancellable.run(() -> EchoGrpc.newStub(context.getBean(ClientConn.class)).bidi(new Ending(ended)));
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> !server.headers().isEmpty());
			cancellable.cancel(null);

			assertThat(ended).failsWithin(Duration.ofSeconds(20));
			assertThat(awaitSpans(context, 2)).allSatisfy((span) -> {
				assertThat(text(span, "grpc.status_code")).isEqualTo("CANCELLED");
				assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
			});
		});
	}

	@Test
	void spansEndWithTheDeadline() {
		onEchoServer((server, context) -> {
			assertThatExceptionOfType(StatusRuntimeException.class)
				.isThrownBy(() -> EchoGrpc.newBlockingStub(context.getBean(ClientConn.class))
					.withDeadlineAfter(200, TimeUnit.MILLISECONDS)
					.unary(PING.toBuilder().setDelayMs(60_000).build()));

			assertThat(awaitSpans(context, 2)).allSatisfy((span) -> assertThat(text(span, "grpc.status_code"))
				.isEqualTo(Status.Code.DEADLINE_EXCEEDED.name()));
		});
	}

	@Test
	void aStreamDoesNotFillItsSpan() {
		onEchoServer((server, context) -> {
			CompletableFuture<Void> ended = new CompletableFuture<>();
			StreamObserver<EchoRequest> requests = EchoGrpc.newStub(context.getBean(ClientConn.class))
				.bidi(new Ending(ended));
			IntStream.range(0, 200).forEach((i) -> requests.onNext(PING));
			requests.onCompleted();

			assertThat(ended).succeedsWithin(Duration.ofSeconds(20));
			assertThat(span(awaitSpans(context, 2),
					"Attempt." + EchoGrpc.getBidiMethod().getFullMethodName().replace('/', '.'))
				.getEvents()).hasSize(2 * AttemptObservation.MAX_MESSAGE_EVENTS);
		});
	}

	@Test
	void aCallThatFindsNoAddressHasItsSpans() {
		this.runner
			.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:1",
					"clientconn.channels.greeter.call.wait-for-ready=false")
			.run((context) -> {
				assertThatExceptionOfType(StatusRuntimeException.class).isThrownBy(() -> stub(context).unary(PING));
				assertThat(awaitSpans(context, 2)).extracting((span) -> text(span, "grpc.status_code"))
					.containsOnly("UNAVAILABLE");
			});
	}

	@Test
	void observationsMayBeSwitchedOffByName() {
		try (EchoServer server = EchoServer.started()) {
			this.runner
				.withPropertyValues("clientconn.channels.greeter.target=static:" + server.address(),
						"management.observations.enable.clientconn.rpc=false")
				.run((context) -> {
					stub(context).unary(PING);
					context.getBean(ClientConn.class).close();
					assertThat(context.getBean(InMemorySpanExporter.class).getFinishedSpanItems()).isEmpty();
					assertThat(traceparents(server)).containsExactly(List.of());
				});
		}
	}

	@Test
	void aCallThatCannotBeStartedEndsItsSpan() {
		onEchoServer((server, context) -> {
			ClientCall<EchoRequest, EchoReply> call = context.getBean(ClientConn.class)
				.newCall(EchoGrpc.getUnaryMethod(), CallOptions.DEFAULT);
			call.cancel("early", null);
			for (int i = 0; i < 2; i++) {
				assertThatIllegalStateException().isThrownBy(() -> call.start(new ClientCall.Listener<>() {
				}, new Metadata()));
			}

			assertThat(awaitSpans(context, 1)).singleElement()
				.satisfies((span) -> assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR));
		});
	}

	@Test
	void aCallThatMicrometersInterceptorObservesIsObservedOnce() {
		onEchoServer((server, context) -> {
			Channel observed = ClientInterceptors.intercept(context.getBean(ClientConn.class),
					new ObservationGrpcClientInterceptor(context.getBean(ObservationRegistry.class)));
			EchoGrpc.newBlockingStub(observed).unary(PING);

			assertObservedOnce(context, server);
		});
	}

	@Test
	void alsoIfThatInterceptorBelongsToTheChannel() {
		try (EchoServer server = EchoServer.started()) {
			this.runner.withUserConfiguration(MicrometersInterceptor.class)
				.withPropertyValues("clientconn.channels.greeter.target=static:" + server.address())
				.run((context) -> {
					stub(context).unary(PING);
					assertObservedOnce(context, server);
				});
		}
	}

	private static void assertObservedOnce(ApplicationContext context, EchoServer server) {
		List<SpanData> spans = awaitSpans(context, 2);
		SpanData attempt = span(spans, "Attempt." + METHOD);
		assertThat(spans).filteredOn((span) -> span != attempt)
			.singleElement()
			.satisfies((call) -> assertThat(attempt.getParentSpanId()).isEqualTo(call.getSpanId()));
		assertThat(traceparents(server)).containsExactly(List.of(traceparent(attempt)));
	}

	private void onEchoServer(BiConsumer<EchoServer, ApplicationContext> test) {
		try (EchoServer server = EchoServer.started()) {
			this.runner.withPropertyValues("clientconn.channels.greeter.target=static:" + server.address())
				.run((context) -> {
					assertThat(context).hasNotFailed();
					test.accept(server, context);
				});
		}
	}

	private static EchoGrpc.EchoBlockingStub stub(ApplicationContext context) {
		return EchoGrpc.newBlockingStub(context.getBean(ClientConn.class)).withDeadlineAfter(20, TimeUnit.SECONDS);
	}

	/** Those of attempts may end a moment after their call. */
	private static List<SpanData> awaitSpans(ApplicationContext context, int count) {
		InMemorySpanExporter exporter = context.getBean(InMemorySpanExporter.class);
		return Awaitility.await()
			.atMost(Duration.ofSeconds(20))
			.until(exporter::getFinishedSpanItems, (spans) -> spans.size() == count);
	}

	private static SpanData span(List<SpanData> spans, String name) {
		return spans.stream().filter((span) -> span.getName().equals(name)).findFirst().orElseThrow();
	}

	private static String text(SpanData span, String attribute) {
		return span.getAttributes().get(AttributeKey.stringKey(attribute));
	}

	private static String traceparent(SpanData span) {
		return "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getSpanContext().getTraceFlags().asHex();
	}

	private static List<List<String>> traceparents(EchoServer server) {
		List<List<String>> calls = new ArrayList<>();
		for (Metadata headers : server.headers()) {
			Iterable<String> values = headers.getAll(TRACEPARENT);
			calls.add((values != null) ? StreamSupport.stream(values.spliterator(), false).toList() : List.of());
		}
		return calls;
	}

	@Configuration(proxyBeanMethods = false)
	static class MicrometersInterceptor {

		@Bean
		DialOptionsCustomizer micrometersInterceptor(ObservationRegistry registry) {
			return (channel, builder) -> builder.unaryInterceptor(new ObservationGrpcClientInterceptor(registry));
		}

	}

	private record Ending(CompletableFuture<Void> ended) implements StreamObserver<EchoReply> {

		@Override
		public void onNext(EchoReply value) {
		}

		@Override
		public void onError(Throwable failure) {
			this.ended.completeExceptionally(failure);
		}

		@Override
		public void onCompleted() {
			this.ended.complete(null);
		}

	}

}
