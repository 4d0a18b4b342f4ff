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

import io.grpc.ConnectivityState;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PickFirst}.
 */
class PickFirstTests {

	private static final Duration HEAD_START = ConnectPass.HEAD_START;

	private final PickFirst balancer = new PickFirst();

	private final FakeClientConn clientConn = new FakeClientConn(this.balancer, 1);

	@Test
	void connectsOnlyTheFirst() {
		assertThat(this.balancer.connectsAll()).isFalse();

		this.clientConn.list("a:1", "b:1", "c:1");

		assertThat(this.clientConn.obey()).containsExactly("connect a:1");
		assertThat(this.clientConn.pick()).isEqualTo("queue");
		this.clientConn.ready("a:1");
		assertThat(this.clientConn.picks(3)).containsOnly("a:1");
		assertThat(this.clientConn.asked()).isEmpty();
		assertThat(this.clientConn.scheduler.pending()).isEmpty();
	}

	@Test
	void nextStartsAfterTheHeadStart() {
		this.clientConn.list("a:1", "b:1", "c:1");
		this.clientConn.obey();

		advance(HEAD_START.minusMillis(1));
		assertThat(this.clientConn.obey()).isEmpty();
		advance(Duration.ofMillis(1));
		assertThat(this.clientConn.obey()).containsExactly("connect b:1");
		advance(HEAD_START);
		assertThat(this.clientConn.obey()).containsExactly("connect c:1");
		assertThat(this.clientConn.scheduler.pending()).isEmpty();
	}

	@Test
	void nextStartsAtOnceWhenTheLastStartedFails() {
		this.clientConn.list("a:1", "b:1", "c:1");
		this.clientConn.obey();

		this.clientConn.fail("a:1");
		assertThat(this.clientConn.obey()).containsExactly("connect b:1");
		assertThat(this.clientConn.scheduler.pending()).hasSize(1);

		advance(HEAD_START);
		assertThat(this.clientConn.obey()).containsExactly("connect c:1");
		this.clientConn.fail("b:1");
		assertThat(this.clientConn.obey()).isEmpty();
	}

	@Test
	void failureOfAnEarlierOneDoesNotHurryTheNext() {
		this.clientConn.list("a:1", "b:1", "c:1");
		this.clientConn.obey();
		advance(HEAD_START);
		this.clientConn.obey();

		this.clientConn.fail("a:1");

		assertThat(this.clientConn.obey()).isEmpty();
		advance(HEAD_START);
		assertThat(this.clientConn.obey()).containsExactly("connect c:1");
	}

	@Test
	void familiesTakeTurns() {
		this.clientConn.list("[::1]:1", "[::2]:1", "10.0.0.1:1");
		this.clientConn.obey();

		this.clientConn.fail("[::1]:1");

		assertThat(this.clientConn.obey()).containsExactly("connect 10.0.0.1:1");
	}

	@Test
	void firstReadyWinsAndTheOthersGoIdle() {
		this.clientConn.list("a:1", "b:1", "c:1", "d:1");
		this.clientConn.obey();
		this.clientConn.fail("a:1");
		this.clientConn.obey();
		advance(HEAD_START);
		this.clientConn.obey();

		this.clientConn.move("c:1", ConnectivityState.READY);

		assertThat(this.clientConn.pick()).isEqualTo("c:1");
		assertThat(this.clientConn.obey()).containsExactly("idle a:1", "idle b:1");
		advance(HEAD_START);
		assertThat(this.clientConn.asked()).isEmpty();
		assertThat(this.clientConn.pick()).isEqualTo("c:1");
	}

	@Test
	void secondReadyDoesNotReplaceTheFirst() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();
		advance(HEAD_START);
		this.clientConn.obey();
		this.clientConn.move("b:1", ConnectivityState.READY);

		// Before the ClientConn got to "idle a:1".
		this.clientConn.move("a:1", ConnectivityState.READY);

		assertThat(this.clientConn.pick()).isEqualTo("b:1");
		assertThat(this.clientConn.obey()).containsExactly("idle a:1");
		assertThat(this.clientConn.pick()).isEqualTo("b:1");
		assertThat(this.clientConn.asked()).isEmpty();
	}

	@Test
	void failedPassAsksForTheListAndAllGoOnTrying() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();
		this.clientConn.fail("a:1");
		this.clientConn.obey();
		this.clientConn.fail("b:1");

		assertThat(this.clientConn.asked()).containsExactly("refresh");
		assertThat(this.clientConn.pick()).isEqualTo("queue");

		this.clientConn.move("a:1", ConnectivityState.CONNECTING);
		this.clientConn.fail("a:1");
		assertThat(this.clientConn.asked()).isEmpty();
		this.clientConn.move("b:1", ConnectivityState.CONNECTING);
		this.clientConn.fail("b:1");
		assertThat(this.clientConn.asked()).containsExactly("refresh");

		this.clientConn.ready("b:1");
		assertThat(this.clientConn.pick()).isEqualTo("b:1");
		assertThat(this.clientConn.obey()).containsExactly("idle a:1");
	}

	@Test
	void sameListAfterAFailedPassStartsNothing() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();
		this.clientConn.fail("a:1", "b:1");
		this.clientConn.asked();

		this.clientConn.list("a:1", "b:1");

		assertThat(this.clientConn.asked()).isEmpty();
	}

	@Test
	void reorderedListOfAddressesInBackoffDoesNotAskForTheListAgain() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();
		this.clientConn.fail("a:1");
		this.clientConn.obey();
		this.clientConn.fail("b:1");
		this.clientConn.asked();

		this.clientConn.list("b:1", "a:1");

		assertThat(this.clientConn.asked()).isEmpty();
	}

	@Test
	void addressesInBackoffAreSkipped() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();
		this.clientConn.fail("a:1");
		this.clientConn.obey();

		this.clientConn.list("a:1", "b:1", "c:1");

		// a counts as failed; b is connecting and gets a new head start.
		assertThat(this.clientConn.obey()).isEmpty();
		advance(HEAD_START);
		assertThat(this.clientConn.obey()).containsExactly("connect c:1");
		this.clientConn.fail("c:1");
		assertThat(this.clientConn.obey()).isEmpty();
		this.clientConn.fail("b:1");
		assertThat(this.clientConn.obey()).containsExactly("refresh");
	}

	@Test
	void lostConnectionStartsANewPassFromTheTop() {
		this.clientConn.list("a:1", "b:1", "c:1");
		this.clientConn.obey();
		this.clientConn.fail("a:1");
		this.clientConn.obey();
		this.clientConn.move("b:1", ConnectivityState.READY);
		this.clientConn.obey();

		this.clientConn.move("b:1", ConnectivityState.CONNECTING);

		assertThat(this.clientConn.pick()).isEqualTo("queue");
		assertThat(this.clientConn.obey()).containsExactly("connect a:1");
		this.clientConn.move("b:1", ConnectivityState.READY);
		assertThat(this.clientConn.pick()).isEqualTo("b:1");
		assertThat(this.clientConn.obey()).containsExactly("idle a:1");
	}

	@Test
	void lostConnectionInBackoffIsSkipped() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();
		this.clientConn.ready("a:1");

		this.clientConn.fail("a:1");

		assertThat(this.clientConn.obey()).containsExactly("connect b:1");
		this.clientConn.fail("b:1");
		assertThat(this.clientConn.obey()).containsExactly("refresh");
	}

	@Test
	void onlyAddressThatIsLostAsksForTheListAndComesBackByItself() {
		this.clientConn.list("a:1");
		this.clientConn.obey();
		this.clientConn.ready("a:1");

		this.clientConn.fail("a:1");

		assertThat(this.clientConn.obey()).containsExactly("refresh");
		this.clientConn.ready("a:1");
		assertThat(this.clientConn.pick()).isEqualTo("a:1");
	}

	@Test
	void afterIdleOnlyACallConnects() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();
		this.clientConn.ready("a:1");

		this.clientConn.move("a:1", ConnectivityState.IDLE);
		this.clientConn.list("b:1", "a:1");
		assertThat(this.clientConn.asked()).isEmpty();

		assertThat(this.clientConn.picks(3)).containsOnly("queue");
		assertThat(this.clientConn.serial).hasSize(1);
		this.clientConn.runSerial();
		assertThat(this.clientConn.obey()).containsExactly("connect b:1");
		this.clientConn.ready("b:1");
		assertThat(this.clientConn.pick()).isEqualTo("b:1");
	}

	@Test
	void idleDuringAPassEndsIt() {
		this.clientConn.list("a:1", "b:1", "c:1");
		this.clientConn.obey();
		advance(HEAD_START);
		this.clientConn.obey();

		this.clientConn.move("a:1", ConnectivityState.IDLE);
		this.clientConn.move("b:1", ConnectivityState.IDLE);

		assertThat(this.clientConn.scheduler.pending()).isEmpty();
		assertThat(this.clientConn.asked()).isEmpty();
		assertThat(this.clientConn.pick()).isEqualTo("queue");
		this.clientConn.runSerial();
		assertThat(this.clientConn.obey()).containsExactly("connect a:1");
	}

	@Test
	void lossBeforeTheOthersWentIdleConnectsThemAgain() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();
		advance(HEAD_START);
		this.clientConn.obey();
		this.clientConn.move("b:1", ConnectivityState.READY);

		// "idle a:1" is on its way.
		this.clientConn.fail("b:1");

		assertThat(this.clientConn.obey()).containsExactly("idle a:1", "connect a:1");
		this.clientConn.move("a:1", ConnectivityState.READY);
		assertThat(this.clientConn.pick()).isEqualTo("a:1");
	}

	@Test
	void addressOnItsWayToIdleIsNotChosen() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();
		advance(HEAD_START);
		this.clientConn.obey();
		this.clientConn.move("b:1", ConnectivityState.READY);
		this.clientConn.fail("b:1");

		this.clientConn.move("a:1", ConnectivityState.READY);

		assertThat(this.clientConn.pick()).isEqualTo("queue");
		assertThat(this.clientConn.obey()).containsExactly("idle a:1", "connect a:1");
		this.clientConn.move("a:1", ConnectivityState.READY);
		assertThat(this.clientConn.pick()).isEqualTo("a:1");
	}

	@Test
	void headStartThatEndsWhileTheAddressFailsStartsOnlyOne() {
		this.clientConn.list("a:1", "b:1", "c:1");
		this.clientConn.obey();

		this.clientConn.scheduler.advance(HEAD_START);
		this.clientConn.moveOnly("a:1", ConnectivityState.TRANSIENT_FAILURE);
		this.clientConn.runSerial();

		assertThat(this.clientConn.obey()).containsExactly("connect b:1");
	}

	@Test
	void lossOfTheLastWhileAnotherGoesIdleStartsAPassWhenItIsThere() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();
		advance(HEAD_START);
		this.clientConn.obey();
		this.clientConn.move("b:1", ConnectivityState.READY);
		this.clientConn.fail("b:1");
		this.clientConn.fail("a:1");
		assertThat(this.clientConn.asked()).containsExactly("idle a:1", "connect a:1", "refresh");

		this.clientConn.move("a:1", ConnectivityState.IDLE);

		assertThat(this.clientConn.asked()).containsExactly("connect a:1");
	}

	@Test
	void unlistedAddressThatComesUpIsNotChosen() {
		this.clientConn.list("a:1");
		this.clientConn.obey();

		this.clientConn.ready("x:1");

		assertThat(this.clientConn.pick()).isEqualTo("queue");
		assertThat(this.clientConn.asked()).isEmpty();
	}

	@Test
	void refreshAsksForTheList() {
		this.balancer.refresh();

		assertThat(this.clientConn.asked()).containsExactly("refresh");
	}

	@Test
	void closeEndsEverything() {
		this.clientConn.list("a:1", "b:1");
		this.clientConn.obey();

		this.balancer.close();
		this.balancer.close();

		assertThat(this.clientConn.asked()).containsExactly("close", "close");
		assertThat(this.clientConn.scheduler.pending()).isEmpty();
		this.clientConn.ready("a:1");
		this.clientConn.list("c:1");
		assertThat(this.clientConn.pick()).isEqualTo("queue");
		assertThat(this.clientConn.asked()).isEmpty();
		assertThat(this.clientConn.serial).isEmpty();
	}

	private void advance(Duration time) {
		this.clientConn.scheduler.advance(time);
		this.clientConn.runSerial();
	}

}
