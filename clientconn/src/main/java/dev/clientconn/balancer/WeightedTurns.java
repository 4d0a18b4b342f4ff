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

/**
 * The turns that members of unequal weight take: as many as their weight asks for, spread
 * evenly over the round.
 */
final class WeightedTurns {

	/** Slots per member, on average, where exact shares would need more. */
	private static final int SLOTS_PER_MEMBER = 16;

	private static final int MORE_SLOTS = 1024;

	private WeightedTurns() {
	}

	/**
	 * Returns one round. Shares are exact if the weights are whole numbers whose sum,
	 * divided by their greatest common divisor, is at most 16 per member plus 1024;
	 * otherwise they are rounded to that many turns. Each member has at least one turn.
	 * @param weights positive weights
	 * @return the indexes of the members in the order of their turns; each member once,
	 * in order, if the weights are equal
	 */
	static int[] order(double[] weights) {
		int[] turns = turns(weights);
		int total = Arrays.stream(turns).sum();
		// Place in the round in the upper half, index in the lower: one sort does both.
		long[] slots = new long[total];
		int slot = 0;
		for (int i = 0; i < turns.length; i++) {
			for (int turn = 0; turn < turns[i]; turn++) {
				long place = (long) ((turn + 0.5) / turns[i] * Integer.MAX_VALUE);
				slots[slot++] = place << Integer.SIZE | i;
			}
		}
		Arrays.sort(slots);
		return Arrays.stream(slots).mapToInt((value) -> (int) value).toArray();
	}

	private static int[] turns(double[] weights) {
		double sum = Arrays.stream(weights).sum();
		double unit = sum / (weights.length * SLOTS_PER_MEMBER + MORE_SLOTS);
		double divisor = 0;
		for (double weight : weights) {
			divisor = greatestCommonDivisor(weight, divisor);
		}
		// Of fractions, and of numbers too large to be exact, the divisor is no use.
		boolean exact = divisor >= Math.max(1, unit);
		double one = exact ? divisor : unit;
		return Arrays.stream(weights).mapToInt((weight) -> (int) Math.max(1, Math.rint(weight / one))).toArray();
	}

	private static double greatestCommonDivisor(double a, double b) {
		double divisor = a;
		double rest = b;
		while (rest > 0) {
			double next = divisor % rest;
			divisor = rest;
			rest = next;
		}
		return divisor;
	}

}
