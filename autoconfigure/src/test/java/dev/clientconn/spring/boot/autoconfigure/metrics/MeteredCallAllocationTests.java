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

package dev.clientconn.spring.boot.autoconfigure.metrics;

import java.lang.management.ManagementFactory;
import java.util.Objects;

import com.sun.management.ThreadMXBean;
import dev.clientconn.naming.Address;
import dev.clientconn.spring.boot.autoconfigure.Snapshots;
import dev.clientconn.stats.AttemptStats;
import dev.clientconn.stats.RpcStats;
import dev.clientconn.test.EchoGrpc;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What measuring a call allocates: forty bytes, and nothing for its attempts.
 */
class MeteredCallAllocationTests {

	private static final int CALLS = 20_000;

	private static final Address ADDRESS = Address.of("a:1");

	@Test
	void aMeasuredCallAllocatesFortyBytes() {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		ChannelSnapshots snapshots = new ChannelSnapshots((channel) -> Snapshots.channel(ConnectivityState.READY),
				Clock.SYSTEM);
		MeterStatsHandler handler = new MeterStatsHandler(meters, false, new OpenConnections(meters),
				new AddressGauges(meters, snapshots, "greeter", 200));
		ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
		for (int i = 0; i < 5; i++) {
			callMany(handler);
		}

		long before = threads.getCurrentThreadAllocatedBytes();
		callMany(handler);
		long perCall = (threads.getCurrentThreadAllocatedBytes() - before) / CALLS;

		assertThat(perCall).isLessThanOrEqualTo(48);
		assertThat(meters.get("grpc.client.call.duration").timer().count()).isEqualTo(6 * CALLS);
	}

	private static void callMany(MeterStatsHandler handler) {
		for (int i = 0; i < CALLS; i++) {
			RpcStats call = Objects.requireNonNull(handler.rpcStarted("t", EchoGrpc.getUnaryMethod()));
			AttemptStats attempt = Objects.requireNonNull(call.attemptStarted(ADDRESS, 0, false, 1));
			call.messageSent(10);
			call.headersReceived();
			call.messageReceived(10);
			attempt.ended(Status.OK, 1_000, 5, 5);
			call.ended(Status.OK, 1_000);
		}
	}

}
