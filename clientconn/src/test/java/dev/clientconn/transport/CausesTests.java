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

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.ClosedChannelException;
import java.util.stream.Stream;

import javax.net.ssl.SSLHandshakeException;

import dev.clientconn.stats.DisconnectReason;
import io.netty.handler.codec.DecoderException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the loss of a connection counts as, by the texts of the JDK and of epoll.
 */
class CausesTests {

	@ParameterizedTest
	@MethodSource
	void disconnectReason(@Nullable Throwable cause, DisconnectReason expected) {
		assertThat(Causes.disconnectReason(cause)).isEqualTo(expected);
	}

	static Stream<Arguments> disconnectReason() {
		return Stream.of(Arguments.of(new SocketException("Connection reset"), DisconnectReason.CONNECTION_RESET),
				Arguments.of(new IOException("recvAddress(..) failed with error(-104): Connection reset by peer"),
						DisconnectReason.CONNECTION_RESET),
				Arguments.of(new IOException("Connection timed out"), DisconnectReason.CONNECTION_TIMED_OUT),
				Arguments.of(new IOException("Software caused connection abort"), DisconnectReason.CONNECTION_ABORTED),
				Arguments.of(new IOException("Broken pipe"), DisconnectReason.SOCKET_ERROR),
				Arguments.of(new IOException(), DisconnectReason.SOCKET_ERROR),
				Arguments.of(new DecoderException(new SocketException("Connection reset")),
						DisconnectReason.CONNECTION_RESET),
				Arguments.of(new DecoderException(new SSLHandshakeException("bad record")), DisconnectReason.UNKNOWN),
				Arguments.of(new ClosedChannelException(), DisconnectReason.UNKNOWN),
				Arguments.of(new IllegalStateException("reset"), DisconnectReason.UNKNOWN),
				Arguments.of(null, DisconnectReason.UNKNOWN));
	}

}
