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

package dev.clientconn.naming;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

import dev.clientconn.testing.FakeScheduler;
import io.grpc.Status;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Looking up host names while nobody calls.
 */
class DnsIdleTests {

	private final FakeScheduler scheduler = new FakeScheduler();

	private final Deque<Runnable> blocking = new ArrayDeque<>();

	private final List<Object> told = new ArrayList<>();

	private boolean broken;

	private final Resolution resolution = new DnsResolver((host) -> {
		if (this.broken) {
			throw new UnknownHostException(host);
		}
		return new InetAddress[] { InetAddress.getByAddress(new byte[] { 10, 0, 0, 1 }) };
	}, () -> 0.5).resolve(Target.parse("dns:///orders:80", Resolver.defaults().keySet()),
			new Resolver.Context(this.blocking::add, this.scheduler), new AddressListener() {

				@Override
				public void onAddresses(List<Address> addresses) {
					DnsIdleTests.this.told.add(addresses.toString());
				}

				@Override
				public void onError(Status error) {
					DnsIdleTests.this.told.add(error.getCode());
				}

			});

	@Test
	void nothingIsLookedUp() {
		lookUp();
		this.resolution.idle();

		this.scheduler.advance(Duration.ofDays(1));
		this.resolution.refresh();
		assertThat(this.scheduler.pending()).isEmpty();
		assertThat(this.blocking).isEmpty();
	}

	@Test
	void anOutdatedListIsLookedUpAtOnceAndToldAgain() {
		lookUp();
		this.resolution.idle();
		this.scheduler.advance(Duration.ofSeconds(31));

		assertThat(this.resolution.active()).isTrue();
		lookUp();
		assertThat(this.told).containsExactly("[10.0.0.1:80]", "[10.0.0.1:80]");
		assertThat(this.scheduler.pending()).hasSize(1);
	}

	@Test
	void aFreshListIsLookedUpWhenItIsDue() {
		lookUp();
		this.scheduler.advance(Duration.ofSeconds(10));
		this.resolution.idle();
		this.scheduler.advance(Duration.ofSeconds(10));

		assertThat(this.resolution.active()).isFalse();
		assertThat(this.scheduler.advanceToNext()).isEqualTo(Duration.ofSeconds(10));
		lookUp();
		assertThat(this.told).hasSize(1);
	}

	@Test
	void afterAFailureTheErrorIsToldOnce() {
		this.broken = true;
		lookUp();
		this.resolution.idle();
		this.scheduler.advance(Duration.ofHours(1));

		assertThat(this.resolution.active()).isTrue();
		lookUp();
		assertThat(this.told).containsExactly(Status.Code.UNAVAILABLE, Status.Code.UNAVAILABLE);
		this.broken = false;
		this.scheduler.advanceToNext();
		lookUp();
		assertThat(this.told).hasSize(3).last().isEqualTo("[10.0.0.1:80]");
	}

	@Test
	void aLookUpThatHungAllTheTimeIsFollowedByAnother() {
		this.resolution.idle();
		this.scheduler.advance(Duration.ofHours(1));

		assertThat(this.resolution.active()).isTrue();
		lookUp();
		this.scheduler.runDue();
		lookUp();
		assertThat(this.told).containsExactly("[10.0.0.1:80]");
	}

	@Test
	void activeWithoutIdleChangesNothing() {
		lookUp();

		assertThat(this.resolution.active()).isFalse();
		assertThat(this.blocking).isEmpty();
	}

	private void lookUp() {
		this.blocking.remove().run();
	}

}
