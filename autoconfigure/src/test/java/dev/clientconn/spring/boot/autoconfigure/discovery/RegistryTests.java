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

import java.util.ArrayList;
import java.util.List;

import dev.clientconn.spring.boot.autoconfigure.discovery.Registry.Answer;
import org.junit.jupiter.api.Test;

import org.springframework.cloud.client.discovery.composite.CompositeDiscoveryClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class RegistryTests {

	private final FakeRegistry first = new FakeRegistry("first");

	private final FakeRegistry second = new FakeRegistry("second");

	private final Registry registry = Discoveries
		.registryOf(new CompositeDiscoveryClient(new ArrayList<>(List.of(this.first, this.second))));

	@Test
	void theFirstClientThatKnowsTheServiceAnswers() {
		this.first.octets(1);
		this.second.octets(2, 3);
		assertThat(lookUp(null).client()).isEqualTo("first");

		this.first.octets();
		assertThat(lookUp("first").client()).isEqualTo("second");
		assertThat(lookUp("first").instances()).hasSize(2);
	}

	@Test
	void aClientThatFailsDoesNotHideTheNext() {
		this.first.failure = new IllegalStateException("down");
		this.second.octets(2);

		assertThat(lookUp(null)).extracting(Answer::client, Answer::failed).containsExactly("second", List.of("first"));
		assertThat(lookUp("second").client()).isEqualTo("second");
	}

	@Test
	void aClientInUseThatFailsIsNotReplaced() {
		this.first.failure = new IllegalStateException("down");
		this.second.octets(2);

		assertThatIllegalStateException().isThrownBy(() -> lookUp("first")).withMessage("down");
	}

	@Test
	void aFailureIsNoEmptyAnswer() {
		this.first.failure = new IllegalStateException("down");

		assertThatIllegalStateException().isThrownBy(() -> lookUp(null)).withMessage("down");
		assertThatIllegalStateException().isThrownBy(() -> lookUp("second")).withMessage("down");
	}

	@Test
	void nobodyKnowsTheService() {
		assertThat(lookUp(null)).isEqualTo(new Answer(List.of(), "second", List.of()));
		assertThat(Discoveries.registryOf(new CompositeDiscoveryClient(new ArrayList<>()))
			.lookUp("greeter", null)
			.instances()).isEmpty();
	}

	private Answer lookUp(String inUse) {
		return this.registry.lookUp("greeter", inUse);
	}

}
