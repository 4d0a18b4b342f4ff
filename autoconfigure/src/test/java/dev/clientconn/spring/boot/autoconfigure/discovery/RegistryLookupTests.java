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

package dev.clientconn.spring.boot.autoconfigure.discovery;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;

import dev.clientconn.spring.boot.autoconfigure.discovery.RegistryLookup.Result;
import dev.clientconn.testing.FakeScheduler;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RegistryLookupTests {

	private final FakeScheduler scheduler = new FakeScheduler();

	private final Queue<Runnable> threads = new ArrayDeque<>();

	private final List<Result<String>> results = new ArrayList<>();

	private int abandoned;

	private final RegistryLookup<String> lookup = new RegistryLookup<>((task) -> {
		this.threads.add(task);
		return () -> this.abandoned++;
	}, this.scheduler, Duration.ofSeconds(5));

	@Test
	void anAnswerEndsTheLookup() {
		this.lookup.start(() -> "answer", this.results::add);
		this.scheduler.advance(Duration.ofSeconds(2));
		this.threads.remove().run();

		assertThat(this.results).containsExactly(new Result<>("answer", null, Duration.ofSeconds(2).toNanos()));
		assertThat(this.scheduler.pending()).isEmpty();
		this.lookup.close();
		assertThat(this.abandoned).isZero();
	}

	@Test
	void aFailureEndsTheLookup() {
		Error failure = new NoClassDefFoundError("missing");
		this.lookup.start(() -> {
			throw failure;
		}, this.results::add);
		this.threads.remove().run();

		assertThat(this.results).singleElement().extracting(Result::failure).isSameAs(failure);
	}

	@Test
	void whatTakesTooLongIsGivenUpAndItsAnswerIgnored() {
		this.lookup.start(() -> {
			this.scheduler.advance(Duration.ofSeconds(60)); // Hangs, and time passes.
			return "late";
		}, this.results::add);
		this.threads.remove().run();

		assertThat(this.abandoned).isEqualTo(1);
		assertThat(this.results).singleElement()
			.satisfies((result) -> assertThat(result.failure()).hasMessage("no answer within PT5S"));
	}

	@Test
	void whatNeverGetsAThreadIsGivenUpAndDoesNotRun() {
		this.lookup.start(() -> {
			throw new AssertionError("must not run");
		}, this.results::add);
		this.scheduler.advance(Duration.ofSeconds(5));
		this.threads.remove().run();

		assertThat(this.results).singleElement()
			.satisfies((result) -> assertThat(result.failure()).hasMessage("no thread was free for PT5S"));
	}

	@Test
	void noMoreThanFourMayHang() {
		hang(4);
		assertThat(this.results).hasSize(4).allMatch((result) -> result.failure() != null);

		this.lookup.start(() -> "answer", this.results::add);
		this.threads.remove().run();
		assertThat(this.results.get(4).answer()).as("they have ended").isEqualTo("answer");
	}

	@Test
	void nothingIsToldAfterClose() {
		this.lookup.start(() -> "answer", this.results::add);
		this.lookup.close();
		this.threads.remove().run();

		assertThat(this.abandoned).isEqualTo(1);
		assertThat(this.results).isEmpty();
		assertThat(this.scheduler.pending()).isEmpty();
	}

	/** Each look-up hangs inside the one before it. */
	private void hang(int count) {
		if (count > 0) {
			this.lookup.start(() -> {
				this.scheduler.advance(Duration.ofSeconds(5));
				hang(count - 1);
				if (count == 1) {
					assertFull();
				}
				return "late";
			}, this.results::add);
			this.threads.remove().run();
		}
	}

	private void assertFull() {
		List<Result<String>> refused = new ArrayList<>();
		this.lookup.start(() -> "fifth", refused::add);
		assertThat(refused).singleElement()
			.satisfies((result) -> assertThat(result.failure()).hasMessage("4 earlier look-ups still hang"));
	}

}
