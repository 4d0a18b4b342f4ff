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

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

import dev.clientconn.ClientConn;
import dev.clientconn.DialOptions;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;

/**
 * What more connections to one address are worth where the server limits the streams of
 * each: 1,000 calls outstanding, 100 streams per connection, an answer after 50 ms. The
 * channels take turns, so that what else the machine does hits all alike.
 */
public final class StreamLimit implements AutoCloseable {

	private static final int STREAMS = 100;

	private static final int DELAY_MILLIS = 50;

	private static final int OUTSTANDING = 1000;

	private static final int[] MAX_CONNECTIONS = { 1, 2, 4, 8 };

	private final ChildProcess server;

	private final Map<String, UnaryAsync> channels = new LinkedHashMap<>();

	private final Map<String, List<Turn>> turns = new LinkedHashMap<>();

	private StreamLimit(ChildProcess server) {
		this.server = server;
	}

	/**
	 * Starts the server and opens the channels.
	 * @throws IllegalStateException if the server does not come up
	 */
	static StreamLimit start() throws IOException, InterruptedException {
		StreamLimit limit = new StreamLimit(ChildProcess.start(LimitedServerMain.class, List.of(),
				Integer.toString(STREAMS), Integer.toString(DELAY_MILLIS)));
		String answer = limit.server.await(30_000);
		if (answer.startsWith(ChildProcess.FAILED)) {
			limit.close();
			throw new IllegalStateException("The server did not come up: " + answer);
		}
		limit.open("grpc-netty", grpcNetty(answer));
		for (int connections : MAX_CONNECTIONS) {
			limit.open("clientconn, " + connections, clientConn(answer, connections));
		}
		return limit;
	}

	private void open(String name, ManagedChannel channel) {
		this.channels.put(name, UnaryAsync.plain(channel, OUTSTANDING));
		this.turns.put(name, new ArrayList<>());
	}

	private static ManagedChannel grpcNetty(String port) {
		return NettyChannelBuilder.forTarget("127.0.0.1:" + port, InsecureChannelCredentials.create()).build();
	}

	private static ManagedChannel clientConn(String port, int connections) {
		return ClientConn.dial("static:127.0.0.1:" + port,
				DialOptions.builder().insecure().maxConnectionsPerAddress(connections).build());
	}

	public static void main(String[] args) throws Exception {
		boolean smoke = List.of(args).contains("--smoke");
		System.out.println(Report.machine() + " before");
		try (StreamLimit limit = start()) {
			limit.run(smoke ? 1 : 2, smoke ? 200 : 3000);
			limit.turns.values().forEach(List::clear);
			limit.run(smoke ? 1 : 5, smoke ? 200 : 5000);
			System.out.println(Report.machine() + " after\n");
			System.out.println(limit.report());
		}
	}

	/** Each channel has its turn in each round. */
	void run(int rounds, long millis) throws Exception {
		for (int round = 0; round < rounds; round++) {
			for (Map.Entry<String, UnaryAsync> each : this.channels.entrySet()) {
				Latencies latencies = new Latencies();
				long start = System.nanoTime();
				long calls = each.getValue().run(TimeUnit.MILLISECONDS.toNanos(millis), latencies);
				double seconds = (System.nanoTime() - start) / 1e9;
				this.turns.get(each.getKey())
					.add(new Turn(calls / seconds, latencies.quantile(0.5) / 1e6, latencies.quantile(0.99) / 1e6));
			}
		}
	}

	/**
	 * A row per channel: medians, and in brackets the least and the most over the rounds.
	 */
	String report() {
		StringBuilder out = new StringBuilder("| channel, most connections | calls per second | to one connection"
				+ " | p50 ms | p99 ms |\n|---|---|---|---|---|\n");
		double one = middle("clientconn, 1", Turn::perSecond);
		for (String name : this.turns.keySet()) {
			List<Double> rates = sorted(name, Turn::perSecond);
			double median = middle(name, Turn::perSecond);
			out.append(String.format(Locale.ROOT, "| %s | %,.0f [%,.0f, %,.0f] | %.2f | %.0f | %.0f |%n", name, median,
					rates.get(0), rates.get(rates.size() - 1), median / one, middle(name, Turn::p50),
					middle(name, Turn::p99)));
		}
		return out.toString();
	}

	private double middle(String name, ToDoubleFunction<Turn> value) {
		List<Double> all = sorted(name, value);
		return all.get(all.size() / 2);
	}

	private List<Double> sorted(String name, ToDoubleFunction<Turn> value) {
		return this.turns.getOrDefault(name, List.of()).stream().mapToDouble(value).sorted().boxed().toList();
	}

	@Override
	public void close() throws InterruptedException {
		for (UnaryAsync channel : this.channels.values()) {
			channel.close();
		}
		this.server.close();
	}

	/**
	 * One turn of one channel.
	 *
	 * @param perSecond calls that ended, per second
	 * @param p50 milliseconds
	 * @param p99 milliseconds
	 */
	private record Turn(double perSecond, double p50, double p99) {
	}

}
