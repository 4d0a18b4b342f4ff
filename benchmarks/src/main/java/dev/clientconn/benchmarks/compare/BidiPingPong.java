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

import java.util.concurrent.TimeUnit;

import dev.clientconn.benchmarks.proto.BenchGrpc;
import dev.clientconn.benchmarks.proto.Message;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;

/**
 * Bidirectional streams, each with one message under way: the reply, in its callback,
 * sends the next. The streams live for a round.
 */
final class BidiPingPong implements Workload.Metered {

	private final ManagedChannel channel;

	private final BenchGrpc.BenchStub stub;

	private final Player[] players;

	private final Message ping = Payload.of(100);

	BidiPingPong(ManagedChannel channel, int streams) {
		this.channel = channel;
		this.stub = BenchGrpc.newStub(channel);
		this.players = new Player[streams];
	}

	@Override
	public long run(long nanos, Latencies latencies) throws Exception {
		Outstanding outstanding = new Outstanding(this.players.length);
		long end = System.nanoTime() + nanos;
		for (int i = 0; i < this.players.length; i++) {
			this.players[i] = new Player(end, latencies, outstanding);
			this.players[i].started = System.nanoTime();
			this.stub.bidi(this.players[i]).onNext(this.ping);
		}
		outstanding.await(nanos);
		long operations = 0;
		for (Player player : this.players) {
			operations += player.operations;
		}
		return operations;
	}

	@Override
	public void close() throws InterruptedException {
		this.channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
	}

	private final class Player implements ClientResponseObserver<Message, Message> {

		private final long end;

		private final Latencies latencies;

		private final Outstanding outstanding;

		private ClientCallStreamObserver<Message> requests;

		private long operations;

		private long started;

		private Player(long end, Latencies latencies, Outstanding outstanding) {
			this.end = end;
			this.latencies = latencies;
			this.outstanding = outstanding;
		}

		@Override
		public void beforeStart(ClientCallStreamObserver<Message> requests) {
			this.requests = requests;
		}

		@Override
		public void onNext(Message pong) {
			long now = System.nanoTime();
			this.latencies.record(now - this.started);
			this.operations++;
			if (now < this.end) {
				this.started = now;
				this.requests.onNext(BidiPingPong.this.ping);
			}
			else {
				this.requests.onCompleted();
			}
		}

		@Override
		public void onError(Throwable cause) {
			this.outstanding.failed(cause);
		}

		@Override
		public void onCompleted() {
			this.outstanding.ended();
		}

	}

}
