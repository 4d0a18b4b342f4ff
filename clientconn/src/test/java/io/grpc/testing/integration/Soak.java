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

package io.grpc.testing.integration;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Level;
import java.util.logging.Logger;

import com.google.common.base.Function;
import dev.clientconn.ClientConn;
import dev.clientconn.DialOptions;
import io.grpc.ManagedChannel;

/**
 * The soak cases of gRPC's interop suite, run by grpc-java's own client code over
 * ClientConns: many large unary calls from several threads, on one channel or on a new
 * one per call. No call may fail; how long one takes is not asserted.
 */
final class Soak {

	/** The sizes that the suite's description gives. */
	private static final int REQUEST_BYTES = 271_828;

	private static final int RESPONSE_BYTES = 314_159;

	/** So long that only a call that hangs can reach it. */
	private static final int TIMEOUT_SECONDS = 90;

	/** Has a line for each call otherwise. Kept, because the log manager does not. */
	private static final Logger log = Logger.getLogger(SoakClient.class.getName());

	private final String target;

	private final Queue<ManagedChannel> channels = new ConcurrentLinkedQueue<>();

	Soak(String target) {
		this.target = target;
		log.setLevel(Level.WARNING);
	}

	/** All calls on one channel. */
	void rpcSoak(int iterations, int threads) throws InterruptedException {
		run(iterations, threads, (channel) -> channel);
	}

	/** Each call on a channel of its own; the one before is shut down first. */
	void channelSoak(int iterations, int threads) throws InterruptedException {
		run(iterations, threads, (channel) -> {
			channel.shutdownNow();
			return dial();
		});
	}

	/** All channels that were dialled; each of them has been told to shut down. */
	Queue<ManagedChannel> channels() {
		return this.channels;
	}

	private void run(int iterations, int threads, Function<ManagedChannel, ManagedChannel> next)
			throws InterruptedException {
		try {
			SoakClient.performSoakTest(this.target, iterations, 0, Integer.MAX_VALUE, 0, TIMEOUT_SECONDS, REQUEST_BYTES,
					RESPONSE_BYTES, threads, dial(), next);
		}
		finally {
			this.channels.forEach(ManagedChannel::shutdownNow);
		}
	}

	private ManagedChannel dial() {
		ManagedChannel channel = ClientConn.dial(this.target,
				DialOptions.builder().insecure().defaultDeadline(Duration.ofSeconds(TIMEOUT_SECONDS)).build());
		this.channels.add(channel);
		return channel;
	}

}
