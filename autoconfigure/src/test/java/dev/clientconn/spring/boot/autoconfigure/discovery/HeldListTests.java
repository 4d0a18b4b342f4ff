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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import dev.clientconn.naming.Address;
import dev.clientconn.spring.boot.autoconfigure.DiscoveryProperties.OnEmpty;
import dev.clientconn.spring.boot.autoconfigure.discovery.DiscoverySettings.Holding;
import dev.clientconn.spring.boot.autoconfigure.discovery.HeldRemoval.Reason;
import dev.clientconn.testing.FakeScheduler;
import io.grpc.ConnectivityState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.assertj.core.api.Assertions.assertThat;

class HeldListTests {

	private final FakeScheduler scheduler = new FakeScheduler();

	private final Map<Address, ConnectivityState> states = new HashMap<>();

	private HeldList list = list(OnEmpty.UNTIL_DEAD, null, 0.5);

	@Test
	void aFewRemovalsAreBelievedAtOnce() {
		found(1, 2, 3, 4);
		all(READY, 1, 2, 3, 4);

		assertThat(found(1, 2)).isNull();
		assertThat(octets()).containsExactly(1, 2);
	}

	@Test
	void halfOfTheListIsNotMoreThanHalf() {
		found(1, 2, 3, 4, 5, 6);

		assertThat(found(1, 2, 3)).isNull();
		assertThat(octets()).containsExactly(1, 2, 3);
	}

	@Test
	void massRemovalsWaitAndAdditionsDoNot() {
		found(1, 2, 3, 4);
		all(READY, 1, 2, 3, 4);

		assertThat(found(1, 9)).isEqualTo(Duration.ofSeconds(1));
		assertThat(octets()).containsExactly(1, 2, 3, 4, 9);
		assertThat(this.list.held()).extracting(HeldRemoval::reason).containsOnly(Reason.SHRUNK).hasSize(3);
	}

	@Test
	void aSecondAnswerConfirmsThem() {
		found(1, 2, 3, 4);
		found(1);
		seconds(1);

		assertThat(found(1)).isNull();
		assertThat(octets()).containsExactly(1);
		assertThat(this.list.held()).isEmpty();
	}

	@Test
	void aSecondAnswerThatComesTooSoonDoesNot() {
		found(1, 2, 3, 4);
		found(1);
		this.scheduler.advance(Duration.ofMillis(999));

		assertThat(found(1)).isEqualTo(Duration.ofSeconds(1));
		assertThat(octets()).containsExactly(1, 2, 3, 4);
	}

	@Test
	void aSecondAnswerThatListsThemAgainEndsIt() {
		found(1, 2, 3, 4, 5);
		found(1, 2);
		seconds(1);

		assertThat(found(1, 2, 3, 4, 5)).isNull();
		assertThat(octets()).containsExactly(1, 2, 3, 4, 5);
		assertThat(this.list.held()).isEmpty();
	}

	@Test
	void deadAddressesGoAtOnce() {
		found(1, 2, 3, 4);
		all(TRANSIENT_FAILURE, 2, 3);
		all(READY, 1, 4);
		found(1);

		assertThat(octets()).containsExactly(1, 4);
	}

	@Test
	void theDeathOfAConnectionConfirmsItsRemoval() {
		found(1, 2, 3, 4);
		all(READY, 1, 2, 3, 4);
		found(1);
		all(CONNECTING, 2);
		all(TRANSIENT_FAILURE, 3);
		this.list.unanswered();

		assertThat(octets()).containsExactly(1, 4);
		assertThat(this.list.held()).extracting((removal) -> removal.address().host()).containsExactly("10.0.0.4");
	}

	@Test
	void anAddressThatWasNeverReadyMayStillConnect() {
		found(1, 2, 3, 4);
		found(1);
		all(CONNECTING, 2, 3, 4);
		this.list.unanswered();

		assertThat(octets()).containsExactly(1, 2, 3, 4);
	}

	@Test
	void aRegistryThatGoesToAndFroEndsInTheUnionAndIsNotAskedMoreOften() {
		found(1, 2, 3, 4);
		found(5, 6, 7, 8);
		List<Duration> again = new ArrayList<>();
		for (int i = 0; i < 10; i++) {
			seconds(10);
			again.add(found(1, 2, 3, 4));
			assertThat(octets()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
			seconds(10);
			again.add(found(5, 6, 7, 8));
			assertThat(octets()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8);
		}
		assertThat(again).containsOnlyNulls();

		seconds(10);
		found(5, 6, 7, 8);
		assertThat(octets()).as("it has made up its mind").containsExactly(5, 6, 7, 8);
	}

	@Test
	void churnAfterAConfirmationIsBelievedAtOnce() {
		found(1, 2, 3, 4, 5);
		found(1, 2);
		seconds(1);
		found(1, 3);

		assertThat(octets()).as("4 and 5 are confirmed, 3 is back, so 2 needs another look").containsExactly(1, 2, 3);
		seconds(10);
		found(1, 6);
		assertThat(octets()).containsExactly(1, 6);
	}

	@Test
	void theGuardCanBeSwitchedOff() {
		this.list = list(OnEmpty.UNTIL_DEAD, null, 1);
		found(1, 2, 3, 4);
		found(9);

		assertThat(octets()).containsExactly(9);
	}

	@Test
	void anotherClientMustSayItTwice() {
		found(1, 2);

		assertThat(this.list.found(addresses(3), true)).isEqualTo(Duration.ofSeconds(1));
		assertThat(octets()).containsExactly(1, 2, 3);
		seconds(1);
		found(3);
		assertThat(octets()).containsExactly(3);
	}

	@Test
	void heldAddressesTakeOverMetadataWhenTheyAreBack() {
		found(1, 2, 3, 4);
		found(1);
		List<Address> back = new ArrayList<>(addresses(1, 2));
		back.set(1, back.get(1).withMetadata(Map.of("weight", "7")));
		this.list.found(back, false);

		assertThat(this.list.list().get(1).metadata()).containsEntry("weight", "7");
	}

	@Test
	void anEmptyAnswerIsAskedAgainAndNotBelievedWhileAnAddressWorks() {
		found(1, 2);
		all(READY, 1);
		all(TRANSIENT_FAILURE, 2);

		assertThat(this.list.empty()).isEqualTo(Duration.ofSeconds(1));
		for (int i = 0; i < 100; i++) {
			seconds(10);
			assertThat(this.list.empty()).isNull();
		}
		assertThat(octets()).containsExactly(1, 2);
		assertThat(this.list.held()).extracting(HeldRemoval::reason).containsExactly(Reason.EMPTY, Reason.EMPTY);
		assertThat(this.list.empties()).isEqualTo(101);
	}

	@Test
	void twoEmptyAnswersAreBelievedWhenAllAddressesAreDead() {
		found(1, 2);
		all(TRANSIENT_FAILURE, 1, 2);
		this.list.empty();
		assertThat(octets()).as("once is not enough").containsExactly(1, 2);
		seconds(1);
		this.list.empty();

		assertThat(this.list.list()).isEmpty();
		assertThat(this.list.held()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource(names = { "IDLE", "CONNECTING" })
	void whereNothingWasTriedThereIsNoWitness(ConnectivityState state) {
		found(1, 2);
		all(state, 1, 2);
		this.list.empty();
		seconds(100);
		this.list.empty();

		assertThat(octets()).containsExactly(1, 2);
	}

	@Test
	void pickFirstLeavesMostAddressesIdle() {
		found(1, 2);
		all(TRANSIENT_FAILURE, 1);
		all(IDLE, 2);
		this.list.empty();
		seconds(1);
		this.list.empty();

		assertThat(this.list.list()).isEmpty();
	}

	@Test
	void anEmptyAnswerIsBelievedAfterTheHold() {
		this.list = list(OnEmpty.UNTIL_DEAD, Duration.ofSeconds(30), 0.5);
		found(1);
		all(READY, 1);

		assertThat(this.list.empty()).isEqualTo(Duration.ofSeconds(1));
		seconds(1);
		assertThat(this.list.empty()).isEqualTo(Duration.ofSeconds(29));
		seconds(29);
		assertThat(this.list.empty()).isNull();
		assertThat(this.list.list()).isEmpty();
	}

	@Test
	void keepKeepsTheDeadToo() {
		this.list = list(OnEmpty.KEEP, Duration.ofSeconds(1), 0.5);
		found(1);
		all(TRANSIENT_FAILURE, 1);
		this.list.empty();
		seconds(100);
		this.list.empty();

		assertThat(octets()).containsExactly(1);
	}

	@Test
	void honorBelievesAtOnce() {
		this.list = list(OnEmpty.HONOR, null, 0.5);
		found(1);
		all(READY, 1);
		this.list.empty();

		assertThat(this.list.list()).isEmpty();
	}

	@Test
	void aListAfterAnEmptyAnswerIsComparedWithTheListBefore() {
		found(1, 2, 3, 4);
		this.list.empty();
		seconds(10);

		assertThat(found(1)).isEqualTo(Duration.ofSeconds(1));
		assertThat(octets()).containsExactly(1, 2, 3, 4);
		assertThat(this.list.empties()).isZero();
	}

	@Test
	void aProvisionalListIsReplacedWithoutQuestion() {
		this.list.startWith(addresses(1, 2, 3, 4));
		all(READY, 1, 2, 3, 4);

		assertThat(found(9)).isNull();
		assertThat(octets()).containsExactly(9);
	}

	private Duration found(int... lastOctets) {
		return this.list.found(addresses(lastOctets), false);
	}

	private void all(ConnectivityState state, int... lastOctets) {
		addresses(lastOctets).forEach((address) -> this.states.put(address, state));
	}

	private void seconds(int seconds) {
		this.scheduler.advance(Duration.ofSeconds(seconds));
	}

	private List<Integer> octets() {
		return this.list.list().stream().map((address) -> Integer.parseInt(address.host().substring(7))).toList();
	}

	private HeldList list(OnEmpty onEmpty, Duration emptyHold, double shrinkGuard) {
		return new HeldList(new Holding(onEmpty, emptyHold, shrinkGuard, true),
				(address) -> this.states.getOrDefault(Address.of(address.addr()), IDLE), this.scheduler);
	}

	private static List<Address> addresses(int... lastOctets) {
		List<Address> result = new ArrayList<>();
		for (int octet : lastOctets) {
			result.add(Address.of("10.0.0." + octet, 9090));
		}
		return result;
	}

}
