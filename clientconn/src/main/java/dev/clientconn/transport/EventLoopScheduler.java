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
import java.util.concurrent.TimeUnit;

import dev.clientconn.time.Scheduler;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;

/**
 * Time as the operating system tells it; timers run on event loops.
 */
final class EventLoopScheduler implements Scheduler {

	private final EventLoopGroup group;

	EventLoopScheduler(EventLoopGroup group) {
		this.group = group;
	}

	@Override
	public long nanoTime() {
		return System.nanoTime();
	}

	@Override
	public long currentTimeMillis() {
		return System.currentTimeMillis();
	}

	@Override
	public Timer schedule(Runnable task, Duration delay) {
		long nanos = Math.max(0, saturatedNanos(delay));
		ScheduledFuture<?> future = loop().schedule(task, nanos, TimeUnit.NANOSECONDS);
		// Netty removes a cancelled task from its queue at once.
		return () -> future.cancel(false);
	}

	/** Another loop than the one that asks would have to be woken for the timer. */
	private EventExecutor loop() {
		for (EventExecutor each : this.group) {
			if (each.inEventLoop()) {
				return each;
			}
		}
		return this.group.next();
	}

	private static long saturatedNanos(Duration delay) {
		try {
			return delay.toNanos();
		}
		catch (ArithmeticException ex) {
			return delay.isNegative() ? 0 : Long.MAX_VALUE / 2;
		}
	}

}
