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

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Waits for the operations of a round that are still under way, but not for ever: a
 * channel that loses a call must fail its row, not hang the comparison.
 */
final class Outstanding {

	private static final long GRACE_NANOS = TimeUnit.SECONDS.toNanos(20);

	private final CountDownLatch ends;

	private final AtomicReference<Throwable> failure = new AtomicReference<>();

	Outstanding(int count) {
		this.ends = new CountDownLatch(count);
	}

	void ended() {
		this.ends.countDown();
	}

	void failed(Throwable cause) {
		this.failure.compareAndSet(null, cause);
		this.ends.countDown();
	}

	void await(long nanos) throws Exception {
		if (!this.ends.await(nanos + GRACE_NANOS, TimeUnit.NANOSECONDS)) {
			throw new IllegalStateException(this.ends.getCount() + " operations did not end");
		}
		if (this.failure.get() != null) {
			throw new IllegalStateException("An operation failed: " + this.failure.get(), this.failure.get());
		}
	}

}
