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

import java.time.Duration;
import java.time.Instant;

import io.grpc.Metadata;

/**
 * A bearer token and the time it is good for. Compared by identity, so that a rejected
 * token is not mistaken for the one fetched after it.
 */
final class Token {

	/** Long enough for a fetch that fails to be repeated before the token expires. */
	private static final Duration REFRESH_BEFORE_EXPIRY = Duration.ofSeconds(30);

	private final Metadata headers;

	private final Instant refreshAt;

	private final Instant expiresAt;

	private Token(String value, Instant refreshAt, Instant expiresAt) {
		this.headers = AuthorizationHeader.bearer(value);
		this.refreshAt = refreshAt;
		this.expiresAt = expiresAt;
	}

	/**
	 * Returns a token that is replaced 30 s, or a tenth of its remaining life if that is
	 * less, before it expires.
	 * @param value the token
	 * @param now the current time
	 * @param expiresAt when it expires
	 * @return the token
	 * @throws IllegalArgumentException if a header cannot carry the token
	 */
	static Token expiring(String value, Instant now, Instant expiresAt) {
		Duration tenth = Duration.between(now, expiresAt).dividedBy(10);
		Duration early = (tenth.compareTo(REFRESH_BEFORE_EXPIRY) < 0) ? tenth : REFRESH_BEFORE_EXPIRY;
		return new Token(value, expiresAt.minus(early), expiresAt);
	}

	/**
	 * Returns a token without a known end, to be looked up again from time to time.
	 * @param value the token
	 * @param refreshAt when to look it up again
	 * @return the token
	 * @throws IllegalArgumentException if a header cannot carry the token
	 */
	static Token lasting(String value, Instant refreshAt) {
		return new Token(value, refreshAt, Instant.MAX);
	}

	/** Returns the headers of a call that carries this token; not to be changed. */
	Metadata headers() {
		return this.headers;
	}

	boolean isFresh(Instant now) {
		return now.isBefore(this.refreshAt);
	}

	boolean isUsable(Instant now) {
		return now.isBefore(this.expiresAt);
	}

}
