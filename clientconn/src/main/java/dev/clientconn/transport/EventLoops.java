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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.clientconn.time.Deadlines;
import dev.clientconn.time.Scheduler;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The event loops that connections live on. Safe for use from any thread.
 */
public final class EventLoops implements AutoCloseable {

	/** How long the shared threads stay after the last user has gone, as in grpc-java. */
	private static final Duration LINGER = Duration.ofSeconds(1);

	/**
	 * One loop for two processors, and no more than this: a loop carries well over
	 * 100,000 calls a second, more of them only wake each other up.
	 */
	private static final int MAX_SHARED_THREADS = 8;

	private static final AtomicIntegerFieldUpdater<EventLoops> CLOSED = AtomicIntegerFieldUpdater
		.newUpdater(EventLoops.class, "closed");

	private static final Object lock = new Object();

	@GuardedBy("lock")
	private static @Nullable Shared shared;

	@GuardedBy("lock")
	private static int sharedUsers;

	/** When the last user went. */
	@GuardedBy("lock")
	private static long unusedSinceNanos;

	/** One timer for all who come and go meanwhile. */
	@GuardedBy("lock")
	private static boolean endTimerSet;

	private final EventLoopGroup group;

	private final IoTransport transport;

	private final Scheduler scheduler;

	private final Deadlines deadlines;

	private final Runnable onClose;

	/** 1 once it is closed. */
	@SuppressWarnings("UnusedVariable") // read through CLOSED
	private volatile int closed;

	private EventLoops(EventLoopGroup group, IoTransport transport, Scheduler scheduler, Deadlines deadlines,
			Runnable onClose) {
		this.group = group;
		this.transport = transport;
		this.scheduler = scheduler;
		this.deadlines = deadlines;
		this.onClose = onClose;
	}

	/**
	 * Returns a handle on the one group of daemon threads of this process. The threads
	 * end about one second after the last handle was closed.
	 * @return a handle to close
	 */
	public static EventLoops shared() {
		synchronized (lock) {
			Shared used = shared;
			if (used == null) {
				used = Shared.start();
				shared = used;
			}
			sharedUsers++;
			return new EventLoops(used.group, used.transport, used.scheduler, used.deadlines, EventLoops::release);
		}
	}

	/**
	 * Returns a new group of daemon threads that is of the same kind as the shared one.
	 * @param threads how many, positive
	 * @return a group for {@link #of}, to be shut down by the caller
	 * @throws IllegalArgumentException if the number is not positive
	 */
	public static EventLoopGroup newGroup(int threads) {
		if (threads < 1) {
			throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
		}
		return newGroup(threads, IoTransport.forSharedEventLoops());
	}

	/**
	 * Returns event loops on a group that the caller owns, and closes.
	 * @param group a group of NIO, epoll, io_uring or kqueue loops
	 * @return the event loops; closing them leaves the group running
	 * @throws IllegalArgumentException if the group's kind has no sockets
	 */
	public static EventLoops of(EventLoopGroup group) {
		Objects.requireNonNull(group, "group");
		IoTransport transport = IoTransport.of(group);
		Deadlines deadlines = deadlinesOn(group);
		return new EventLoops(group, transport, new EventLoopScheduler(group), deadlines, deadlines::close);
	}

	/**
	 * Returns these event loops with another source of time, for tests.
	 * @param scheduler the source of time and timers; runs its tasks one at a time
	 * @return event loops on the same group, to be closed in place of these
	 */
	public EventLoops withScheduler(Scheduler scheduler) {
		Objects.requireNonNull(scheduler, "scheduler");
		Deadlines own = new Deadlines(List.of(scheduler));
		return new EventLoops(this.group, this.transport, scheduler, own, () -> {
			own.close();
			close();
		});
	}

	/**
	 * Returns the source of time and timers that runs on these loops.
	 * @return the scheduler
	 */
	public Scheduler scheduler() {
		return this.scheduler;
	}

	/**
	 * Returns what watches for the deadlines of calls, on each of these loops for some of
	 * them.
	 * @return the same for all that share the loops
	 */
	public Deadlines deadlines() {
		return this.deadlines;
	}

	/**
	 * Tells whether {@code unix:} addresses can be connected.
	 * @return {@code true} if the loops have Unix domain sockets
	 */
	public boolean supportsUnix() {
		return this.transport.supportsUnix();
	}

	/**
	 * Gives the handle of shared event loops back; a caller's own group is left running.
	 * To be called when no call is open. Idempotent.
	 */
	@Override
	public void close() {
		if (CLOSED.compareAndSet(this, 0, 1)) {
			this.onClose.run();
		}
	}

	EventLoop next() {
		return this.group.next();
	}

	IoTransport transport() {
		return this.transport;
	}

	private static EventLoopGroup newGroup(int threads, IoTransport transport) {
		return new MultiThreadIoEventLoopGroup(threads, new DaemonThreads("io"), transport.newHandlerFactory());
	}

	private static Deadlines deadlinesOn(EventLoopGroup group) {
		List<Scheduler> schedulers = new ArrayList<>();
		for (EventExecutor each : group) {
			if (each instanceof EventLoop loop) {
				schedulers.add(new EventLoopScheduler(loop));
			}
		}
		return new Deadlines(schedulers);
	}

	private static void release() {
		synchronized (lock) {
			sharedUsers--;
			Shared unused = shared;
			if (sharedUsers == 0 && unused != null) {
				unusedSinceNanos = unused.scheduler.nanoTime();
				if (!endTimerSet) {
					endTimerSet = true;
					unused.scheduler.schedule(EventLoops::endIfUnused, LINGER);
				}
			}
		}
	}

	private static void endIfUnused() {
		synchronized (lock) {
			endTimerSet = false;
			Shared unused = shared;
			if (sharedUsers > 0 || unused == null) {
				return;
			}
			Duration left = LINGER.minusNanos(unused.scheduler.nanoTime() - unusedSinceNanos);
			if (left.compareTo(Duration.ZERO) > 0) {
				endTimerSet = true;
				unused.scheduler.schedule(EventLoops::endIfUnused, left);
				return;
			}
			shared = null;
			unused.group.shutdownGracefully(0, LINGER.toNanos(), TimeUnit.NANOSECONDS);
		}
	}

	/**
	 * What the handles share.
	 *
	 * @param deadlines of the calls of this process
	 */
	private record Shared(EventLoopGroup group, IoTransport transport, Scheduler scheduler, Deadlines deadlines) {

		static Shared start() {
			IoTransport transport = IoTransport.forSharedEventLoops();
			int threads = Math.min((Runtime.getRuntime().availableProcessors() + 1) / 2, MAX_SHARED_THREADS);
			EventLoopGroup group = newGroup(threads, transport);
			return new Shared(group, transport, new EventLoopScheduler(group), deadlinesOn(group));
		}

	}

}
