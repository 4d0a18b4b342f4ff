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

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import dev.clientconn.time.Expiry;
import dev.clientconn.transport.EventLoops;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.ScheduledFuture;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the deadline of a call that ends in time costs the thread that starts it: ours,
 * and a task of the event loop that is scheduled and cancelled. With {@code -prof gc} it
 * shows the bytes too.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
@State(Scope.Benchmark)
public class DeadlineBenchmark {

	/** One that passes many times while this runs, and one that never does. */
	@Param({ "PT0.1S", "PT1H" })
	public String deadline;

	private long nanos;

	private EventLoopGroup group;

	private EventLoops loops;

	@Setup
	public void open() {
		this.nanos = Duration.parse(this.deadline).toNanos();
		this.group = EventLoops.newGroup(2);
		this.loops = EventLoops.of(this.group);
	}

	@TearDown
	public void close() throws InterruptedException {
		this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
	}

	@Benchmark
	public Object watched() {
		Call call = new Call(this);
		this.loops.deadlines().watch(call, this.nanos);
		call.watcher = null;
		return call;
	}

	@Benchmark
	@Threads(2)
	public Object watchedBySeveralThreads() {
		return watched();
	}

	@Benchmark
	public Object scheduledTask() {
		ScheduledFuture<?> task = this.group.next().schedule(new Task(this), this.nanos, TimeUnit.NANOSECONDS);
		task.cancel(false);
		return task;
	}

	@Benchmark
	@Threads(2)
	public Object scheduledTaskBySeveralThreads() {
		return scheduledTask();
	}

	/**
	 * As large as the deadline of a call: it refers to the call, and knows the deadline
	 * and where that came from.
	 */
	private static final class Call extends Expiry {

		private final Object deadline;

		private final String source = "CallOptions";

		private Object watcher;

		private Call(Object watcher) {
			this.deadline = watcher;
			this.watcher = watcher;
		}

		@Override
		protected boolean isOver() {
			return this.watcher == null;
		}

		@Override
		protected void expire() {
			throw new IllegalStateException(this.source + " of " + this.deadline + " is told after its end");
		}

	}

	/** What a call gives to a timer. */
	private record Task(Object call) implements Runnable {

		@Override
		public void run() {
		}

	}

}
