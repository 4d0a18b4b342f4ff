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

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.testing.LeakCheckExtension;
import io.grpc.Attributes;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerTransportFilter;
import io.grpc.netty.NettyServerBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code rpc_soak} and {@code channel_soak} against grpc-java's server, which counts the
 * connections it gets.
 */
class SoakInteropTests {

	@RegisterExtension
	static final LeakCheckExtension leaks = new LeakCheckExtension().allowingThreads("clientconn-");

	private final AtomicInteger connections = new AtomicInteger();

	private final ScheduledExecutorService delays = Executors.newScheduledThreadPool(2);

	private Server server;

	@BeforeEach
	void start() throws Exception {
		this.server = NettyServerBuilder.forPort(0, InsecureServerCredentials.create())
			.addService(new TestServiceImpl(this.delays))
			.addTransportFilter(new ServerTransportFilter() {
				@Override
				public Attributes transportReady(Attributes attributes) {
					SoakInteropTests.this.connections.incrementAndGet();
					return attributes;
				}
			})
			.build()
			.start();
	}

	@AfterEach
	void stop() throws InterruptedException {
		this.server.shutdownNow().awaitTermination(10, TimeUnit.SECONDS);
		this.delays.shutdown();
	}

	@Test
	void rpcSoakKeepsToOneConnection() throws Exception {
		Soak soak = new Soak("dns:///localhost:" + this.server.getPort());
		soak.rpcSoak(1_000, 8);
		assertThat(soak.channels()).hasSize(1).allMatch(ManagedChannel::isTerminated);
		assertThat(this.connections).hasValue(1);
	}

	@Test
	void channelSoakConnectsForEachCallAndLeavesNothingOpen() throws Exception {
		Soak soak = new Soak("dns:///localhost:" + this.server.getPort());
		soak.channelSoak(200, 4);
		assertThat(soak.channels()).hasSize(201);
		for (ManagedChannel channel : soak.channels()) {
			assertThat(channel.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		}
		assertThat(this.connections.get()).isGreaterThanOrEqualTo(200);
	}

}
