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

package dev.clientconn.spring.boot.autoconfigure.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import com.google.protobuf.Any;
import com.google.protobuf.BoolValue;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.clientconn.ClientConn;
import dev.clientconn.Codec;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * JSON against a server that speaks it, and on the wire.
 */
class ProtobufJsonCodecTests {

	private static final EchoRequest REQUEST = EchoRequest.newBuilder().setMessage("grüß dich").setCount(3).build();

	private static final String JSON = "{\"message\":\"grüß dich\",\"count\":3}";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class,
				ClientConnCodecAutoConfiguration.class))
		.withPropertyValues("clientconn.channels.greeter.insecure=true");

	@Test
	void serverOfGrpcJavaUnderstandsIt() throws Exception {
		try (JsonServer server = new JsonServer()) {
			this.runner
				.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:" + server.port(),
						"clientconn.channels.greeter.call.codec=json")
				.run((context) -> {
					EchoReply reply = EchoGrpc.newBlockingStub(context.getBean(ClientConn.class)).unary(REQUEST);
					assertThat(reply.getMessage()).isEqualTo("grüß dich");
					assertThat(server.received).containsExactly(JSON);
				});
		}
	}

	@Test
	void contentTypeAndTextOnTheWire() throws Exception {
		try (ScriptedHttp2Server server = new ScriptedHttp2Server()) {
			this.runner
				.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:" + server.port(),
						"clientconn.channels.greeter.call.codec=json")
				.run((context) -> {
					CompletableFuture<EchoReply> reply = CompletableFuture
						.supplyAsync(() -> EchoGrpc.newBlockingStub(context.getBean(ClientConn.class)).unary(REQUEST));
					Peer peer = server.accept();
					peer.handshake();
					assertThat(peer.expectHeaders(1).header("content-type")).isEqualTo("application/grpc+json");
					assertThat(peer.expectMessage(1)).asString(StandardCharsets.UTF_8).isEqualTo(JSON);
					peer.sendHeaders(1, false, ":status", "200", "content-type", "application/grpc+json");
					peer.sendMessage(1, "{\"message\":\"ok\",\"new\":{\"er\":1}}".getBytes(StandardCharsets.UTF_8));
					peer.sendTrailers(1, 0, null);
					assertThat(reply).succeedsWithin(Duration.ofSeconds(20))
						.extracting(EchoReply::getMessage)
						.isEqualTo("ok");
				});
		}
	}

	@Test
	void oneStubUsesJsonWhereTheChannelDoesNot() throws Exception {
		try (JsonServer server = new JsonServer()) {
			this.runner.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:" + server.port())
				.run((context) -> {
					Codec json = context.getBean(ProtobufJsonCodec.class);
					EchoGrpc.EchoBlockingStub stub = EchoGrpc.newBlockingStub(context.getBean(ClientConn.class));
					EchoReply reply = stub.withOption(Codec.OPTION, json).unary(REQUEST);
					assertThat(reply.getMessage()).isEqualTo("grüß dich");
					assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> stub.unary(REQUEST)))
						.as("protobuf to a server of JSON")
						.isNotNull();
				});
		}
	}

	@Test
	void answerThatIsNoJsonSaysSo() {
		try (EchoServer server = EchoServer.started()) {
			this.runner
				.withPropertyValues("clientconn.channels.greeter.target=static:" + server.address(),
						"clientconn.channels.greeter.call.codec=json")
				.run((context) -> {
					StatusRuntimeException ex = catchThrowableOfType(StatusRuntimeException.class,
							() -> EchoGrpc.newBlockingStub(context.getBean(ClientConn.class)).unary(REQUEST));
					assertThat(ex).isNotNull();
				});
		}
		Marshaller<EchoReply> marshaller = ProtobufJsonCodec.create()
			.marshaller(ProtoUtils.marshaller(EchoReply.getDefaultInstance()));
		StatusRuntimeException ex = catchThrowableOfType(StatusRuntimeException.class,
				() -> marshaller.parse(new ByteArrayInputStream(new byte[] { 10, 1, 'x' })));
		assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
		assertThat(ex.getStatus().getDescription()).contains("is not JSON of", "EchoReply", "application/grpc+json");
	}

	@Test
	void protoSwitchesTheCodecOfTheDefaultsOff() {
		try (EchoServer server = EchoServer.started()) {
			this.runner
				.withPropertyValues("clientconn.channels.greeter.target=static:" + server.address(),
						"clientconn.defaults.call.codec=json", "clientconn.channels.greeter.call.codec=proto")
				.run((context) -> assertThat(
						EchoGrpc.newBlockingStub(context.getBean(ClientConn.class)).unary(REQUEST).getMessage())
					.isEqualTo("grüß dich"));
		}
	}

	@Test
	void codecOfTheApplicationByTheNameOfItsBean() {
		Codec mine = new Codec() {

			@Override
			public String name() {
				return "mine";
			}

			@Override
			public <T> Marshaller<T> marshaller(Marshaller<T> declared) {
				throw new IllegalStateException("asked");
			}

		};
		this.runner.withBean("custom", Codec.class, () -> mine)
			.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:1",
					"clientconn.channels.greeter.call.codec=custom")
			.run((context) -> assertThat(catchThrowableOfType(IllegalStateException.class,
					() -> EchoGrpc.newBlockingStub(context.getBean(ClientConn.class)).unary(REQUEST)))
				.hasMessage("asked"));
	}

	@Test
	void unknownCodecListsThoseThatExist() {
		this.runner
			.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:1",
					"clientconn.channels.greeter.call.codec=jsn")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("unknown codec (expected: one of [proto, json, protobufJsonCodec])"));
	}

	@Test
	void missingLibraryIsTold() {
		this.runner.withClassLoader(new FilteredClassLoader(JsonFormat.class))
			.withPropertyValues("clientconn.channels.greeter.target=static:127.0.0.1:1",
					"clientconn.channels.greeter.call.codec=json")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("clientconn.channels.greeter.call.codec = \"json\"")
				.hasMessageContaining("protobuf-java-util"));
	}

	@Test
	void anyOfOtherTypesNeedsARegistry() {
		Any any = Any.pack(BoolValue.of(true));
		Marshaller<Any> without = ProtobufJsonCodec.create()
			.marshaller(ProtoUtils.marshaller(Any.getDefaultInstance()));
		assertThat(catchThrowableOfType(StatusRuntimeException.class, () -> without.stream(any)).getStatus()
			.getDescription()).contains("cannot be written as JSON");
		Marshaller<Any> with = ProtobufJsonCodec
			.of(JsonFormat.TypeRegistry.newBuilder().add(BoolValue.getDescriptor()).build())
			.marshaller(ProtoUtils.marshaller(Any.getDefaultInstance()));
		assertThat(with.parse(with.stream(any))).isEqualTo(any);
	}

	@Test
	void otherMessagesAreRefused() {
		Marshaller<String> text = new Marshaller<>() {

			@Override
			public InputStream stream(String value) {
				return InputStream.nullInputStream();
			}

			@Override
			public String parse(InputStream stream) {
				return "";
			}

		};
		assertThatIllegalArgumentException().isThrownBy(() -> ProtobufJsonCodec.create().marshaller(text))
			.withMessageContaining("expected: generated protobuf messages");
	}

	/**
	 * A grpc-java server with marshallers of its own, which remember what they have read.
	 */
	private static final class JsonServer implements AutoCloseable {

		private final List<String> received = new CopyOnWriteArrayList<>();

		private final Server server;

		JsonServer() throws IOException {
			this.server = NettyServerBuilder.forPort(0)
				.directExecutor()
				.addService(ServerServiceDefinition.builder(EchoGrpc.SERVICE_NAME)
					.addMethod(EchoGrpc.getUnaryMethod()
						.toBuilder(new Json<>(EchoRequest.getDefaultInstance(), this.received),
								new Json<>(EchoReply.getDefaultInstance(), new CopyOnWriteArrayList<>()))
						.build(), ServerCalls.asyncUnaryCall((request, replies) -> {
							replies.onNext(EchoReply.newBuilder().setMessage(request.getMessage()).build());
							replies.onCompleted();
						}))
					.build())
				.build()
				.start();
		}

		int port() {
			return this.server.getPort();
		}

		@Override
		public void close() throws InterruptedException {
			this.server.shutdownNow().awaitTermination();
		}

	}

	private record Json<T extends Message>(T prototype, List<String> received) implements Marshaller<T> {

		@Override
		public InputStream stream(T value) {
			try {
				return new ByteArrayInputStream(JsonFormat.printer().print(value).getBytes(StandardCharsets.UTF_8));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		@SuppressWarnings("unchecked")
		public T parse(InputStream stream) {
			try {
				String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
				this.received.add(text);
				Message.Builder builder = this.prototype.newBuilderForType();
				JsonFormat.parser().merge(text, builder);
				return (T) builder.build();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
