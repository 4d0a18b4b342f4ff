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

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

import dev.clientconn.benchmarks.compare.Results.Row;
import io.grpc.internal.GrpcUtil;
import io.netty.util.Version;

/**
 * Prints results as Markdown.
 */
final class Report {

	private Report() {
	}

	/** Where this was measured; the load tells how much to trust it. */
	static String machine() {
		return String.format(Locale.ROOT, "%s %s, %s %s, %d cores, Netty %s, grpc-java %s, load average %.1f",
				System.getProperty("java.vm.name"), System.getProperty("java.vm.version"),
				System.getProperty("os.name"), System.getProperty("os.arch"),
				Runtime.getRuntime().availableProcessors(), Version.identify().get("netty-common").artifactVersion(),
				GrpcUtil.getGrpcBuildVersion().getImplementationVersion(),
				ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
	}

	/**
	 * A row per workload and arm of what was spent: medians, and in brackets the
	 * quartiles over the rounds.
	 */
	static String figures(Results results) {
		StringBuilder out = new StringBuilder();
		out.append("| workload | arm | CPU us | of it GC | B | per second | p50 us | p99 us |\n");
		out.append("|---|---|---|---|---|---|---|---|\n");
		rows(results, false, (workload, arm, row) -> {
			out.append("| ").append(workload.id()).append(", per ").append(workload.unit);
			out.append(" | ").append(arm.id());
			cell(out, spread("%,.2f", row, Round::cpuMicros));
			cell(out, format("%,.2f", row.median(Round::gcMicros)));
			cell(out, spread("%,.0f", row, Round::bytesEach));
			cell(out, spread("%,.0f", row, Round::perSecond));
			cell(out, latency(row.median(Round::p50Micros)));
			cell(out, latency(row.median(Round::p99Micros)) + failure(row));
			out.append(" |\n");
		});
		return out.toString();
	}

	/**
	 * A row per workload and arm of what was held: bytes each, and threads of all
	 * together beyond those that there were.
	 */
	static String held(Results results) {
		StringBuilder out = new StringBuilder("| workload | arm | heap B | threads more |\n|---|---|---|---|\n");
		rows(results, true, (workload, arm, row) -> {
			out.append("| ").append(workload.id()).append(", per ").append(workload.unit);
			out.append(" | ").append(arm.id());
			cell(out, spread("%,.0f", row, Round::bytesEach));
			cell(out, format("%.0f", row.median(Round::threads)) + failure(row));
			out.append(" |\n");
		});
		return out.toString();
	}

	/**
	 * A row per workload and pair: the median and the quartiles of the rounds' ratios,
	 * and where there is a goal, whether the median reaches it.
	 */
	static String ratios(Results results) {
		StringBuilder out = new StringBuilder();
		out.append("| workload | ours / theirs | CPU | goal | B | goal | p50 | goal | p99 | per second |\n");
		out.append("|---|---|---|---|---|---|---|---|---|---|\n");
		results.rows().forEach((workload, arms) -> arms.forEach((arm, row) -> ratios(out, workload, arm, arms)));
		return out.toString();
	}

	private static void ratios(StringBuilder out, WorkloadType workload, Arm arm, Map<Arm, Row> arms) {
		Row theirs = (arm.baseline != null) ? arms.get(arm.baseline) : null;
		if (theirs == null) {
			return;
		}
		Row ours = arms.get(arm);
		Goal goal = Goal.of(workload, arm);
		out.append("| ").append(workload.id()).append(" | ").append(arm.id()).append(" / ").append(arm.baseline.id());
		ratio(out, ours.ratios(theirs, Round::cpuMicros), goal.cpu());
		ratio(out, ours.ratios(theirs, Round::bytesEach), goal.bytes());
		ratio(out, ours.ratios(theirs, Round::p50Micros), goal.p50());
		cell(out, ratio(ours.ratios(theirs, Round::p99Micros)));
		cell(out, workload.isHeld() ? "" : ratio(ours.ratios(theirs, Round::perSecond)));
		out.append(" |\n");
	}

	private static void ratio(StringBuilder out, double[] ratios, double goal) {
		cell(out, ratio(ratios));
		double median = Results.median(ratios);
		if (Double.isNaN(goal) || !Double.isFinite(median)) {
			cell(out, "");
		}
		else {
			cell(out, format("%.2f", goal) + ((median <= goal) ? "" : " missed"));
		}
	}

	/** Empty if one of the two was not measured. */
	private static String ratio(double[] ratios) {
		return Double.isFinite(Results.median(ratios)) ? spread("%.2f", ratios) : "";
	}

	private static void rows(Results results, boolean held, RowPrinter printer) {
		results.rows().forEach((workload, arms) -> arms.forEach((arm, row) -> {
			if (workload.isHeld() == held) {
				printer.print(workload, arm, row);
			}
		}));
	}

	private static String failure(Row row) {
		return (row.failure != null) ? " " + row.failure : "";
	}

	private static void cell(StringBuilder out, String text) {
		out.append(" | ").append(text);
	}

	private static String spread(String format, Row row, ToDoubleFunction<Round> figure) {
		return spread(format, row.values(figure));
	}

	private static String spread(String format, double[] values) {
		return format(format, Results.median(values)) + " [" + format(format, Results.quantile(values, 0.25)) + ", "
				+ format(format, Results.quantile(values, 0.75)) + "]";
	}

	private static String latency(double micros) {
		return (micros > 0) ? format("%,.0f", micros) : "";
	}

	private static String format(String format, double value) {
		return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, format, value);
	}

	@FunctionalInterface
	private interface RowPrinter {

		void print(WorkloadType workload, Arm arm, Row row);

	}

}
