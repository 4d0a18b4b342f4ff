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

package dev.clientconn.balancer;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import dev.clientconn.naming.Address;
import io.grpc.ConnectivityState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for what {@link PickFirst} makes of new lists.
 */
class PickFirstListTests {

	private final PickFirst balancer = new PickFirst();

	private final FakeClientConn clientConn = new FakeClientConn(this.balancer, 1);

	@Test
	void chosenAddressStaysWhileListed() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();
		this.clientConn.ready("a:1");

		Address described = Address.of("a:1").withMetadata(Map.of("zone", "eu"));
		this.clientConn.list(List.of(Address.of("c:1"), described));

		assertThat(this.clientConn.asked()).isEmpty();
		assertThat(this.balancer.get(FakeClientConn.OPTIONS).address()).isEqualTo(described);
	}

	@Test
	void duplicatesCountOnceAndFirst() {
		MemberList members = new MemberList();
		members.update(list("[::1]:1", "1.1.1.1:1", "[::1]:1", "[::2]:1", "2.2.2.2:1"), null);

		assertThat(members.order()).extracting((member) -> member.address.addr())
			.containsExactly("[::1]:1", "1.1.1.1:1", "[::2]:1", "2.2.2.2:1");
	}

	@Test
	void removedAddressIsReplaced() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();
		this.clientConn.ready("a:1");

		this.clientConn.move("a:1", ConnectivityState.SHUTDOWN);
		assertThat(this.clientConn.pick()).isEqualTo("queue");
		assertThat(this.clientConn.asked()).isEmpty();
		this.clientConn.list("b:1", "c:1");

		assertThat(this.clientConn.obey()).containsExactly("connect b:1");
	}

	@Test
	void removedAddressThatIsStillServingIsKeptUntilItsSuccessorIsReady() {
		this.clientConn.list("a:1");
		this.clientConn.obey();
		this.clientConn.ready("a:1");

		this.clientConn.list("b:1");
		assertThat(this.clientConn.obey()).containsExactly("connect b:1");
		assertThat(this.clientConn.pick()).isEqualTo("a:1");
		this.clientConn.move("b:1", ConnectivityState.READY);

		assertThat(this.clientConn.pick()).isEqualTo("b:1");
		assertThat(this.clientConn.obey()).containsExactly("idle a:1");
		assertThat(this.clientConn.pick()).isEqualTo("b:1");
	}

	@Test
	void servingAddressThatIsListedAgainStays() {
		this.clientConn.list("a:1");
		this.clientConn.obey();
		this.clientConn.ready("a:1");
		this.clientConn.list("b:1");
		this.clientConn.obey();

		this.clientConn.list("b:1", "a:1");

		assertThat(this.clientConn.pick()).isEqualTo("a:1");
		assertThat(this.clientConn.obey()).containsExactly("idle b:1");
	}

	@Test
	void emptyListKeepsWhatIsServing() {
		this.clientConn.list("a:1");
		this.clientConn.obey();
		this.clientConn.ready("a:1");

		this.clientConn.list();
		assertThat(this.clientConn.pick()).isEqualTo("a:1");
		this.clientConn.fail("a:1");
		assertThat(this.clientConn.pick()).isEqualTo("queue");
		assertThat(this.clientConn.asked()).isEmpty();
		this.clientConn.list("b:1");
		assertThat(this.clientConn.asked()).containsExactly("connect b:1");
	}

	@Test
	void addressThatWasRemovedAndAddedInOneBatchIsANewOne() {
		this.clientConn.list("a:1");
		this.clientConn.obey();
		this.clientConn.ready("a:1");

		this.clientConn.move("a:1", ConnectivityState.SHUTDOWN);
		this.clientConn.list("a:1");

		assertThat(this.clientConn.asked()).containsExactly("connect a:1");
	}

	@Test
	void sameListDuringAPassChangesNothing() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();
		this.clientConn.scheduler.advance(Duration.ofMillis(200));

		this.clientConn.list("a:1", "b:1");

		assertThat(this.clientConn.asked()).isEmpty();
		assertThat(this.clientConn.scheduler.advanceToNext()).isEqualTo(Duration.ofMillis(50));
	}

	@Test
	void newListDuringAPassStartsFromItsTop() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();

		this.clientConn.list("c:1", "a:1");
		assertThat(this.clientConn.obey()).containsExactly("connect c:1");
		assertThat(this.clientConn.scheduler.pending()).hasSize(1);
		this.clientConn.move("a:1", ConnectivityState.READY);

		assertThat(this.clientConn.pick()).isEqualTo("a:1");
		assertThat(this.clientConn.obey()).containsExactly("idle c:1");
	}

	private static List<Address> list(String... addresses) {
		return Arrays.stream(addresses).map(Address::of).toList();
	}

}
