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

package dev.clientconn.spring.boot.autoconfigure.actuate;

import java.util.Arrays;
import java.util.Locale;
import java.util.function.Consumer;

import dev.clientconn.ClientConn;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;

/**
 * What the endpoint can do to a whole channel.
 */
enum ChannelAction {

	/** Connects it if it is idle. */
	CONNECT((conn) -> conn.getState(true)),

	/** Ends all backoff waits. */
	RESET_BACKOFF(ClientConn::resetConnectBackoff),

	/** Drains all connections until the next call. */
	ENTER_IDLE(ClientConn::enterIdle),

	/** Replaces all connections, make-before-break. */
	RECONNECT((conn) -> conn.operations().reconnect()),

	/** Asks for a fresh address list. */
	REFRESH((conn) -> conn.operations().resolveNow());

	private final Consumer<ClientConn> effect;

	ChannelAction(Consumer<ClientConn> effect) {
		this.effect = effect;
	}

	void apply(ClientConn conn) {
		this.effect.accept(conn);
	}

	static ChannelAction of(String text) {
		return Arrays.stream(values())
			.filter((action) -> text(action).equals(text))
			.findFirst()
			.orElseThrow(() -> unknown(text, values()));
	}

	static String text(Enum<?> action) {
		return action.name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	static InvalidEndpointRequestException unknown(String text, Enum<?>[] known) {
		String reason = "action: \"" + text + "\" (expected: one of "
				+ Arrays.stream(known).map(ChannelAction::text).toList() + ")";
		return new InvalidEndpointRequestException(reason, reason);
	}

}
