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

import java.io.ByteArrayInputStream;
import java.io.IOException;

import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoRequest;
import dev.clientconn.testing.Deflate;
import dev.clientconn.testing.EchoServer;
import dev.clientconn.testing.Frame;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.CompressorRegistry;
import io.grpc.DecompressorRegistry;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * The test cases at the end of gRPC's compression.md, by their numbers, and compressions
 * beyond gzip.
 */
class CompressionTests {

	private static final String TEXT = "squeeze ".repeat(100);

	private static final Metadata.Key<String> ENCODING = Metadata.Key.of("grpc-encoding",
			Metadata.ASCII_STRING_MARSHALLER);

	private static final Deflate DEFLATE = new Deflate();

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	private final ScriptedHttp2Server server = this.scenario.scripted();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@Test
	void case1nothingIsCompressedUnlessToldTo() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, TEXT);
		assertThat(peer.expectHeaders(1).header("grpc-encoding")).isNull();
		assertPlain(peer.expectData(1));
		call.call().cancel("done", null);
	}

	@Test
	void case2callsUseTheCompressionOfTheirConnection() throws Exception {
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().compressor(DEFLATE));
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, TEXT);
		assertThat(peer.expectHeaders(1).header("grpc-encoding")).isEqualTo("deflate");
		assertDeflated(peer.expectData(1));
		call.call().cancel("done", null);
	}

	@Test
	void case3callChoosesItsCompression() throws Exception {
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().callCompressor(DEFLATE));
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, TEXT, CallOptions.DEFAULT.withCompression("deflate"));
		assertThat(peer.expectHeaders(1).header("grpc-encoding")).isEqualTo("deflate");
		assertDeflated(peer.expectData(1));
		call.call().cancel("done", null);
	}

	@Test
	void case3callChoosesNoCompression() {
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().compressor(DEFLATE));
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, TEXT, CallOptions.DEFAULT.withCompression("identity"));
		assertThat(peer.expectHeaders(1).header("grpc-encoding")).isNull();
		assertPlain(peer.expectData(1));
		call.call().cancel("done", null);
	}

	@Test
	void case3unaryMessageIsNotCompressed() {
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().compressor(DEFLATE));
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = new CallRecorder(conn, CallRecorder.UNARY, CallOptions.DEFAULT).start(new Metadata());
		call.call().setMessageCompression(false);
		call.send(TEXT).halfClose();
		assertThat(peer.expectHeaders(1).header("grpc-encoding")).isEqualTo("deflate");
		assertPlain(peer.expectData(1));
		call.call().cancel("done", null);
	}

	@Test
	void case3messagesOfOneStreamDiffer() throws Exception {
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().compressor(DEFLATE));
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.bidi(conn);
		assertDeflated(sent(peer, call));
		call.call().setMessageCompression(false);
		assertPlain(sent(peer, call));
		assertPlain(sent(peer, call));
		call.call().setMessageCompression(true);
		assertDeflated(sent(peer, call));
		call.call().cancel("done", null);
	}

	@Test
	void case4serverDoesNotKnowTheCompression() {
		ClientConn conn = this.scenario.dial("static:127.0.0.1:" + this.scenario.echo().port(),
				Scenario.options().compressor(DEFLATE));
		StatusRuntimeException ex = catchThrowableOfType(StatusRuntimeException.class, () -> ask(conn));
		assertThat(ex.getStatus().getCode()).isEqualTo(Status.Code.UNIMPLEMENTED);
		assertThat(ex.getStatus().getDescription()).contains("deflate");
	}

	@Test
	void case5responseIsCompressedInAnUnknownWay() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, "x");
		assertThat(peer.expectHeaders(1).header("grpc-accept-encoding").split(",")).doesNotContain("deflate");
		peer.sendHeaders(1, false, ":status", "200", "content-type", "application/grpc", "grpc-encoding", "deflate");
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
		assertThat(call.awaitStatus().getDescription()).contains("\"deflate\"", "gzip");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "identity" })
	void case6flagWithoutAnEncoding(String encoding) {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, "x");
		peer.expectHeaders(1);
		if (encoding.isEmpty()) {
			peer.sendResponseHeaders(1);
		}
		else {
			peer.sendHeaders(1, false, ":status", "200", "content-type", "application/grpc", "grpc-encoding", encoding);
		}
		peer.sendData(1, new byte[] { 1, 0, 0, 0, 1, 7 }, 0, false);
		peer.sendTrailers(1, 0, null);
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
		assertThat(call.awaitStatus().getDescription()).contains("compressed message", "grpc-encoding");
		assertThat(call.messages()).isEmpty();
	}

	@Test
	void registeredCompressorIsFoundByItsName() throws Exception {
		CompressorRegistry.getDefaultInstance().register(new Deflate("registered-deflate"));
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, TEXT, CallOptions.DEFAULT.withCompression("registered-deflate"));
		assertThat(peer.expectHeaders(1).header("grpc-encoding")).isEqualTo("registered-deflate");
		assertDeflated(peer.expectData(1));
		call.call().cancel("done", null);
	}

	@Test
	void bothSidesDeflate() {
		EchoServer deflating = this.scenario.with(new EchoServer().with((builder) -> {
			CompressorRegistry compressors = CompressorRegistry.newEmptyInstance();
			compressors.register(DEFLATE);
			builder.compressorRegistry(compressors)
				.decompressorRegistry(DecompressorRegistry.emptyInstance().with(DEFLATE, true))
				.intercept(new Deflating());
		}).start());
		ClientConn conn = this.scenario.dial("static:127.0.0.1:" + deflating.port(),
				Scenario.options().compressor(DEFLATE).decompressor(DEFLATE));
		CallRecorder call = new CallRecorder(conn,
				CallRecorder.UNARY.toBuilder().setFullMethodName(EchoGrpc.getUnaryMethod().getFullMethodName()).build(),
				Scenario.WAIT)
			.start(new Metadata());
		call.call().request(1);
		call.send("").halfClose();
		assertThat(call.awaitHeaders().get(ENCODING)).isEqualTo("deflate");
		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(ask(conn)).isEqualTo(TEXT);
	}

	private static String ask(ClientConn conn) {
		return EchoGrpc.newBlockingStub(conn)
			.withWaitForReady()
			.unary(EchoRequest.newBuilder().setMessage(TEXT).build())
			.getMessage();
	}

	private static Frame sent(Peer peer, CallRecorder call) {
		call.send(TEXT);
		return peer.expectData(1);
	}

	private static void assertPlain(Frame data) {
		assertThat(data.data()).startsWith(0, 0, 0, TEXT.length() >> 8, TEXT.length() & 0xff)
			.endsWith(Scenario.bytes(TEXT));
	}

	private static void assertDeflated(Frame data) throws IOException {
		assertThat(data.data()[0]).isEqualTo((byte) 1);
		assertThat(DEFLATE.decompress(new ByteArrayInputStream(data.data(), 5, data.data().length - 5)).readAllBytes())
			.isEqualTo(Scenario.bytes(TEXT));
	}

	/** Has the server compress its responses. */
	private static final class Deflating implements ServerInterceptor {

		@Override
		public <Q, R> ServerCall.Listener<Q> interceptCall(ServerCall<Q, R> call, Metadata headers,
				ServerCallHandler<Q, R> next) {
			call.setCompression("deflate");
			return next.startCall(call, headers);
		}

	}

}
