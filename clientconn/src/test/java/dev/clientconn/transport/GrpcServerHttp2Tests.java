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

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The transport against a server of grpc-java.
 */
class GrpcServerHttp2Tests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().checkingThreadsPerClass();

	private static final Metadata.Key<String> ASCII = Metadata.Key.of("x-text", Metadata.ASCII_STRING_MARSHALLER);

	private static final Metadata.Key<byte[]> BINARY = Metadata.Key.of("x-raw-bin", Metadata.BINARY_BYTE_MARSHALLER);

	private final Rig rig = new Rig();

	private volatile Metadata seen = new Metadata();

	private Server server;

	@BeforeEach
	void start() throws Exception {
		ServerServiceDefinition service = ServerServiceDefinition.builder("test.Bytes")
			.addMethod(Rig.ECHO, ServerCalls.asyncUnaryCall((request, observer) -> {
				if (new String(request, StandardCharsets.UTF_8).equals("fail")) {
					observer.onError(Status.NOT_FOUND.withDescription("nichts gefunden: ü%").asException(this.seen));
					return;
				}
				observer.onNext(request);
				observer.onCompleted();
			}))
			.addMethod(Rig.BIDI, ServerCalls.asyncBidiStreamingCall((observer) -> new StreamObserver<byte[]>() {
				@Override
				public void onNext(byte[] value) {
					observer.onNext(value);
				}

				@Override
				public void onError(Throwable ex) {
				}

				@Override
				public void onCompleted() {
					observer.onCompleted();
				}
			}))
			.build();
		this.server = NettyServerBuilder.forPort(0)
			.maxInboundMessageSize(64 * 1024 * 1024)
			.addService(service)
			.intercept(new io.grpc.ServerInterceptor() {
				@Override
				public <A, B> ServerCall.Listener<A> interceptCall(ServerCall<A, B> call, Metadata headers,
						ServerCallHandler<A, B> next) {
					GrpcServerHttp2Tests.this.seen = headers;
					return next.startCall(call, headers);
				}
			})
			.build()
			.start();
	}

	@AfterEach
	void stop() throws Exception {
		this.rig.close();
		this.server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
	}

	@Test
	void unaryCallGoesThere() {
		ClientTransport transport = this.rig.ready(this.server.getPort());

		RecordingStream call = this.rig.unary(transport, Rig.ECHO, "hello".getBytes(StandardCharsets.UTF_8));

		call.awaitClosed();
		assertThat(call.status).isEqualTo(Status.OK);
		assertThat(call.body()).isEqualTo(Rig.frame("hello".getBytes(StandardCharsets.UTF_8)));
		assertThat(call.events()).startsWith("headers").endsWith("closed").contains("data");
		assertThat(transport.snapshot().streamsStarted()).isEqualTo(1);
	}

	@Test
	void manyUnaryCallsGoThere() {
		ClientTransport transport = this.rig.ready(this.server.getPort());

		for (int round = 0; round < 20; round++) {
			RecordingStream[] calls = new RecordingStream[200];
			for (int i = 0; i < calls.length; i++) {
				calls[i] = this.rig.unary(transport, Rig.ECHO, ("m" + i).getBytes(StandardCharsets.UTF_8));
			}
			for (int i = 0; i < calls.length; i++) {
				calls[i].awaitClosed();
				assertThat(calls[i].status).isEqualTo(Status.OK);
				assertThat(calls[i].text()).endsWith("m" + i);
			}
		}
	}

	@Test
	void largeMessagesPassTheWindows() {
		ClientTransport transport = this.rig.ready(this.server.getPort());
		byte[] message = new byte[5 * InboundFlow.FIRST_WINDOW];
		Arrays.fill(message, (byte) 7);

		RecordingStream call = this.rig.unary(transport, Rig.ECHO, message);

		call.awaitClosed();
		assertThat(call.status).isEqualTo(Status.OK);
		assertThat(call.body()).isEqualTo(Rig.frame(message));
		assertThat(transport.snapshot().receiveWindow()).isGreaterThanOrEqualTo(InboundFlow.FIRST_WINDOW);
	}

	@Test
	void metadataAndErrorsComeBack() {
		ClientTransport transport = this.rig.ready(this.server.getPort());
		Metadata metadata = new Metadata();
		metadata.put(ASCII, "text value");
		metadata.put(BINARY, new byte[] { 0, -1, 5 });
		metadata.put(Metadata.Key.of("te", Metadata.ASCII_STRING_MARSHALLER), "nothing");
		RecordingStream call = new RecordingStream();
		ClientStream stream = transport.newStream(Rig.head(Rig.ECHO, metadata, Deadline.after(1000, TimeUnit.SECONDS)),
				call);

		stream.write(Rig.frame("fail".getBytes(StandardCharsets.UTF_8)));
		stream.halfClose();
		stream.flush();

		call.awaitClosed();
		assertThat(call.status.getCode()).isEqualTo(Status.Code.NOT_FOUND);
		assertThat(call.status.getDescription()).isEqualTo("nichts gefunden: ü%");
		assertThat(call.trailers.get(ASCII)).isEqualTo("text value");
		assertThat(call.trailers.get(BINARY)).containsExactly(0, -1, 5);
		assertThat(this.seen.get(ASCII)).isEqualTo("text value");
	}

	@Test
	void messagesGoBothWaysOnOneStream() {
		ClientTransport transport = this.rig.ready(this.server.getPort());
		RecordingStream call = new RecordingStream();
		ClientStream stream = transport.newStream(Rig.head(Rig.BIDI), call);
		call.autoConsume = stream;

		stream.flush();
		int expected = 0;
		for (int i = 0; i < 2000; i++) {
			byte[] frame = Rig.frame(new byte[i]);
			expected += frame.length;
			stream.write(frame);
			stream.flush();
		}
		stream.halfClose();
		stream.flush();

		call.awaitClosed();
		assertThat(call.status).isEqualTo(Status.OK);
		assertThat(call.bytes.get()).isEqualTo(expected);
		assertThat(call.readyCalls.get()).isPositive();
	}

	@Test
	void cancelledCallEndsOnce() {
		ClientTransport transport = this.rig.ready(this.server.getPort());
		RecordingStream call = new RecordingStream();
		ClientStream stream = transport.newStream(Rig.head(Rig.BIDI), call);
		stream.write(Rig.frame(new byte[10]));
		stream.flush();
		call.awaitHeaders();

		stream.cancel(Status.CANCELLED.withDescription("enough"));
		stream.cancel(Status.CANCELLED.withDescription("again"));

		call.awaitClosed();
		assertThat(call.status.getDescription()).isEqualTo("enough");
		assertThat(call.processing).isEqualTo(Processing.POSSIBLE);
		assertThat(this.rig.unary(transport, Rig.ECHO, new byte[1]).awaitClosed().status).isEqualTo(Status.OK);
	}

	@Test
	void gracefulServerShutdownLetsCallsFinish() {
		ClientTransport transport = this.rig.ready(this.server.getPort());
		RecordingStream call = new RecordingStream();
		ClientStream stream = transport.newStream(Rig.head(Rig.BIDI), call);
		stream.write(Rig.frame(new byte[10]));
		stream.flush();
		call.awaitHeaders();

		this.server.shutdown();
		this.rig.events.awaitGoingAway();
		RecordingStream late = this.rig.unary(transport, Rig.ECHO, new byte[1]);
		stream.halfClose();
		stream.flush();

		call.awaitClosed();
		assertThat(call.status).isEqualTo(Status.OK);
		late.awaitClosed();
		assertThat(late.processing).isEqualTo(Processing.NOT_SENT);
		this.rig.events.awaitClosed();
		assertThat(this.rig.events.goingAwayCalls).isOne();
	}

}
