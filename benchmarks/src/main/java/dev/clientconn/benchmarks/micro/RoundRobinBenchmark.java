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

package dev.clientconn.benchmarks.micro;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

import dev.clientconn.balancer.Balancer;
import dev.clientconn.balancer.BalancerConfig;
import dev.clientconn.balancer.Balancers;
import dev.clientconn.balancer.Pick;
import dev.clientconn.balancer.PickOptions;
import dev.clientconn.benchmarks.proto.BenchGrpc;
import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What round robin costs each call, alone and with another thread picking too.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class RoundRobinBenchmark implements AddressListener, Resolution, BalancerConfig.Control {

	private static final PickOptions OPTIONS = new PickOptions() {

		@Override
		public MethodDescriptor<?, ?> method() {
			return BenchGrpc.getUnaryMethod();
		}

		@Override
		public CallOptions callOptions() {
			return CallOptions.DEFAULT;
		}

		@Override
		public Metadata headers() {
			return new Metadata();
		}

		@Override
		public boolean waitForReady() {
			return false;
		}

	};

	@Param({ "1", "10", "100", "10000" })
	public int addresses;

	private Balancer balancer;

	@Setup
	public void connect() {
		List<Address> list = IntStream.range(0, this.addresses).mapToObj((i) -> Address.of("10.0.0.1", 1 + i)).toList();
		// Tasks run later, as in a ClientConn: or each address would cost a rebuild.
		Queue<Runnable> context = new ArrayDeque<>();
		this.balancer = Balancers.forPolicy("round_robin").newBalancer();
		this.balancer.start("static:///benchmark", new BalancerConfig((listener) -> {
			listener.onAddresses(list);
			return this;
		}, context::add, null, RandomGenerator.getDefault(), this), this);
		drain(context);
		list.forEach(this.balancer::up);
		drain(context);
		if (this.balancer.get(OPTIONS).address() == null) {
			throw new IllegalStateException("No address to pick: " + this.balancer.get(OPTIONS));
		}
	}

	private static void drain(Queue<Runnable> context) {
		for (Runnable task = context.poll(); task != null; task = context.poll()) {
			task.run();
		}
	}

	@Benchmark
	public Pick pick() {
		return this.balancer.get(OPTIONS);
	}

	@Benchmark
	@Threads(2)
	public Pick pickBySeveralThreads() {
		return this.balancer.get(OPTIONS);
	}

	@Override
	public void onAddresses(List<Address> addresses) {
	}

	@Override
	public void onError(Status error) {
	}

	@Override
	public void refresh() {
	}

	@Override
	public void close() {
	}

	@Override
	public void connect(Address address) {
	}

	@Override
	public void idle(Address address) {
	}

	@Override
	public void picksChanged() {
	}

}
