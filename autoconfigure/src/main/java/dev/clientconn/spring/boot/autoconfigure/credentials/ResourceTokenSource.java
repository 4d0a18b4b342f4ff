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

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;

import io.grpc.Status;

import org.springframework.core.io.Resource;

/**
 * Reads a token from a file that somebody else renews, such as the service account token
 * that Kubernetes projects into a container.
 *
 * @param location where the user said it is
 * @param resource holds the token
 * @param clock tells the time
 */
record ResourceTokenSource(String location, Resource resource, InstantSource clock) implements TokenSource {

	/**
	 * The period of Kubernetes' own client. The file is renewed when a fifth of the
	 * token's life is left, at least two minutes before its end.
	 */
	static final Duration READ_AGAIN = Duration.ofMinutes(1);

	@Override
	public Token fetch(boolean anew) {
		try {
			String value = this.resource.getContentAsString(StandardCharsets.UTF_8).strip();
			return Token.lasting(value, this.clock.instant().plus(READ_AGAIN));
		}
		catch (IOException ex) {
			throw Status.UNAUTHENTICATED.withDescription(description() + " cannot be read: " + ex)
				.withCause(ex)
				.asRuntimeException();
		}
		catch (IllegalArgumentException ex) {
			throw Status.UNAUTHENTICATED.withDescription(description() + ": " + ex.getMessage()).asRuntimeException();
		}
	}

	@Override
	public String description() {
		return "token of '" + this.location + "'";
	}

}
