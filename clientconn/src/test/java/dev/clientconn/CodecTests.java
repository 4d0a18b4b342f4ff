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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

import dev.clientconn.testing.Frame;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.Peer;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.CallOptions;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * How a codec shows on the wire: bytes of messages and the content-type.
 */
class CodecTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	private final ScriptedHttp2Server server = this.scenario.scripted();

	private final Reversing reversing = new Reversing("reversed");

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@Test
	void withoutACodecTheContentTypeIsPlain() {
		ClientConn conn = this.scenario.dial(this.server);
		assertThat(asked(Scenario.accept(this.server), 1, CallRecorder.unary(conn, "abc")))
			.containsExactly("application/grpc", "abc");
	}

	@Test
	void contentTypeFollowsTheCodec() {
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().codec(this.reversing));
		CallRecorder call = CallRecorder.unary(conn, "abc");
		assertThat(asked(Scenario.accept(this.server), 1, call)).containsExactly("application/grpc+reversed", "cba");
		assertThat(call.messages()).containsExactly("answer");
	}

	@Test
	void codecWithoutASubtypeLeavesTheContentType() {
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().codec(new Reversing(null)));
		assertThat(asked(Scenario.accept(this.server), 1, CallRecorder.unary(conn, "abc")))
			.containsExactly("application/grpc", "cba");
	}

	@Test
	void callChoosesForItself() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		assertThat(asked(peer, 1, CallRecorder.unary(conn, "abc", with(this.reversing))))
			.containsExactly("application/grpc+reversed", "cba");
		assertThat(asked(peer, 3, CallRecorder.unary(conn, "abc"))).containsExactly("application/grpc", "abc");
	}

	@Test
	void callOverridesTheCodecOfItsConnection() {
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().codec(this.reversing));
		Peer peer = Scenario.accept(this.server);
		assertThat(asked(peer, 1, CallRecorder.unary(conn, "abc", with(Codec.declared()))))
			.containsExactly("application/grpc", "abc");
		assertThat(asked(peer, 3, CallRecorder.unary(conn, "abc", with(new Reversing("other")))))
			.containsExactly("application/grpc+other", "cba");
	}

	@Test
	void marshallersAreMadeOnceForEachMethodAndCodec() {
		Reversing ofCall = new Reversing("other");
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().codec(this.reversing));
		Peer peer = Scenario.accept(this.server);
		for (int id = 1; id < 12; id += 4) {
			asked(peer, id, CallRecorder.unary(conn, "abc"));
			asked(peer, id + 2, CallRecorder.unary(conn, "abc", with(ofCall)));
		}
		assertThat(this.reversing.asked).hasSize(2);
		assertThat(ofCall.asked).hasSize(2);
	}

	/** As grpc-java and grpc-go: servers answer with application/grpc for any subtype. */
	@ParameterizedTest
	@ValueSource(strings = { "application/grpc", "application/grpc+reversed", "application/grpc+proto",
			"application/grpc;charset=utf-8" })
	void responseMayHaveAnyContentSubtype(String contentType) {
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().codec(this.reversing));
		CallRecorder call = CallRecorder.unary(conn, "abc");
		Peer peer = Scenario.accept(this.server);
		peer.expectHeaders(1);
		answer(peer, 1, contentType, "rewsna");
		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(call.messages()).containsExactly("answer");
	}

	@Test
	void responseOfAnotherContentTypeIsNoGrpc() {
		ClientConn conn = this.scenario.dial(this.server, Scenario.options().codec(this.reversing));
		CallRecorder call = CallRecorder.unary(conn, "abc");
		Peer peer = Scenario.accept(this.server);
		peer.expectHeaders(1);
		peer.sendHeaders(1, true, ":status", "415", "content-type", "application/json");
		assertThat(call.awaitStatus().getCode()).isEqualTo(Status.Code.UNKNOWN);
		assertThat(call.awaitStatus().getDescription()).contains("415", "application/json");
	}

	@Test
	void anUpdateChangesTheCodecInPlace() {
		ClientConn conn = this.scenario.dial(this.server);
		Peer peer = Scenario.accept(this.server);
		asked(peer, 1, CallRecorder.unary(conn, "abc"));
		conn.update(conn.target(), Scenario.options().codec(this.reversing).build());
		int[] id = { 1 };
		Scenario.soon().until(() -> {
			id[0] += 2;
			return asked(peer, id[0], CallRecorder.unary(conn, "abc")).get(1).equals("cba");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "JSON", "json;v=1", "a b" })
	void subtypeThatIsNoTokenIsRefused(String subtype) {
		Codec codec = new Reversing(subtype);
		assertThatIllegalArgumentException().isThrownBy(() -> DialOptions.builder().codec(codec))
			.withMessageContaining("codec reversing: contentSubtype \"" + subtype + "\"");
		ClientConn conn = this.scenario.dial(this.server);
		assertThatIllegalArgumentException().isThrownBy(() -> conn.newCall(CallRecorder.UNARY, with(codec)))
			.withMessageContaining("contentSubtype");
	}

	private static CallOptions with(Codec codec) {
		return CallOptions.DEFAULT.withOption(Codec.OPTION, codec);
	}

	/** Answers a call, and returns the content-type and the message of its request. */
	private List<String> asked(Peer peer, int id, CallRecorder call) {
		Frame headers = peer.expectHeaders(id);
		String request = new String(peer.expectMessage(id), StandardCharsets.ISO_8859_1);
		answer(peer, id, "application/grpc", "rewsna");
		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		return List.of(headers.header("content-type"), request);
	}

	private static void answer(Peer peer, int id, String contentType, String message) {
		peer.sendHeaders(id, false, ":status", "200", "content-type", contentType);
		peer.sendMessage(id, Scenario.bytes(message));
		peer.sendHeaders(id, true, "grpc-status", "0");
	}

	/** Writes texts backwards. */
	private static final class Reversing implements Codec {

		private final String subtype;

		private final List<Object> asked = new ArrayList<>();

		Reversing(String subtype) {
			this.subtype = subtype;
		}

		@Override
		public String name() {
			return "reversing";
		}

		@Override
		public String contentSubtype() {
			return this.subtype;
		}

		@Override
		public <T> MethodDescriptor.Marshaller<T> marshaller(MethodDescriptor.Marshaller<T> declared) {
			this.asked.add(declared);
			return new MethodDescriptor.Marshaller<>() {

				@Override
				public InputStream stream(T value) {
					return reversed(declared.stream(value));
				}

				@Override
				public T parse(InputStream stream) {
					return declared.parse(reversed(stream));
				}

			};
		}

		private static InputStream reversed(InputStream stream) {
			try {
				String text = new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
				return new ByteArrayInputStream(Scenario.bytes(new StringBuilder(text).reverse().toString()));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
