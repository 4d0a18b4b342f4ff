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
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.clientconn.testing.LeakCheckExtension;
import dev.clientconn.time.Scheduler;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link EventLoops}. That the threads end is what the extension checks.
 */
class EventLoopsTests {

	@RegisterExtension
	final LeakCheckExtension leaks = new LeakCheckExtension();

	@Test
	void sharedGroupIsOneAndItsThreadsAreNamedDaemons() throws Exception {
		try (EventLoops first = EventLoops.shared(); EventLoops second = EventLoops.shared()) {
			assertThat(first.next().parent()).isSameAs(second.next().parent());
			assertThat(first.transport()).isEqualTo(IoTransport.EPOLL);
			for (Thread thread : startThreads(first)) {
				assertThat(thread.getName()).matches("clientconn-io-\\d+");
				assertThat(thread.isDaemon()).isTrue();
			}
			first.close();
			first.close();
			assertThat(second.next().isShuttingDown()).isFalse();
		}
	}

	@Test
	void newGroupHasAsManyThreadsAsWanted() throws Exception {
		EventLoopGroup group = EventLoops.newGroup(1);
		try {
			EventLoops loops = EventLoops.of(group);
			assertThat(loops.next()).isSameAs(loops.next());
			assertThat(loops.next().submit(Thread::currentThread).get(5, TimeUnit.SECONDS).isDaemon()).isTrue();
		}
		finally {
			group.shutdownGracefully(0, 0, TimeUnit.SECONDS).get(5, TimeUnit.SECONDS);
		}
		assertThatIllegalArgumentException().isThrownBy(() -> EventLoops.newGroup(0))
			.withMessage("threads: 0 (expected: >= 1)");
	}

	@Test
	void propertyChoosesNio() {
		System.setProperty(IoTransport.PROPERTY, "nio");
		try {
			assertThat(IoTransport.forSharedEventLoops()).isEqualTo(IoTransport.NIO);
		}
		finally {
			System.clearProperty(IoTransport.PROPERTY);
		}
		assertThat(Set.of(IoTransport.EPOLL, IoTransport.NIO)).contains(IoTransport.forSharedEventLoops());
	}

	@Test
	void schedulerRunsAndCancels() throws Exception {
		try (EventLoops loops = EventLoops.shared()) {
			Scheduler scheduler = loops.scheduler();
			CountDownLatch ran = new CountDownLatch(1);
			boolean[] cancelledRan = new boolean[1];
			Scheduler.Timer cancelled = scheduler.schedule(() -> cancelledRan[0] = true, Duration.ofMillis(20));
			cancelled.cancel();
			long start = scheduler.nanoTime();

			scheduler.schedule(ran::countDown, Duration.ofMillis(30));

			assertThat(ran.await(5, TimeUnit.SECONDS)).isTrue();
			assertThat(scheduler.nanoTime() - start).isGreaterThanOrEqualTo(Duration.ofMillis(29).toNanos());
			assertThat(cancelledRan[0]).isFalse();
			scheduler.schedule(() -> {
			}, Duration.ofSeconds(Long.MAX_VALUE)).cancel();
		}
	}

	@Test
	void timerOfALoopRunsOnIt() throws Exception {
		try (EventLoops loops = EventLoops.shared()) {
			for (int i = 0; i < 4; i++) {
				EventLoop loop = loops.next();
				CompletableFuture<Boolean> ranThere = new CompletableFuture<>();
				loop.execute(() -> loops.scheduler()
					.schedule(() -> ranThere.complete(loop.inEventLoop()), Duration.ofMillis(1)));
				assertThat(ranThere.get(5, TimeUnit.SECONDS)).isTrue();
			}
		}
	}

	@Test
	void groupOutlivesAShortTimeWithoutUsers() {
		EventLoops first = EventLoops.shared();
		first.close();
		for (int i = 0; i < 3; i++) {
			try (EventLoops next = EventLoops.shared()) {
				assertThat(next.next().parent()).isSameAs(first.next().parent());
			}
		}
	}

	private static Set<Thread> startThreads(EventLoops loops) throws Exception {
		Set<Thread> threads = new HashSet<>();
		for (int i = 0; i < Runtime.getRuntime().availableProcessors(); i++) {
			threads.add(loops.next().submit(Thread::currentThread).get(5, TimeUnit.SECONDS));
		}
		return threads;
	}

}
