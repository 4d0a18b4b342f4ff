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
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

import dev.clientconn.testing.AutoReply.Reply;
import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.testing.ScriptedHttp2Server;
import io.grpc.BinaryLog;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.MethodDescriptor;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Where the binary log stands: below interceptors and codec, above the attempts.
 */
class BinaryLogTests {

	private static final int REFUSED_STREAM = 7;

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final Scenario scenario = new Scenario();

	private final RecordingLog log = new RecordingLog();

	@AfterEach
	void close() throws Exception {
		this.scenario.close();
	}

	@Test
	void callIsLoggedOnceWhateverItsAttempts() {
		ScriptedHttp2Server server = this.scenario.scripted((peer) -> {
			peer.handshake();
			peer.autoReply((id, headers, message) -> (id == 1) ? Reply.rst(REFUSED_STREAM) : Reply.message(message));
		});
		ClientConn conn = this.scenario.dial(server, Scenario.options().binaryLog(this.log));
		CallRecorder call = CallRecorder.unary(conn, "abc");
		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(this.log.entries).containsExactly("Unary", "abc");
		assertThat(this.log.authority).isEqualTo(conn.authority());
	}

	@Test
	void messagesAreLoggedAsTheCodecWritesThem() {
		ClientConn conn = this.scenario.dial(this.scenario.scripted(Scenario.answering()),
				Scenario.options().binaryLog(this.log).codec(new Upper()));
		CallRecorder call = CallRecorder.unary(conn, "abc");
		assertThat(call.awaitStatus()).isEqualTo(Status.OK);
		assertThat(call.messages()).containsExactly("ABC");
		assertThat(this.log.entries).containsExactly("Unary", "ABC");
	}

	@Test
	void anUpdateSwitchesTheLogOnInPlace() {
		ClientConn conn = this.scenario.dial(this.scenario.scripted(Scenario.answering()));
		assertThat(CallRecorder.unary(conn, "abc", Scenario.WAIT).awaitStatus()).isEqualTo(Status.OK);
		assertThat(this.log.entries).isEmpty();
		conn.update(conn.target(), Scenario.options().binaryLog(this.log).build());
		Scenario.soon().until(() -> {
			assertThat(CallRecorder.unary(conn, "abc").awaitStatus()).isEqualTo(Status.OK);
			return this.log.entries.contains("abc");
		});
	}

	private static String text(InputStream stream) {
		try {
			return new String(stream.readAllBytes(), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/** Remembers methods and request messages. */
	private static final class RecordingLog extends BinaryLog {

		private final List<String> entries = new CopyOnWriteArrayList<>();

		private String authority;

		@Override
		public Channel wrapChannel(Channel channel) {
			this.authority = channel.authority();
			return new Channel() {

				@Override
				public <Q, R> ClientCall<Q, R> newCall(MethodDescriptor<Q, R> method, CallOptions options) {
					RecordingLog.this.entries.add(method.getBareMethodName());
					return new SimpleForwardingClientCall<>(channel.newCall(method, options)) {

						@Override
						public void sendMessage(Q message) {
							RecordingLog.this.entries.add(text(method.streamRequest(message)));
							super.sendMessage(message);
						}

					};
				}

				@Override
				public String authority() {
					return channel.authority();
				}

			};
		}

		@Override
		public <Q, R> ServerMethodDefinition<?, ?> wrapMethodDefinition(ServerMethodDefinition<Q, R> method) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void close() {
			throw new UnsupportedOperationException("whoever made it closes it");
		}

	}

	/** Sends texts in upper case. */
	private static final class Upper implements Codec {

		@Override
		public String name() {
			return "upper";
		}

		@Override
		public <T> MethodDescriptor.Marshaller<T> marshaller(MethodDescriptor.Marshaller<T> declared) {
			return new MethodDescriptor.Marshaller<>() {

				@Override
				public InputStream stream(T value) {
					return new ByteArrayInputStream(
							Scenario.bytes(text(declared.stream(value)).toUpperCase(Locale.ROOT)));
				}

				@Override
				public T parse(InputStream stream) {
					return declared.parse(stream);
				}

			};
		}

	}

}
