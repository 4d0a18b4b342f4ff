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

package dev.clientconn;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RareSet}.
 */
class RareSetTests {

	private final RareSet<String> set = new RareSet<>();

	@Test
	void keepsTheOrderAndNoDuplicates() {
		assertThat(this.set.add("b")).isTrue();
		assertThat(this.set.add("a")).isTrue();
		assertThat(this.set.add("b")).isFalse();
		assertThat(this.set.copy()).containsExactly("b", "a");
		assertThat(this.set.size()).isEqualTo(2);
	}

	@Test
	void canBeUsedAgainOnceItWasEmpty() {
		this.set.add("a");
		assertThat(this.set.remove("a")).isTrue();
		assertThat(this.set.isEmpty()).isTrue();
		assertThat(this.set.remove("a")).isFalse();
		this.set.add("b");
		assertThat(this.set.contains("a")).isFalse();
		assertThat(this.set.contains("b")).isTrue();
	}

	@Test
	void givesAllAwayAtOnce() {
		this.set.add("b");
		this.set.add("a");
		assertThat(this.set.removeAll()).containsExactly("b", "a");
		assertThat(this.set.isEmpty()).isTrue();
		assertThat(this.set.removeAll()).isEmpty();
	}

	@Test
	void aCopyDoesNotChangeWithIt() {
		this.set.add("a");
		Iterable<String> copy = this.set.copy();
		this.set.remove("a");
		assertThat(copy).containsExactly("a");
	}

}
