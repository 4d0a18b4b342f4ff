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
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one token and replaces it in time. At most one fetch runs, on a thread of its
 * own; a token that is about to expire serves calls while its successor is fetched. Safe
 * for use from any thread; no caller ever waits.
 */
final class TokenCache {

	/** Clients of the token endpoint have no time limit of their own by default. */
	static final Duration FETCH_TIMEOUT = Duration.ofSeconds(30);

	/**
	 * Calls that come this soon after a failed fetch share its failure, so that many
	 * calls do not become many requests to a token endpoint in trouble.
	 */
	static final Duration FAILURE_SPACING = Duration.ofSeconds(1);

	/**
	 * A server that rejects every token causes no more than one fetch in this time.
	 */
	static final Duration REJECTION_SPACING = Duration.ofSeconds(10);

	private static final Logger logger = LoggerFactory.getLogger(TokenCache.class);

	private final TokenSource source;

	private final InstantSource clock;

	private final Duration fetchTimeout;

	private final Object lock = new Object();

	// written under the lock, read by any thread

	private volatile @Nullable Token current;

	// guarded by the lock

	private @Nullable CompletableFuture<Token> fetching;

	private boolean fetchAnew;

	private Instant nextDrop = Instant.MIN;

	private @Nullable StatusRuntimeException failure;

	private Instant failureEnds = Instant.MIN;

	TokenCache(TokenSource source, InstantSource clock, Duration fetchTimeout) {
		this.source = source;
		this.clock = clock;
		this.fetchTimeout = fetchTimeout;
	}

	/**
	 * Returns a token at once if there is one that need not be replaced yet.
	 * @return the token, {@code null} to ask for {@link #next()}
	 */
	@Nullable Token fresh() {
		Token token = this.current;
		return (token != null && token.isFresh(this.clock.instant())) ? token : null;
	}

	/**
	 * Returns a token that may still have to be fetched.
	 * @return fails with a {@link StatusRuntimeException} if it cannot be fetched
	 */
	CompletableFuture<Token> next() {
		synchronized (this.lock) {
			Instant now = this.clock.instant();
			Token token = this.current;
			if (token != null && token.isFresh(now)) {
				return CompletableFuture.completedFuture(token);
			}
			StatusRuntimeException recent = now.isBefore(this.failureEnds) ? this.failure : null;
			if (this.fetching == null && recent == null) {
				this.fetching = fetch();
			}
			if (token != null && token.isUsable(now)) {
				return CompletableFuture.completedFuture(token);
			}
			CompletableFuture<Token> fetching = this.fetching;
			if (fetching != null) {
				return fetching;
			}
			return CompletableFuture.failedFuture(recent);
		}
	}

	/**
	 * Forgets a token that the server has rejected, so that the next call fetches
	 * another. Does nothing if another has taken its place, or if one was forgotten
	 * moments ago.
	 * @param rejected the token of the rejected call
	 */
	void rejected(Token rejected) {
		synchronized (this.lock) {
			Instant now = this.clock.instant();
			if (this.current == rejected && !now.isBefore(this.nextDrop)) {
				this.current = null;
				this.fetchAnew = true;
				this.nextDrop = now.plus(REJECTION_SPACING);
			}
		}
	}

	private CompletableFuture<Token> fetch() {
		boolean anew = this.fetchAnew;
		CompletableFuture<Token> answer = new CompletableFuture<>();
		Thread thread = new Thread(() -> {
			try {
				answer.complete(this.source.fetch(anew));
			}
			catch (Throwable ex) {
				answer.completeExceptionally(ex);
			}
		}, "clientconn-token " + this.source.description());
		thread.setDaemon(true);
		// Those who wait are told by the second future, after our own state has changed.
		CompletableFuture<Token> told = answer.orTimeout(this.fetchTimeout.toMillis(), TimeUnit.MILLISECONDS)
			.handle((token, ex) -> ended(thread, token, ex));
		thread.start();
		return told;
	}

	private Token ended(Thread thread, @Nullable Token token, @Nullable Throwable cause) {
		if (token == null) {
			thread.interrupt(); // Out of time; otherwise it ends by itself.
			throw failed(status(cause));
		}
		boolean recovered;
		synchronized (this.lock) {
			recovered = this.failure != null;
			this.fetching = null;
			this.fetchAnew = false;
			this.failure = null;
			this.current = token;
		}
		if (recovered) {
			logger.info("{} - has a token again", this.source.description());
		}
		return token;
	}

	private CompletionException failed(StatusRuntimeException status) {
		boolean first;
		synchronized (this.lock) {
			first = this.failure == null;
			this.fetching = null;
			this.failure = status;
			this.failureEnds = this.clock.instant().plus(FAILURE_SPACING);
		}
		if (first) {
			logger.warn("{} (calls without a token fail until this is cured)", status.getStatus().getDescription());
		}
		return new CompletionException(status);
	}

	private StatusRuntimeException status(@Nullable Throwable cause) {
		if (cause instanceof StatusRuntimeException status) {
			return status;
		}
		if (cause instanceof TimeoutException) {
			return Status.UNAVAILABLE
				.withDescription(
						this.source.description() + ": no answer within " + this.fetchTimeout.toMillis() + " ms")
				.asRuntimeException();
		}
		return Status.UNAUTHENTICATED
			.withDescription(this.source.description() + ": the token could not be fetched: "
					+ ((cause != null) ? cause.getClass().getName() : "no token"))
			.withCause(cause)
			.asRuntimeException();
	}

}
