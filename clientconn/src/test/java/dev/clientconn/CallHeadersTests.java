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

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

import dev.clientconn.testing.Frame;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import dev.clientconn.transport.PerRpcCredentials;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a call sends and takes beside its messages: metadata, credentials, authority,
 * interceptors, statuses and size limits.
 */
class CallHeadersTests {

	private static final Metadata.Key<byte[]> BINARY = Metadata.Key.of("trace-bin", Metadata.BINARY_BYTE_MARSHALLER);

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	private final ScriptedHttp2Server server = this.scenario.scripted();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@Test
	void metadataTravelsBothWays() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		byte[] octets = { 0, 1, (byte) 0xff, 44, 7 };
		Metadata toSend = new Metadata();
		toSend.put(key("tenant"), "blue");
		toSend.put(key("tenant"), "green");
		toSend.put(BINARY, octets);
		CallRecorder call = new CallRecorder(conn, CallRecorder.BIDI, CallOptions.DEFAULT).start(toSend);
		call.call().request(1);
		Frame headers = peer.expectHeaders(1);
		assertThat(headers.headers("tenant")).containsExactly("blue", "green");
		assertThat(Base64.getDecoder().decode(headers.header("trace-bin"))).isEqualTo(octets);
		assertThat(headers.header("te")).isEqualTo("trailers");
		assertThat(headers.header("user-agent")).startsWith("clientconn-java/");

		String padded = Base64.getEncoder().encodeToString(octets);
		String bare = Base64.getEncoder().withoutPadding().encodeToString(octets);
		peer.sendHeaders(1, false, ":status", "200", "content-type", "application/grpc", "trace-bin", padded, "shard",
				"7");
		peer.sendHeaders(1, true, "grpc-status", "0", "trace-bin", bare + "," + padded);
		assertThat(call.awaitHeaders().get(BINARY)).isEqualTo(octets);
		assertThat(call.awaitHeaders().get(key("shard"))).isEqualTo("7");
		assertThat(call.awaitTrailers().getAll(BINARY)).containsExactly(octets, octets);
	}

	@Test
	void statusMessageIsPercentDecoded() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, "x");
		peer.expectHeaders(1);
		peer.sendTrailersOnly(1, 9, "caf%C3%A9 is closed%0Aat 100%25 %zz");
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
		assertThat(call.awaitStatus().getDescription()).isEqualTo("caf\u00e9 is closed\nat 100% %zz");
	}

	@Test
	void answerOfAProxyIsMappedAndQuoted() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, "x");
		peer.expectHeaders(1);
		peer.sendHeaders(1, false, ":status", "503", "content-type", "text/html");
		peer.sendData(1, Scenario.bytes("<h1>no healthy upstream</h1>"), 0, true);
		Status status = call.awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(status.getDescription()).contains("503", "text/html", "<h1>no healthy upstream</h1>");
	}

	@Test
	void inboundMessageLimit() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, "x", CallOptions.DEFAULT.withMaxInboundMessageSize(10));
		peer.expectHeaders(1);
		peer.sendResponse(1, Scenario.bytes("eleven bytes"));
		Status status = call.awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(status.getDescription()).contains("10", "12");
		assertThat(call.messages()).isEmpty();
	}

	@Test
	void outboundMessageLimit() {
		ClientConn conn = this.scenario.dial(this.server);
		Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, "eleven bytes",
				CallOptions.DEFAULT.withMaxOutboundMessageSize(10));
		Status status = call.awaitStatus();
		assertThat(Status.fromThrowable(status.getCause()).getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(status.getDescription()).contains("12 bytes (limit 10)");
	}

	@Test
	void outboundMessageLimitOfTheClientConnSendsNothing() {
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().maxOutboundMessageSize(11));
		Peer peer = Scenario.accept(this.server);
		Status status = CallRecorder.unary(conn, "eleven bytes").awaitStatus();
		assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
		assertThat(status.getDescription()).contains("12 bytes (limit 11)");

		CallRecorder fits = CallRecorder.unary(conn, "11 bytes..!");
		CallRecorder ownLimit = CallRecorder.unary(conn, "eleven bytes",
				CallOptions.DEFAULT.withMaxOutboundMessageSize(12));
		peer.expectHeaders(1);
		peer.sendResponse(1, Scenario.bytes("ok"));
		peer.expectHeaders(3);
		peer.sendResponse(3, Scenario.bytes("ok"));
		assertThat(fits.awaitStatus()).isEqualTo(Status.OK);
		assertThat(ownLimit.awaitStatus()).isEqualTo(Status.OK);
	}

	@Test
	void compressorsAndDecompressorsAccumulate() {
		ClientConn conn = this.scenario.dial(this.server,
				Scenario.options()
					.compressor(new Renamed("one"))
					.callCompressor(new Renamed("two"))
					.callCompressor(new Renamed("three"))
					.decompressor(new Renamed("four"))
					.decompressor(new Renamed("five")));
		Peer peer = Scenario.accept(this.server);
		CallRecorder standard = CallRecorder.unary(conn, "x");
		Frame headers = peer.expectHeaders(1);
		assertThat(headers.header("grpc-encoding")).isEqualTo("one");
		assertThat(headers.header("grpc-accept-encoding").split(",")).contains("four", "five", "gzip");
		int stream = 3;
		for (String name : List.of("one", "two", "three", "gzip")) {
			CallRecorder chosen = CallRecorder.unary(conn, "x", CallOptions.DEFAULT.withCompression(name));
			assertThat(peer.expectHeaders(stream).header("grpc-encoding")).isEqualTo(name);
			stream += 2;
			chosen.call().cancel("done", null);
		}
		standard.call().cancel("done", null);
	}

	@Test
	void inboundMetadataLimit() {
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().maxInboundMetadataSize(1000));
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, "x");
		peer.expectHeaders(1);
		peer.sendHeaders(1, false, ":status", "200", "content-type", "application/grpc", "big", "x".repeat(2000));
		assertThat(call.awaitStatus().getCode()).isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.INTERNAL);
		assertThat(call.awaitStatus().getDescription()).contains("1000");
		CallRecorder next = CallRecorder.unary(conn, "y");
		peer.expectHeaders(3);
		peer.sendResponse(3, Scenario.bytes("y"));
		assertThat(next.awaitStatus()).as("the connection has survived").isEqualTo(Status.OK);
	}

	@Test
	void authorityOfTheCallWins() {
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().authority("of.the.conn"));
		Peer peer = Scenario.accept(this.server);
		CallRecorder.unary(conn, "x", CallOptions.DEFAULT.withAuthority("of.the.call"));
		assertThat(peer.expectHeaders(1).header(":authority")).isEqualTo("of.the.call");
		CallRecorder.unary(conn, "x");
		assertThat(peer.expectHeaders(3).header(":authority")).isEqualTo("of.the.conn");
	}

	@Test
	void credentialsAddHeadersInOrder() {
		List<String> asked = new ArrayList<>();
		DialOptions.Builder options = Scenario.options()
			.perRpcCredentials(new PerRpcCredentials(token(asked, "first", true), false))
			.perRpcCredentials(new PerRpcCredentials(token(asked, "second", false), false));
		ClientConn conn = this.scenario.dial(this.server, options);
		Peer peer = Scenario.accept(this.server);
		CallRecorder call = CallRecorder.unary(conn, "x",
				Scenario.WAIT.withCallCredentials(token(asked, "third", true)));
		assertThat(peer.expectHeaders(1).headers("token")).containsExactly("first", "second", "third");
		assertThat(asked).containsExactly("first", "second", "third");
		peer.sendResponse(1, Scenario.bytes("ok"));
		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
	}

	@Test
	void credentialsThatFailEndTheCallUnsent() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		CallRecorder failed = CallRecorder.unary(conn, "x", Scenario.WAIT.withCallCredentials(
				credentials((applier) -> applier.fail(Status.UNAUTHENTICATED.withDescription("token expired")))));
		assertThat(failed.awaitStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(failed.awaitStatus().getDescription()).contains("token expired");
		CallRecorder thrown = CallRecorder.unary(conn, "x", Scenario.WAIT.withCallCredentials(credentials((applier) -> {
			throw new IllegalStateException("no key");
		})));
		assertThat(thrown.awaitStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
		assertThat(thrown.awaitStatus().getDescription()).contains("no key");
		CallRecorder next = CallRecorder.unary(conn, "y", Scenario.WAIT);
		assertThat(peer.expectMessage(1)).asString().isEqualTo("y");
		peer.sendResponse(1, Scenario.bytes("y"));
		assertThat(next.awaitStatus()).isEqualTo(Status.OK);
	}

	@Test
	void callsThatWaitForCredentialsEndWithTheClientConn() {
		ClientConn conn = this.scenario.dial(this.server);
		Scenario.accept(this.server);
		List<CallCredentials.MetadataApplier> appliers = new ArrayList<>();
		CallRecorder call = CallRecorder.unary(conn, "x", Scenario.WAIT.withCallCredentials(credentials((applier) -> {
			synchronized (appliers) {
				appliers.add(applier);
			}
		})));
		Scenario.soon().until(() -> {
			synchronized (appliers) {
				return appliers.size() == 1;
			}
		});
		conn.shutdownNow();
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.CANCELLED);
		assertThat(call.awaitStatus().getDescription()).isEqualTo("the client connection is closing");
		appliers.get(0).apply(new Metadata());
	}

	@Test
	void firstInterceptorIsOutermost() {
		List<String> order = new ArrayList<>();
		ClientConn conn = this.scenario.dial(this.server,
				Scenario.options()
					.unaryInterceptor(interceptor(order, "outer"))
					.unaryInterceptor(interceptor(order, "inner"))
					.streamInterceptor(interceptor(order, "stream")));
		CallRecorder.unary(conn, "x");
		assertThat(order).containsExactly("outer", "inner");
		CallRecorder.bidi(conn);
		assertThat(order).containsExactly("outer", "inner", "stream");
	}

	private static ClientInterceptor interceptor(List<String> order, String name) {
		return new ClientInterceptor() {
			@Override
			public <Q, R> ClientCall<Q, R> interceptCall(MethodDescriptor<Q, R> method, CallOptions options,
					Channel next) {
				order.add(name);
				return next.newCall(method, options);
			}
		};
	}

	private static CallCredentials token(List<String> asked, String name, boolean async) {
		return new CallCredentials() {
			@Override
			public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
				asked.add(name);
				Metadata headers = new Metadata();
				headers.put(key("token"), name);
				if (async) {
					executor.execute(() -> applier.apply(headers));
				}
				else {
					applier.apply(headers);
				}
			}
		};
	}

	private static CallCredentials credentials(Consumer<CallCredentials.MetadataApplier> behaviour) {
		return new CallCredentials() {
			@Override
			public void applyRequestMetadata(RequestInfo info, Executor executor, MetadataApplier applier) {
				behaviour.accept(applier);
			}
		};
	}

	private static Metadata.Key<String> key(String name) {
		return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
	}

	/** Gzip by another name. */
	private record Renamed(String name) implements io.grpc.Codec {

		@Override
		public String getMessageEncoding() {
			return this.name;
		}

		@Override
		public OutputStream compress(OutputStream out) throws IOException {
			return new GZIPOutputStream(out);
		}

		@Override
		public InputStream decompress(InputStream in) throws IOException {
			return new GZIPInputStream(in);
		}

	}

}
