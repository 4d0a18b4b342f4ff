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

import java.util.Arrays;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link WeightedTurns}.
 */
class WeightedTurnsTests {

	@ParameterizedTest
	@ValueSource(doubles = { 1, 0.1, 7, 1e300 })
	void equalWeightsTakeOneTurnEachInOrder(double weight) {
		double[] weights = new double[100];
		Arrays.fill(weights, weight);

		int[] order = WeightedTurns.order(weights);

		assertThat(share(order, 42)).isCloseTo(0.01, within(0.001));
		assertThat(Arrays.copyOf(order, 3)).containsExactly(0, 1, 2);
	}

	@Test
	void wholeNumbersAreExactAndSpread() {
		assertThat(WeightedTurns.order(new double[] { 1, 2 })).containsExactly(1, 0, 1);
		assertThat(WeightedTurns.order(new double[] { 200, 100, 100 })).containsExactly(0, 1, 2, 0);
	}

	@Test
	void fractionsAreCloseToTheirShare() {
		int[] order = WeightedTurns.order(new double[] { 0.25, 0.7, 0.05 });

		assertThat(share(order, 0)).isCloseTo(0.25, within(0.005));
		assertThat(share(order, 1)).isCloseTo(0.7, within(0.005));
		assertThat(share(order, 2)).isCloseTo(0.05, within(0.005));
	}

	@Test
	void tinyWeightStillGetsATurn() {
		int[] order = WeightedTurns.order(new double[] { 1, 1_000_000 });

		assertThat(Arrays.stream(order).filter((index) -> index == 0).count()).isOne();
		assertThat(order).hasSizeBetween(1000, 1100);
	}

	@Test
	void oneRoundOfManyMembersIsBounded() {
		double[] weights = IntStream.rangeClosed(1, 10_000).asDoubleStream().toArray();

		int[] order = WeightedTurns.order(weights);

		assertThat(order).hasSizeBetween(160_000, 170_000);
		assertThat(Arrays.stream(order).distinct().count()).isEqualTo(10_000);
	}

	@Test
	void hugeWeightsDoNotOverflow() {
		assertThat(WeightedTurns.order(new double[] { Double.MAX_VALUE, Double.MAX_VALUE })).containsExactly(0, 1);
	}

	private static double share(int[] order, int member) {
		return (double) Arrays.stream(order).filter((index) -> index == member).count() / order.length;
	}

}
