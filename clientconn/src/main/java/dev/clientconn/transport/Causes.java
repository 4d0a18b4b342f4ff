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
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.Locale;

import javax.net.ssl.SSLException;

import dev.clientconn.naming.Address;
import dev.clientconn.stats.DisconnectReason;
import io.grpc.Status;
import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import org.jspecify.annotations.Nullable;

/**
 * Says in a status what broke a connection.
 */
final class Causes {

	private Causes() {
	}

	/** Returns UNAVAILABLE with address, step and reason. */
	static Status unavailable(Address address, @Nullable String what, @Nullable Throwable cause) {
		Throwable reason = undecorated(cause);
		String text = address.addr();
		if (what != null) {
			text += ": " + what;
		}
		if (reason != null) {
			text += ": " + describe(reason);
		}
		return Status.UNAVAILABLE.withDescription(text).withCause(reason);
	}

	/**
	 * Returns what the loss of a connection counts as. The JDK and the native transports
	 * give the system's error only as text.
	 */
	static DisconnectReason disconnectReason(@Nullable Throwable cause) {
		Throwable reason = undecorated(cause);
		if (!(reason instanceof IOException) || reason instanceof ClosedChannelException
				|| reason instanceof SSLException) {
			return DisconnectReason.UNKNOWN;
		}
		String lower = String.valueOf(reason.getMessage()).toLowerCase(Locale.ROOT);
		if (lower.contains("reset")) {
			return DisconnectReason.CONNECTION_RESET;
		}
		if (lower.contains("timed out")) {
			return DisconnectReason.CONNECTION_TIMED_OUT;
		}
		return lower.contains("abort") ? DisconnectReason.CONNECTION_ABORTED : DisconnectReason.SOCKET_ERROR;
	}

	private static @Nullable Throwable undecorated(@Nullable Throwable cause) {
		return (cause instanceof DecoderException && cause.getCause() != null) ? cause.getCause() : cause;
	}

	private static String describe(Throwable cause) {
		String message = String.valueOf(cause.getMessage());
		String lower = message.toLowerCase(Locale.ROOT);
		if (cause instanceof ConnectTimeoutException) {
			return "no answer to the connect request";
		}
		if (cause instanceof ConnectException && lower.contains("connection refused")) {
			return "connection refused";
		}
		if (cause instanceof UnknownHostException) {
			return "unknown host " + message;
		}
		if (cause instanceof ClosedChannelException) {
			return "connection closed";
		}
		if (cause instanceof IOException && (lower.contains("reset") || lower.contains("broken pipe"))) {
			return "connection reset by the server";
		}
		Throwable root = cause;
		while (root.getCause() != null && root.getCause() != root) {
			root = root.getCause();
		}
		String text = (cause.getMessage() != null) ? message : cause.getClass().getSimpleName();
		return (root != cause && root.getMessage() != null && !text.contains(root.getMessage()))
				? text + " (" + root.getMessage() + ")" : text;
	}

}
