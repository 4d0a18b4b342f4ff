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

package dev.clientconn.registries;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import dev.clientconn.test.EchoGrpc;
import dev.clientconn.test.EchoRequest;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Calls without a pause: two callers with short calls, and two whose calls are in flight
 * for long enough to be caught by whatever happens. No call waits for ready.
 */
final class Load implements AutoCloseable {

	private final EchoGrpc.EchoBlockingStub echo;

	private final AtomicInteger calls = new AtomicInteger();

	private final Queue<StatusRuntimeException> failures = new ConcurrentLinkedQueue<>();

	private final List<Thread> callers;

	private volatile boolean ended;

	private Load(Channel channel) {
		this.echo = EchoGrpc.newBlockingStub(channel);
		this.callers = IntStream.of(2, 2, 150, 250)
			.mapToObj((delayMs) -> new Thread(() -> callUntilEnded(delayMs), "load-" + delayMs + "ms"))
			.toList();
	}

	static Load on(Channel channel) {
		Load load = new Load(channel);
		load.callers.forEach(Thread::start);
		return load;
	}

	/** Ends the load and fails unless every call succeeded. */
	@Override
	public void close() throws InterruptedException {
		this.ended = true;
		for (Thread caller : this.callers) {
			caller.join();
		}
		assertThat(this.failures).as("failed calls of %d", this.calls.get()).isEmpty();
		assertThat(this.calls).hasPositiveValue();
	}

	private void callUntilEnded(int delayMs) {
		EchoRequest request = EchoRequest.newBuilder().setDelayMs(delayMs).build();
		while (!this.ended) {
			try {
				this.echo.unary(request);
			}
			catch (StatusRuntimeException ex) {
				this.failures.add(ex);
			}
			this.calls.incrementAndGet();
		}
	}

}
