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

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import dev.clientconn.benchmarks.compare.ChildProcess;
import dev.clientconn.benchmarks.proto.BenchGrpc;
import dev.clientconn.benchmarks.proto.Message;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;

/**
 * The process with the backends: grpc-java servers that answer late on purpose. Told by
 * lines on its standard input, with which it ends:
 * <ul>
 * <li>{@code delay <base us> <slow us> <share> <servers>}: replies take the base time,
 * but that share of those of the first servers takes the slow time; what was counted is
 * forgotten</li>
 * <li>{@code count}: answers with the requests, and with those of a call that the same
 * server had already got</li>
 * </ul>
 */
public final class LateServers {

	private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(2);

	/** The servers that each call has gone to, as bits. */
	private final ConcurrentMap<Long, Long> calls = new ConcurrentHashMap<>();

	private final AtomicLong requests = new AtomicLong();

	private final AtomicLong repeated = new AtomicLong();

	private volatile Delays delays = new Delays(0, 0, 0, 0);

	private LateServers() {
	}

	/** The argument is how many servers there are. */
	public static void main(String[] args) throws Exception {
		LateServers late = new LateServers();
		List<Server> servers = new ArrayList<>();
		for (int i = 0; i < Integer.parseInt(args[0]); i++) {
			servers.add(NettyServerBuilder
				.forAddress(new InetSocketAddress("127.0.0.1", 0), InsecureServerCredentials.create())
				.directExecutor()
				.addService(late.new Service(i))
				.build()
				.start());
		}
		ChildProcess
			.answer(servers.stream().map((server) -> "127.0.0.1:" + server.getPort()).collect(Collectors.joining(",")));
		BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		for (String line = commands.readLine(); line != null; line = commands.readLine()) {
			ChildProcess.answer(late.obey(line.split(" ")));
		}
		servers.forEach(Server::shutdownNow);
		late.timers.shutdownNow();
	}

	private String obey(String[] command) {
		if (command[0].equals("delay")) {
			this.delays = new Delays(Long.parseLong(command[1]), Long.parseLong(command[2]),
					Double.parseDouble(command[3]), Integer.parseInt(command[4]));
			this.calls.clear();
			this.requests.set(0);
			this.repeated.set(0);
			return "ok";
		}
		return this.requests + " " + this.repeated;
	}

	private record Delays(long baseMicros, long slowMicros, double share, int servers) {

		private long micros(int server) {
			boolean slow = server < this.servers && ThreadLocalRandom.current().nextDouble() < this.share;
			return slow ? this.slowMicros : this.baseMicros;
		}

	}

	private final class Service extends BenchGrpc.BenchImplBase {

		private final int number;

		private Service(int number) {
			this.number = number;
		}

		@Override
		public void unary(Message request, StreamObserver<Message> replies) {
			long call = ByteBuffer.wrap(request.getPayload().toByteArray()).getLong();
			long bit = 1L << this.number;
			LateServers.this.requests.incrementAndGet();
			LateServers.this.calls.merge(call, bit, (known, added) -> {
				if ((known & added) != 0) {
					LateServers.this.repeated.incrementAndGet();
				}
				return known | added;
			});
			ServerCallStreamObserver<Message> reply = (ServerCallStreamObserver<Message>) replies;
			LateServers.this.timers.schedule(() -> {
				if (!reply.isCancelled()) {
					reply.onNext(request);
					reply.onCompleted();
				}
			}, LateServers.this.delays.micros(this.number), TimeUnit.MICROSECONDS);
		}

	}

}
