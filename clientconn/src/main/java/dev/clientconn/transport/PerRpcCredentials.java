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

import java.util.Objects;

import io.grpc.CallCredentials;

/**
 * Credentials that add headers to each call.
 *
 * @param credentials asked once per call, when its first connection is chosen; must not
 * block, but may answer later and from any thread
 * @param requireTransportSecurity whether sending them in plaintext is an error
 */
public record PerRpcCredentials(CallCredentials credentials, boolean requireTransportSecurity) {

	public PerRpcCredentials {
		Objects.requireNonNull(credentials, "credentials");
	}

	/**
	 * Returns credentials that are only sent over TLS.
	 * @param credentials the credentials
	 * @return credentials that require transport security
	 */
	public static PerRpcCredentials of(CallCredentials credentials) {
		return new PerRpcCredentials(credentials, true);
	}

}
