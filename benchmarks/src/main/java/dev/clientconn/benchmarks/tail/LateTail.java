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

package dev.clientconn.benchmarks.tail;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import dev.clientconn.benchmarks.compare.ChildProcess;
import io.grpc.ManagedChannel;

/**
 * Shows what hedging does to the slowest calls, and what it costs: four servers in a
 * process of their own answer some calls a hundred times later than others, and the same
 * calls are made through channels with and without hedging, one after the other.
 */
public final class LateTail {

	static final int SERVERS = 4;

	private static final long ANSWER_MILLIS = 30_000;

	private static final Map<String, String> DEFAULTS = Map.of("--base-millis", "20", "--per-second", "200",
			"--warmup-seconds", "5", "--seconds", "40", "--late",
			Arrays.stream(Lateness.values()).map(Lateness::id).collect(Collectors.joining(",")));

	private final ChildProcess servers;

	private final String addresses;

	private final long baseMicros;

	private final int perSecond;

	private final int warmupSeconds;

	private final int seconds;

	private long calls;

	private LateTail(ChildProcess servers, String addresses, Map<String, String> options) {
		this.servers = servers;
		this.addresses = addresses;
		this.baseMicros = TimeUnit.MILLISECONDS.toMicros(Long.parseLong(options.get("--base-millis")));
		this.perSecond = Integer.parseInt(options.get("--per-second"));
		this.warmupSeconds = Integer.parseInt(options.get("--warmup-seconds"));
		this.seconds = Integer.parseInt(options.get("--seconds"));
	}

	public static void main(String[] args) throws Exception {
		Map<String, String> options = new TreeMap<>(DEFAULTS);
		for (String arg : args) {
			String[] option = arg.split("=", 2);
			if (option.length < 2 || !DEFAULTS.containsKey(option[0])) {
				throw new IllegalArgumentException("Unknown option " + arg + ", only " + options);
			}
			options.put(option[0], option[1]);
		}
		System.out
			.println("| late | channel | calls | failed | extra requests | same server | p50 ms | p99 ms | p99.9 ms |");
		System.out.println("|---|---|---|---|---|---|---|---|---|");
		run(options).forEach(System.out::println);
	}

	/** Returns a row for each kind of lateness and each channel. */
	static List<Row> run(Map<String, String> options) throws Exception {
		ChildProcess servers = ChildProcess.start(LateServers.class, List.of("-Xms256m", "-Xmx256m"),
				String.valueOf(SERVERS));
		try {
			Map<String, String> all = new TreeMap<>(DEFAULTS);
			all.putAll(options);
			LateTail tail = new LateTail(servers, servers.await(ANSWER_MILLIS), all);
			List<Row> rows = new ArrayList<>();
			for (Lateness lateness : Lateness.of(all.get("--late"))) {
				for (Hedger hedger : Hedger.values()) {
					Row row = tail.measure(lateness, hedger);
					System.err.println(row);
					rows.add(row);
				}
			}
			return rows;
		}
		finally {
			servers.close();
		}
	}

	private Row measure(Lateness lateness, Hedger hedger) throws Exception {
		ManagedChannel channel = hedger.dial(this.addresses, lateness, this.baseMicros);
		try {
			tell(lateness.warmUp(this.baseMicros));
			run(channel, this.warmupSeconds);
			tell(lateness.measured(this.baseMicros));
			OpenLoop loop = run(channel, this.seconds);
			String[] counts = tell("count").split(" ");
			return new Row(lateness, hedger, (long) this.seconds * this.perSecond, loop, Long.parseLong(counts[0]),
					Long.parseLong(counts[1]));
		}
		finally {
			channel.shutdownNow();
			channel.awaitTermination(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	private OpenLoop run(ManagedChannel channel, int duration) {
		OpenLoop loop = new OpenLoop();
		long count = (long) duration * this.perSecond;
		loop.run(channel, this.calls, count, this.perSecond);
		this.calls += count;
		return loop;
	}

	private String tell(String command) throws InterruptedException {
		String answer = this.servers.ask(command, ANSWER_MILLIS);
		if (answer.startsWith(ChildProcess.FAILED)) {
			throw new IllegalStateException("The servers do not answer: " + answer);
		}
		return answer;
	}

	/**
	 * One line of the table.
	 *
	 * @param lateness which replies were late
	 * @param hedger the channel
	 * @param calls how many calls were made
	 * @param loop what came of them
	 * @param requests how many requests the servers got
	 * @param sameServer requests that went to a server which had the call already
	 */
	record Row(Lateness lateness, Hedger hedger, long calls, OpenLoop loop, long requests, long sameServer) {

		@Override
		public String toString() {
			return String.format("| %s | `%s` | %d | %d | %.2f %% | %d | %.1f | %.1f | %.1f |", this.lateness.text,
					this.hedger.id(), this.calls, this.loop.failures.get(),
					100.0 * (this.requests - this.calls) / this.calls, this.sameServer, millis(0.5), millis(0.99),
					millis(0.999));
		}

		private double millis(double quantile) {
			return this.loop.latencies.quantile(quantile) / 1e6;
		}

	}

}
