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
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TokenCacheTests {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	private volatile Instant now = START;

	private final InstantSource clock = () -> this.now;

	private final ScriptedSource source = new ScriptedSource();

	private final TokenCache cache = new TokenCache(this.source, this.clock, Duration.ofMinutes(1));

	@Test
	void aFreshTokenIsNotFetchedAgain() throws Exception {
		Token token = this.source.add(hour());

		assertThat(this.cache.fresh()).isNull();
		assertThat(this.cache.next().get()).isSameAs(token);
		assertThat(this.cache.fresh()).isSameAs(token);
		assertThat(this.cache.next().get()).isSameAs(token);
		assertThat(this.source.fetches).containsExactly(false);
	}

	@Test
	void aTokenAboutToExpireServesWhileItsSuccessorIsFetched() throws Exception {
		Token first = this.source.add(hour());
		this.cache.next().get();
		this.now = START.plus(Duration.ofMinutes(59)).plusSeconds(31);
		CountDownLatch gate = this.source.gate();
		Token second = this.source.add(Token.expiring("second", this.now, this.now.plusSeconds(3600)));

		assertThat(this.cache.fresh()).isNull();
		assertThat(this.cache.next()).isCompletedWithValue(first);
		this.now = START.plus(Duration.ofHours(1));
		CompletableFuture<Token> next = this.cache.next();
		assertThat(next).isNotDone();
		gate.countDown();

		assertThat(next.get()).isSameAs(second);
		assertThat(this.source.fetches).hasSize(2);
	}

	@Test
	void aShortLivedTokenIsKeptForNineTenthsOfItsLife() {
		Token token = Token.expiring("short", START, START.plusSeconds(10));

		assertThat(token.isFresh(START.plusSeconds(8))).isTrue();
		assertThat(token.isFresh(START.plusSeconds(9))).isFalse();
		assertThat(token.isUsable(START.plusSeconds(9))).isTrue();
		assertThat(token.isUsable(START.plusSeconds(10))).isFalse();
	}

	@Test
	void aFailedFetchIsSharedForAMoment() throws Exception {
		this.source.fail(Status.UNAVAILABLE.withDescription("down"));
		assertThat(failure(this.cache.next())).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(failure(this.cache.next())).isEqualTo(Status.Code.UNAVAILABLE);
		assertThat(this.source.fetches).hasSize(1);

		this.now = START.plus(TokenCache.FAILURE_SPACING);
		Token token = this.source.add(hour());

		assertThat(this.cache.next().get()).isSameAs(token);
		assertThat(this.source.fetches).hasSize(2);
	}

	@Test
	void aFailedRefreshDoesNotTakeAwayAUsableToken() throws Exception {
		Token first = this.source.add(hour());
		this.cache.next().get();
		this.now = START.plus(Duration.ofMinutes(59)).plusSeconds(31);
		this.source.fail(Status.UNAVAILABLE.withDescription("down"));

		assertThat(this.cache.next().get()).isSameAs(first);
		assertThat(this.cache.next().get()).isSameAs(first);
	}

	@Test
	void aRejectedTokenIsFetchedAnewAtMostOnceInAWhile() throws Exception {
		Token first = this.source.add(hour());
		Token second = this.source.add(hour());
		Token third = this.source.add(hour());
		this.cache.next().get();

		this.cache.rejected(first);
		assertThat(this.cache.next().get()).isSameAs(second);
		this.cache.rejected(first);
		this.cache.rejected(second);
		assertThat(this.cache.fresh()).isSameAs(second);

		this.now = START.plus(TokenCache.REJECTION_SPACING);
		this.cache.rejected(second);
		assertThat(this.cache.next().get()).isSameAs(third);
		assertThat(this.source.fetches).containsExactly(false, true, true);
	}

	@Test
	void aFetchThatHangsEndsTheWaitAndTheNextCallTriesAgain() throws Exception {
		TokenCache impatient = new TokenCache(this.source, this.clock, Duration.ofMillis(50));
		this.source.gate();

		CompletableFuture<Token> next = impatient.next();

		assertThat(failure(next)).isEqualTo(Status.Code.UNAVAILABLE);
		assertThatExceptionOfType(ExecutionException.class).isThrownBy(next::get)
			.withMessageContaining("scripted source: no answer within 50 ms");
		assertThat(this.source.interrupted.await(20, TimeUnit.SECONDS)).isTrue();
		this.now = START.plus(TokenCache.FAILURE_SPACING);
		this.source.gate = new CountDownLatch(0);
		Token token = this.source.add(hour());
		assertThat(new TokenCache(this.source, this.clock, Duration.ofMinutes(1)).next().get()).isSameAs(token);
	}

	@Test
	void anyOtherFailureNamesTheSourceAndItsTypeOnly() throws Exception {
		this.source.failures.add(new IllegalStateException("secret"));

		assertThatExceptionOfType(ExecutionException.class).isThrownBy(this.cache.next()::get)
			.satisfies((ex) -> assertThat(((StatusRuntimeException) ex.getCause()).getStatus().getDescription())
				.isEqualTo("scripted source: the token could not be fetched: java.lang.IllegalStateException"));
	}

	private static Token hour() {
		return Token.expiring("token", START, START.plus(Duration.ofHours(1)));
	}

	private static Status.Code failure(CompletableFuture<Token> next) throws InterruptedException {
		try {
			next.get();
			return Status.Code.OK;
		}
		catch (ExecutionException ex) {
			return Status.fromThrowable(ex).getCode();
		}
	}

	private static final class ScriptedSource implements TokenSource {

		final List<Boolean> fetches = new ArrayList<>();

		final Queue<Token> tokens = new ArrayDeque<>();

		final Queue<RuntimeException> failures = new ArrayDeque<>();

		final CountDownLatch interrupted = new CountDownLatch(1);

		volatile CountDownLatch gate = new CountDownLatch(0);

		Token add(Token token) {
			this.tokens.add(token);
			return token;
		}

		void fail(Status status) {
			this.failures.add(status.asRuntimeException());
		}

		CountDownLatch gate() {
			this.gate = new CountDownLatch(1);
			return this.gate;
		}

		@Override
		public Token fetch(boolean anew) {
			this.fetches.add(anew);
			try {
				this.gate.await();
			}
			catch (InterruptedException ex) {
				this.interrupted.countDown();
				throw Status.CANCELLED.asRuntimeException();
			}
			RuntimeException failure = this.failures.poll();
			if (failure != null) {
				throw failure;
			}
			return this.tokens.remove();
		}

		@Override
		public String description() {
			return "scripted source";
		}

	}

}
