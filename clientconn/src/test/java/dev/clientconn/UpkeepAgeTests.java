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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Connections to one address that are replaced, by age or by request, with virtual time
 * and no socket.
 */
class UpkeepAgeTests {

	@RegisterExtension
	final AddrConnRig rig = new AddrConnRig(3);

	@Test
	void renewalReplacesEachOfSeveralOneAfterTheOther() {
		this.rig.ready(10);
		this.rig.acquire(10);
		this.rig.another(10);
		this.rig.on(() -> this.rig.renewals.request(this.rig.addrConn));
		assertThat(this.rig.transports).hasSize(3);
		this.rig.last().ready();
		assertThat(this.rig.transports.get(0).drained).isTrue();
		assertThat(this.rig.transports.get(1).drained).isFalse();
		assertThat(this.rig.transports).hasSize(4);
		this.rig.last().ready();

		assertThat(this.rig.transports.get(1).drained).isTrue();
		assertThat(this.rig.transports).as("what is new stays").hasSize(4);
		assertThat(this.rig.connections()).isEqualTo(2);
	}

	@Test
	void eachConnectionIsReplacedAtItsOwnAge() {
		this.rig.change((config) -> config.withMaxAge(Duration.ofMinutes(10)));
		this.rig.ready(10);
		this.rig.scheduler.advance(Duration.ofMinutes(5));
		this.rig.acquire(10);
		this.rig.another(10);
		this.rig.scheduler.advance(Duration.ofMinutes(4).minusSeconds(1));
		assertThat(this.rig.transports).as("less than 9 minutes old").hasSize(2);

		this.rig.scheduler.advance(Duration.ofMinutes(2).plusSeconds(2));
		assertThat(this.rig.transports).as("more than 11 minutes old").hasSize(3);
		assertThat(this.rig.transports.get(0).drained).as("serves until then").isFalse();
		this.rig.last().limit(10);
		this.rig.last().ready();
		assertThat(this.rig.transports.get(0).drained).isTrue();
		assertThat(this.rig.transports.get(1).drained).isFalse();
		assertThat(this.rig.transports).hasSize(3);
	}

	@Test
	void agesAreSpread() {
		this.rig.change((config) -> config.withMaxAge(Duration.ofMinutes(10)));
		List<Long> ages = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			ages.add(this.rig.pacing.maxAge().toSeconds());
		}

		assertThat(ages).allMatch((age) -> age >= 540 && age <= 660)
			.anyMatch((age) -> age < 570)
			.anyMatch((age) -> age > 630);
	}

	@Test
	void anAgeThatIsSetLaterCountsFromTheBeginning() {
		this.rig.ready(10);
		this.rig.scheduler.advance(Duration.ofMinutes(30));
		this.rig.change((config) -> config.withMaxAge(Duration.ofMinutes(10)));
		this.rig.scheduler.advance(Duration.ZERO);

		assertThat(this.rig.transports).hasSize(2);
	}

}
