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

package dev.clientconn.benchmarks.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The rounds of each workload and arm. The nth rounds of two arms ran next to each other.
 */
final class Results {

	private final Map<WorkloadType, Map<Arm, Row>> rows = new EnumMap<>(WorkloadType.class);

	Row row(WorkloadType workload, Arm arm) {
		return this.rows.computeIfAbsent(workload, (key) -> new EnumMap<>(Arm.class))
			.computeIfAbsent(arm, (key) -> new Row());
	}

	Map<WorkloadType, Map<Arm, Row>> rows() {
		return this.rows;
	}

	static double median(double... values) {
		return quantile(values, 0.5);
	}

	/** Linear between the two nearest; NaN of nothing. */
	static double quantile(double[] values, double q) {
		if (values.length == 0) {
			return Double.NaN;
		}
		double[] sorted = values.clone();
		Arrays.sort(sorted);
		double at = q * (sorted.length - 1);
		int below = (int) at;
		int above = Math.min(below + 1, sorted.length - 1);
		return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
	}

	/** One arm in one workload. */
	static final class Row {

		final List<Round> rounds = new ArrayList<>();

		/** Why there are no more rounds, or null. */
		String failure;

		double[] values(ToDoubleFunction<Round> figure) {
			return this.rounds.stream().mapToDouble(figure).toArray();
		}

		double median(ToDoubleFunction<Round> figure) {
			return Results.median(values(figure));
		}

		/** This row's figure by the other's, round by round. */
		double[] ratios(Row other, ToDoubleFunction<Round> figure) {
			double[] ratios = new double[Math.min(this.rounds.size(), other.rounds.size())];
			for (int i = 0; i < ratios.length; i++) {
				ratios[i] = figure.applyAsDouble(this.rounds.get(i)) / figure.applyAsDouble(other.rounds.get(i));
			}
			return ratios;
		}

	}

}
