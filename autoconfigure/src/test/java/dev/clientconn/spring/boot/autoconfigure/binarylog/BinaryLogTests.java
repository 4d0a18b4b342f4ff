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

package dev.clientconn.spring.boot.autoconfigure.binarylog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import dev.clientconn.ClientConn;
import dev.clientconn.spring.boot.autoconfigure.ClientConnAutoConfiguration;
import dev.clientconn.spring.boot.autoconfigure.codec.ClientConnCodecAutoConfiguration;
import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoReply;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.EchoServer;
import io.grpc.Metadata;
import io.grpc.binarylog.v1.GrpcLogEntry;
import io.grpc.binarylog.v1.GrpcLogEntry.EventType;
import io.grpc.binarylog.v1.MetadataEntry;
import io.grpc.protobuf.services.BinaryLogs;
import io.grpc.stub.MetadataUtils;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Calls to a real server, and what is then in the file or with the logger.
 */
@ExtendWith(OutputCaptureExtension.class)
class BinaryLogTests {

	private static final EchoRequest HELLO = EchoRequest.newBuilder().setMessage("hello").build();

	private final EchoServer server = EchoServer.started();

	@TempDir
	private Path directory;

	@AfterEach
	void close() {
		this.server.close();
	}

	@Test
	void callIsInTheFileOnceTheContextIsClosed() throws Exception {
		run(call(HELLO), "file=" + file());

		List<GrpcLogEntry> entries = entries(file());
		assertThat(entries).extracting(GrpcLogEntry::getType)
			.containsExactlyInAnyOrder(EventType.EVENT_TYPE_CLIENT_HEADER, EventType.EVENT_TYPE_CLIENT_MESSAGE,
					EventType.EVENT_TYPE_CLIENT_HALF_CLOSE, EventType.EVENT_TYPE_SERVER_HEADER,
					EventType.EVENT_TYPE_SERVER_MESSAGE, EventType.EVENT_TYPE_SERVER_TRAILER);
		assertThat(entries).extracting(GrpcLogEntry::getCallId).containsOnly(entries.get(0).getCallId());
		assertThat(of(entries, EventType.EVENT_TYPE_CLIENT_HEADER).getClientHeader().getMethodName())
			.isEqualTo("/" + EchoGrpc.getUnaryMethod().getFullMethodName());
		assertThat(EchoRequest.parseFrom(of(entries, EventType.EVENT_TYPE_CLIENT_MESSAGE).getMessage().getData()))
			.isEqualTo(HELLO);
		assertThat(EchoReply.parseFrom(of(entries, EventType.EVENT_TYPE_SERVER_MESSAGE).getMessage().getData())
			.getMessage()).isEqualTo("hello");
		assertThat(of(entries, EventType.EVENT_TYPE_SERVER_HEADER).getPeer().getIpPort()).isEqualTo(this.server.port());
	}

	@Test
	void credentialsAreNotLogged() throws Exception {
		Metadata headers = new Metadata();
		headers.put(key("authorization"), "Bearer s3cret");
		headers.put(key("cookie"), "s3cret");
		headers.put(key("x-api-key"), "s3cret");
		headers.put(key("x-tenant"), "shop");
		run((context) -> EchoGrpc.newBlockingStub(context.getBean(ClientConn.class))
			.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
			.unary(HELLO), "file=" + file(), "redact-headers=X-Api-Key");

		assertThat(new String(Files.readAllBytes(file()), StandardCharsets.ISO_8859_1)).doesNotContain("s3cret");
		assertThat(
				of(entries(file()), EventType.EVENT_TYPE_CLIENT_HEADER).getClientHeader().getMetadata().getEntryList())
			.extracting(MetadataEntry::getKey, (entry) -> entry.getValue().toStringUtf8())
			.containsExactlyInAnyOrder(tuple("authorization", "[redacted]"), tuple("cookie", "[redacted]"),
					tuple("x-api-key", "[redacted]"), tuple("x-tenant", "shop"));
	}

	@Test
	void whatTheTransportAddsIsNotLogged() throws Exception {
		run(call(HELLO), "file=" + file());

		assertThat(
				of(entries(file()), EventType.EVENT_TYPE_SERVER_HEADER).getServerHeader().getMetadata().getEntryList())
			.isEmpty();
	}

	@Test
	void messagesAndHeadersAreCut() throws Exception {
		run(call(HELLO), "file=" + file(), "max-message-bytes=3", "max-header-bytes=0");

		GrpcLogEntry message = of(entries(file()), EventType.EVENT_TYPE_CLIENT_MESSAGE);
		assertThat(message.getMessage().getData().size()).isEqualTo(3);
		assertThat(message.getMessage().getLength()).isEqualTo(HELLO.getSerializedSize());
		assertThat(message.getPayloadTruncated()).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "*, true", "clientconn.test.Echo/*, true", "clientconn.test.Echo/Unary, true",
			"clientconn.test.Echo/Bidi, false", "other.Service/*, false", "'*,-clientconn.test.Echo/Unary', false" })
	void onlyTheMethodsThatAreNamed(String methods, boolean logged) throws Exception {
		String named = methods.replace("clientconn.test.Echo", EchoGrpc.SERVICE_NAME);
		run(call(HELLO), "file=" + file(), "methods=" + named);

		assertThat(entries(file()).isEmpty()).isNotEqualTo(logged);
	}

	@Test
	void fileIsRenamedWhenItIsFull() throws Exception {
		run((context) -> {
			for (int i = 0; i < 40; i++) {
				call(HELLO).accept(context);
			}
		}, "file=" + file(), "max-file-size=2KB", "max-history=2");

		assertThat(file()).exists();
		assertThat(numbered(1)).exists();
		assertThat(numbered(2)).exists();
		assertThat(numbered(3)).doesNotExist();
		assertThat(Files.size(numbered(1))).isBetween(1024L, 2048L);
		assertThat(entries(numbered(2))).isNotEmpty();
		assertThat(entries(numbered(1))).isNotEmpty();
	}

	@Test
	void fileOfAnEarlierProcessIsKept() throws Exception {
		Files.createDirectories(file().getParent());
		Files.writeString(file(), "half an entr");
		run(call(HELLO), "file=" + file());

		assertThat(numbered(1)).hasContent("half an entr");
		assertThat(entries(file())).hasSize(6);
	}

	@Test
	void fileIsForItsOwnerOnly() throws Exception {
		run(call(HELLO), "file=" + file());

		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-------");
	}

	@Test
	void channelsShareAFile() throws Exception {
		runner("file=" + file())
			.withPropertyValues("clientconn.channels.other.target=static:" + this.server.address(),
					"clientconn.channels.other.insecure=true", "clientconn.channels.other.binary-log.enabled=true",
					"clientconn.channels.other.binary-log.file=" + file())
			.run((context) -> context.getBeansOfType(ClientConn.class)
				.values()
				.forEach((conn) -> EchoGrpc.newBlockingStub(conn).unary(HELLO)));

		assertThat(entries(file())).hasSize(12);
		assertThat(numbered(1)).doesNotExist();
	}

	@Test
	void loggerIsToldJson(CapturedOutput output) {
		LoggingSystem logging = LoggingSystem.get(getClass().getClassLoader());
		logging.setLogLevel("calls.wire", LogLevel.INFO);
		try {
			run(call(HELLO), "logger=calls.wire", "max-message-bytes=0");
		}
		finally {
			logging.setLogLevel("calls.wire", null);
		}

		assertThat(output.getAll().lines().filter((line) -> line.contains("\"callId\"")).toList()).hasSize(6)
			.anySatisfy((line) -> assertThat(line).contains("\"type\":\"EVENT_TYPE_CLIENT_HEADER\"")
				.contains("\"methodName\":\"/" + EchoGrpc.getUnaryMethod().getFullMethodName() + "\""));
	}

	@Test
	void messagesOfTheCodecAreLoggedAsTheyAreSent() throws Exception {
		runner("file=" + file()).withPropertyValues("clientconn.channels.greeter.call.codec=json")
			.withConfiguration(AutoConfigurations.of(ClientConnCodecAutoConfiguration.class))
			.run((context) -> catchThrowable(() -> call(HELLO).accept(context)));

		assertThat(of(entries(file()), EventType.EVENT_TYPE_CLIENT_MESSAGE).getMessage().getData().toStringUtf8())
			.isEqualTo("{\"message\":\"hello\"}");
	}

	@Test
	void nothingIsThereUnlessEnabled() {
		new ApplicationContextRunner().withConfiguration(configuration())
			.withPropertyValues("clientconn.channels.greeter.target=static:" + this.server.address(),
					"clientconn.channels.greeter.insecure=true", "clientconn.defaults.binary-log.file=" + file())
			.run(call(HELLO));

		assertThat(file()).doesNotExist();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "methods=no-slash | binary-log.methods | expected: '*'",
			"methods=*,a/B{m:1} | binary-log.methods | a/B{m:1}", "max-message-bytes=-1 | max-message-bytes | -1B",
			"max-header-bytes=3GB | max-header-bytes | 2147483647B", "max-file-size=0 | max-file-size | > 0",
			"max-history=-1 | max-history | >= 0", "methods=-a.B/C,a.B/C | binary-log.methods | a.B/C" })
	void wrongValueIsToldWithItsName(String property, String name, String reason) {
		runner("file=" + file(), property).run((context) -> assertThat(context).getFailure()
			.rootCause()
			.satisfies((ex) -> assertThat(messages(context)).contains(name).contains(reason)));
	}

	@Test
	void logWithoutATargetIsRefused() {
		runner()
			.run((context) -> assertThat(messages(context)).contains("binary-log.enabled", "set 'file' or 'logger'"));
	}

	@Test
	void fileThatCannotBeWrittenIsRefused() throws Exception {
		Path notADirectory = Files.writeString(this.directory.resolve("plain"), "");
		runner("file=" + notADirectory.resolve("calls.bin"))
			.run((context) -> assertThat(messages(context)).contains("binary-log.file", "cannot be written"));
	}

	@Test
	void missingLibraryIsTold() {
		runner("file=" + file()).withClassLoader(new FilteredClassLoader(BinaryLogs.class))
			.run((context) -> assertThat(messages(context)).contains("binary-log.enabled", "grpc-services"));
	}

	private Path file() {
		return this.directory.resolve("logs").resolve("calls.bin").toAbsolutePath();
	}

	private Path numbered(int number) {
		return file().resolveSibling("calls.bin." + number);
	}

	private static ContextConsumer<AssertableApplicationContext> call(EchoRequest request) {
		return (context) -> EchoGrpc.newBlockingStub(context.getBean(ClientConn.class)).unary(request);
	}

	private void run(ContextConsumer<AssertableApplicationContext> consumer, String... properties) {
		runner(properties).run(consumer);
	}

	private ApplicationContextRunner runner(String... properties) {
		ApplicationContextRunner runner = new ApplicationContextRunner().withConfiguration(configuration())
			.withPropertyValues("clientconn.channels.greeter.target=static:" + this.server.address(),
					"clientconn.channels.greeter.insecure=true", "clientconn.channels.greeter.binary-log.enabled=true");
		for (String property : properties) {
			runner = runner.withPropertyValues("clientconn.channels.greeter.binary-log." + property);
		}
		return runner;
	}

	private static AutoConfigurations configuration() {
		return AutoConfigurations.of(SslAutoConfiguration.class, ClientConnAutoConfiguration.class,
				ClientConnBinaryLogAutoConfiguration.class);
	}

	private static List<GrpcLogEntry> entries(Path file) throws IOException {
		List<GrpcLogEntry> entries = new ArrayList<>();
		try (InputStream in = Files.newInputStream(file)) {
			GrpcLogEntry entry = GrpcLogEntry.parseDelimitedFrom(in);
			while (entry != null) {
				entries.add(entry);
				entry = GrpcLogEntry.parseDelimitedFrom(in);
			}
		}
		return entries;
	}

	private static GrpcLogEntry of(List<GrpcLogEntry> entries, EventType type) {
		return entries.stream().filter((entry) -> entry.getType() == type).findFirst().orElseThrow();
	}

	private static String messages(AssertableApplicationContext context) {
		StringBuilder messages = new StringBuilder();
		for (Throwable each = context.getStartupFailure(); each != null; each = each.getCause()) {
			messages.append(each.getMessage()).append('\n');
		}
		return messages.toString();
	}

	private static Metadata.Key<String> key(String name) {
		return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
	}

}
