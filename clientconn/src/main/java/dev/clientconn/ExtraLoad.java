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

package dev.clientconn;

import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import dev.clientconn.time.Scheduler;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * What bounds the load that retries and hedges of a ClientConn add. Outlives updates that
 * do not change the numbers: a refresh of the configuration must not open the gates. Any
 * thread.
 */
final class ExtraLoad {

	private final AtomicReference<@Nullable RetryBudget> budget = new AtomicReference<>();

	/** Bytes of request messages that are kept for retries. */
	final AtomicLong replayBytes = new AtomicLong();

	/** By full name; only methods under adaptive hedging, of which options name few. */
	private final ConcurrentMap<String, AdaptiveHedging> hedged = new ConcurrentHashMap<>();

	RetryBudget budget(Scheduler scheduler, RetryOptions.Budget limits) {
		return Objects.requireNonNull(this.budget.updateAndGet(
				(current) -> (current != null && current.fits(limits)) ? current : new RetryBudget(scheduler, limits)));
	}

	AdaptiveHedging hedging(Scheduler scheduler, MethodDescriptor<?, ?> method, double maxExtraLoad) {
		String name = method.getFullMethodName();
		AdaptiveHedging known = this.hedged.get(name);
		if (known != null && known.fits(maxExtraLoad)) {
			return known;
		}
		return this.hedged.compute(name, (key, current) -> (current != null && current.fits(maxExtraLoad)) ? current
				: new AdaptiveHedging(scheduler, maxExtraLoad));
	}

}
