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

import java.util.concurrent.atomic.AtomicInteger;

import dev.clientconn.serviceconfig.RetryThrottling;

/**
 * The token bucket of gRFC A6 ("Throttling Retry Attempts and Hedged RPCs"): full at
 * first, a failure takes one token, a success gives back a part of one, and more than
 * half must be there. Counts in thousandths, so that nothing is rounded.
 */
final class RetryThrottle implements ExtraAttempts {

	private static final int THOUSANDTHS = 1000;

	private final String target;

	private final RetryThrottling settings;

	private final int max;

	private final int ratio;

	private final AtomicInteger tokens;

	RetryThrottle(String target, RetryThrottling settings) {
		this.target = target;
		this.settings = settings;
		this.max = (int) Math.round(settings.maxTokens() * THOUSANDTHS);
		this.ratio = (int) Math.min(this.max, Math.round(settings.tokenRatio() * THOUSANDTHS));
		this.tokens = new AtomicInteger(this.max);
	}

	/** Tells whether it goes on with its tokens under a service config. */
	boolean fits(String target, RetryThrottling settings) {
		return this.target.equals(target) && this.settings.equals(settings);
	}

	@Override
	public boolean take() {
		return this.tokens.get() > this.max / 2;
	}

	@Override
	public void succeeded() {
		this.tokens.updateAndGet((now) -> Math.min(this.max, now + this.ratio));
	}

	@Override
	public void failed() {
		this.tokens.updateAndGet((now) -> Math.max(0, now - THOUSANDTHS));
	}

	@Override
	public String toString() {
		return "RetryThrottle[" + this.tokens.get() / (double) THOUSANDTHS + " of " + this.settings.maxTokens()
				+ " tokens]";
	}

}
