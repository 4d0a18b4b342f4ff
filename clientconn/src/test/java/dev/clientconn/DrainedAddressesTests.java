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

import java.util.ArrayList;
import java.util.List;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import io.grpc.Status;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DrainedAddresses}, and what it passes on.
 */
class DrainedAddressesTests implements AddressListener, Resolution {

	private final DrainedAddresses drained = new DrainedAddresses("test");

	private final List<List<Address>> delivered = new ArrayList<>();

	private AddressListener resolver;

	@BeforeEach
	void start() {
		this.drained.filter((listener) -> {
			this.resolver = listener;
			return this;
		}, this);
	}

	@Test
	void listThatSaysTheSameIsTheSameObject() {
		this.resolver.onAddresses(list("a:1", "b:1"));
		this.resolver.onAddresses(list("a:1", "b:1"));

		assertThat(this.delivered).hasSize(2);
		assertThat(this.delivered.get(1)).isSameAs(this.delivered.get(0));
	}

	@Test
	void changedListKeepsTheObjectsThatDidNotChange() {
		this.resolver.onAddresses(list("a:1", "b:1", "c:1"));
		this.resolver.onAddresses(list("a:1", "d:1", "c:1", "e:1"));

		List<Address> before = this.delivered.get(0);
		List<Address> after = this.delivered.get(1);
		assertThat(after).containsExactlyElementsOf(list("a:1", "d:1", "c:1", "e:1"));
		assertThat(after.get(0)).isSameAs(before.get(0));
		assertThat(after.get(2)).isSameAs(before.get(2));
	}

	@Test
	void longerAndShorterListsKeepTheObjectsAtBothEnds() {
		this.resolver.onAddresses(list("a:1", "b:1", "c:1"));
		this.resolver.onAddresses(list("a:1", "x:1", "y:1", "b:1", "c:1"));
		this.resolver.onAddresses(list("a:1", "c:1"));
		this.resolver.onAddresses(list("c:1"));

		List<Address> first = this.delivered.get(0);
		List<Address> longer = this.delivered.get(1);
		List<Address> shorter = this.delivered.get(2);
		assertThat(longer).containsExactlyElementsOf(list("a:1", "x:1", "y:1", "b:1", "c:1"));
		assertThat(longer.get(3)).isSameAs(first.get(1));
		assertThat(longer.get(4)).isSameAs(first.get(2));
		assertThat(shorter).containsExactlyElementsOf(list("a:1", "c:1"));
		assertThat(shorter.get(0)).isSameAs(first.get(0));
		assertThat(shorter.get(1)).isSameAs(first.get(2));
		assertThat(this.delivered.get(3)).containsExactlyElementsOf(list("c:1"));
		assertThat(this.delivered.get(3).get(0)).isSameAs(first.get(2));
	}

	@Test
	void listMayChangeAfterItWasDelivered() {
		List<Address> list = list("a:1");
		this.resolver.onAddresses(list);
		list.clear();

		assertThat(this.delivered.get(0)).containsExactly(Address.of("a:1"));
	}

	@Test
	void drainedAddressIsLeftOut() {
		this.resolver.onAddresses(list("a:1", "b:1"));
		this.drained.drain("a:1");
		this.resolver.onAddresses(list("a:1", "b:1"));
		this.drained.undrain("a:1");

		assertThat(this.delivered).containsExactly(list("a:1", "b:1"), list("b:1"), list("b:1"), list("a:1", "b:1"));
	}

	@Override
	public void onAddresses(List<Address> addresses) {
		this.delivered.add(addresses);
	}

	@Override
	public void onError(Status error) {
		throw new AssertionError(error);
	}

	@Override
	public void refresh() {
		// Lists come from the tests.
	}

	@Override
	public void close() {
		// Holds nothing.
	}

	/** A list that can change, of new objects. */
	private static List<Address> list(String... addresses) {
		List<Address> list = new ArrayList<>();
		for (String address : addresses) {
			list.add(Address.of(address));
		}
		return list;
	}

}
