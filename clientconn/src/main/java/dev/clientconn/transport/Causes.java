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

import dev.clientconn.naming.Address;
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
		Throwable reason = (cause instanceof DecoderException && cause.getCause() != null) ? cause.getCause() : cause;
		String text = address.addr();
		if (what != null) {
			text += ": " + what;
		}
		if (reason != null) {
			text += ": " + describe(reason);
		}
		return Status.UNAVAILABLE.withDescription(text).withCause(reason);
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
