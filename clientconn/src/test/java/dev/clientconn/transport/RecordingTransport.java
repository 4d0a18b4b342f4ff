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

package dev.clientconn.transport;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what a connection has said.
 */
class RecordingTransport implements TransportListener {

	private final CountDownLatch readyLatch = new CountDownLatch(1);

	private final CountDownLatch goingAwayLatch = new CountDownLatch(1);

	private final CountDownLatch closedLatch = new CountDownLatch(1);

	volatile int readyCalls;

	volatile int goingAwayCalls;

	volatile int closedCalls;

	volatile @Nullable Status goingAway;

	volatile @Nullable Status closed;

	@Override
	public synchronized void transportReady(ClientTransport transport) {
		this.readyCalls++;
		this.readyLatch.countDown();
	}

	@Override
	public synchronized void transportGoingAway(ClientTransport transport, Status reason) {
		this.goingAwayCalls++;
		this.goingAway = reason;
		this.goingAwayLatch.countDown();
	}

	@Override
	public synchronized void transportClosed(ClientTransport transport, Status cause) {
		this.closedCalls++;
		this.closed = cause;
		this.closedLatch.countDown();
	}

	RecordingTransport awaitReady() {
		RecordingStream.await(this.readyLatch, "SETTINGS");
		return this;
	}

	/** Waits for GOAWAY, but not for long. */
	boolean goesAwayWithin(Duration time) throws InterruptedException {
		return this.goingAwayLatch.await(time.toNanos(), TimeUnit.NANOSECONDS);
	}

	RecordingTransport awaitGoingAway() {
		RecordingStream.await(this.goingAwayLatch, "GOAWAY");
		return this;
	}

	Status awaitClosed() {
		RecordingStream.await(this.closedLatch, "end of the connection");
		Status status = this.closed;
		if (status == null) {
			throw new AssertionError();
		}
		return status;
	}

}
