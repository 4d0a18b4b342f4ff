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

package dev.clientconn.testing;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import ch.qos.logback.classic.Logger;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link LeakCheckExtension}.
 */
class LeakCheckExtensionTests {

	private static final Logger DETECTOR_LOG = (Logger) LoggerFactory.getLogger(ResourceLeakDetector.class);

	private final LeakCheckExtension check = new LeakCheckExtension(Duration.ofMillis(50));

	@BeforeEach
	void muteDetector() {
		DETECTOR_LOG.setAdditive(false);
	}

	@AfterEach
	void unmuteDetector() {
		DETECTOR_LOG.setAdditive(true);
	}

	@Test
	void passesWhenNothingIsLeft() throws Exception {
		this.check.beforeEach(null);
		Thread thread = start("clientconn-short", new CountDownLatch(0));
		PooledByteBufAllocator.DEFAULT.buffer(16).release();
		thread.join();

		assertThatNoException().isThrownBy(() -> this.check.afterEach(null));
		assertThatNoException().isThrownBy(() -> this.check.afterAll(null));
	}

	@Test
	void detectsALeakedThread() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		this.check.beforeEach(null);
		Thread thread = start("clientconn-loop-1", end);

		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.check.afterEach(null))
			.withMessageContaining("clientconn-loop-1")
			.withMessageContaining("CountDownLatch.await");

		end.countDown();
		thread.join();
		assertThatNoException().isThrownBy(() -> this.check.afterEach(null));
	}

	@Test
	void waitsForThreadsThatStartWhileItWaits() {
		LeakCheckExtension patient = new LeakCheckExtension(Duration.ofSeconds(5));
		patient.beforeEach(null);
		CountDownLatch end = new CountDownLatch(1);
		Thread second = new Thread(() -> awaitQuietly(end, Duration.ofMillis(100)), "clientconn-second");
		Thread first = new Thread(() -> {
			awaitQuietly(end, Duration.ofMillis(50));
			second.start();
		}, "clientconn-first");
		first.start();

		assertThatNoException().isThrownBy(() -> patient.afterEach(null));
	}

	@Test
	void looksForThreadsOnlyAfterTheClassIfToldSo() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		this.check.checkingThreadsPerClass().beforeAll(null);
		this.check.beforeEach(null);
		Thread thread = start("clientconn-loop-1", end);

		assertThatNoException().isThrownBy(() -> this.check.afterEach(null));
		this.check.beforeEach(null);
		this.check.afterEach(null);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.check.afterAll(null))
			.withMessageContaining("clientconn-loop-1");

		end.countDown();
		thread.join();
		assertThatNoException().isThrownBy(() -> this.check.afterAll(null));
	}

	@Test
	void toleratesThreadsOfBeforeAndThoseAllowed() throws Exception {
		CountDownLatch end = new CountDownLatch(1);
		Thread older = start("clientconn-older", end);
		this.check.allowingThreads("clientconn-shared-").beforeEach(null);
		Thread shared = start("clientconn-shared-1", end);
		Thread foreign = start("someone-else", end);

		assertThatNoException().isThrownBy(() -> this.check.afterEach(null));

		end.countDown();
		older.join();
		shared.join();
		foreign.join();
	}

	@Test
	void detectsAPendingTimerOfAWatchedScheduler() {
		this.check.beforeEach(null);
		FakeScheduler scheduler = this.check.watch(new FakeScheduler());
		scheduler.schedule(() -> {
		}, Duration.ofSeconds(7));

		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.check.afterEach(null))
			.withMessageContaining("PT7S");
		assertThatNoException().isThrownBy(() -> this.check.afterEach(null));
	}

	@Test
	void detectsALeakedBuffer() {
		leakPooled();

		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.check.afterAll(null))
			.withMessageContaining("1 leak(s)")
			.withMessageContaining("leakPooled");
		assertThatNoException().isThrownBy(() -> this.check.afterAll(null));
	}

	@Test
	void detectsALeakedUnpooledBuffer() {
		leakUnpooled();

		assertThatExceptionOfType(AssertionError.class).isThrownBy(() -> this.check.afterAll(null))
			.withMessageContaining("leakUnpooled");
	}

	// Methods of their own, so that no stack frame keeps the buffer reachable.

	private static void leakPooled() {
		PooledByteBufAllocator.DEFAULT.buffer(16).writeInt(1);
	}

	private static void leakUnpooled() {
		UnpooledByteBufAllocator.DEFAULT.buffer(16).writeInt(1);
	}

	private static void awaitQuietly(CountDownLatch end, Duration time) {
		try {
			end.await(time.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static Thread start(String name, CountDownLatch end) {
		Thread thread = new Thread(() -> {
			try {
				end.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

}
