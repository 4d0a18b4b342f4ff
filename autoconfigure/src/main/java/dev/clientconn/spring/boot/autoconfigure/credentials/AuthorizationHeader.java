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

package dev.clientconn.spring.boot.autoconfigure.credentials;

import java.nio.charset.StandardCharsets;
import java.util.Base64;

import io.grpc.Metadata;

/**
 * The header {@code authorization} (RFC 9110, 11.6.2). Its messages never hold a value.
 */
final class AuthorizationHeader {

	private static final Metadata.Key<String> AUTHORIZATION = Metadata.Key.of("authorization",
			Metadata.ASCII_STRING_MARSHALLER);

	private AuthorizationHeader() {
	}

	static Metadata bearer(String token) {
		if (token.isEmpty() || !token.chars().allMatch((character) -> character > ' ' && character < 0x7f)) {
			throw new IllegalArgumentException(
					"the token is empty or cannot be sent (expected: visible ASCII characters without spaces)");
		}
		return headers("Bearer " + token);
	}

	static Metadata basic(String username, String password) {
		if (username.indexOf(':') >= 0) {
			throw new IllegalArgumentException("the user name holds a colon, which ends it (RFC 7617)");
		}
		byte[] pair = (username + ":" + password).getBytes(StandardCharsets.UTF_8);
		return headers("Basic " + Base64.getEncoder().encodeToString(pair));
	}

	private static Metadata headers(String authorization) {
		Metadata headers = new Metadata();
		headers.put(AUTHORIZATION, authorization);
		return headers;
	}

}
