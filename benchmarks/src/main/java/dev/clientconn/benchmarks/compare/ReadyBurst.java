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

/**
 * A new channel to many addresses, until the server has accepted all its connections;
 * then its end.
 */
final class ReadyBurst implements Workload.Metered {

	private final Dials arm;

	private final int addresses;

	ReadyBurst(Dials arm, int addresses) {
		this.arm = arm;
		this.addresses = arm.size(addresses);
	}

	@Override
	public long run(long nanos, Latencies latencies) throws Exception {
		long end = System.nanoTime() + nanos;
		long connected = 0;
		do {
			this.arm.connectAll(this.addresses).shutdownNow().awaitTermination(30, TimeUnit.SECONDS);
			connected += this.addresses;
		}
		while (System.nanoTime() < end);
		return connected;
	}

	@Override
	public void close() {
		// Each channel has been closed.
	}

}
