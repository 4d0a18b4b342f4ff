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

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Objects;

/**
 * When calls are sent a second time before the first attempt has answered, for methods
 * without a policy of their own in the service config. Only methods are hedged that have
 * one request message, and that are named here or idempotent (by
 * {@code idempotency_level}); each attempt goes to an address of its own, or is not sent.
 * Immutable; compared by value.
 */
public final class HedgingOptions {

	/** Share of calls that adaptive hedging adds at most, unless set otherwise. */
	public static final double DEFAULT_MAX_EXTRA_LOAD = 0.02;

	/** Attempts per call, the first included, unless set otherwise. */
	public static final int DEFAULT_MAX_ATTEMPTS = 2;

	/** More than this is not sent, as in gRFC A6. */
	public static final int MOST_ATTEMPTS = 5;

	static final HedgingOptions OFF = new HedgingOptions(Mode.OFF, Duration.ZERO, DEFAULT_MAX_EXTRA_LOAD,
			DEFAULT_MAX_ATTEMPTS, MethodPatterns.NONE);

	final Mode mode;

	final Duration delay;

	final double maxExtraLoad;

	final int maxAttempts;

	final MethodPatterns methods;

	private HedgingOptions(Mode mode, Duration delay, double maxExtraLoad, int maxAttempts, MethodPatterns methods) {
		this.mode = mode;
		this.delay = delay;
		this.maxExtraLoad = maxExtraLoad;
		this.maxAttempts = maxAttempts;
		this.methods = methods;
	}

	/**
	 * Returns no hedging but by service config; the default.
	 * @return the options
	 */
	public static HedgingOptions off() {
		return OFF;
	}

	/**
	 * Hedges each call that has no answer after a time.
	 * @param delay how long each attempt is waited for before the next is sent; zero to
	 * send all at once
	 * @return the options
	 * @throws IllegalArgumentException if the delay is negative
	 */
	public static HedgingOptions fixed(Duration delay) {
		if (Objects.requireNonNull(delay, "delay").isNegative()) {
			throw new IllegalArgumentException("hedging delay: " + delay + " (expected: >= 0)");
		}
		return new HedgingOptions(Mode.FIXED, delay, DEFAULT_MAX_EXTRA_LOAD, DEFAULT_MAX_ATTEMPTS, MethodPatterns.NONE);
	}

	/**
	 * Hedges the slowest calls of each method. A call is slow once it takes longer than
	 * all but {@code maxExtraLoad} of the calls of the last 30 seconds, and at least 1
	 * ms. There is no hedge before a method has had 200 calls in that time, none while
	 * more than 10 % of its attempts fail, and never more of them than the load allows.
	 * @param maxExtraLoad hedges per call, above 0 and up to 0.5; such as 0.02
	 * @return the options
	 * @throws IllegalArgumentException if the load is outside that range
	 */
	public static HedgingOptions adaptive(double maxExtraLoad) {
		if (!(maxExtraLoad > 0 && maxExtraLoad <= 0.5)) {
			throw new IllegalArgumentException(
					"hedging maxExtraLoad: " + maxExtraLoad + " (expected: above 0, and up to 0.5)");
		}
		return new HedgingOptions(Mode.ADAPTIVE, Duration.ZERO, maxExtraLoad, DEFAULT_MAX_ATTEMPTS,
				MethodPatterns.NONE);
	}

	/**
	 * Sets how many attempts a call may have.
	 * @param maxAttempts the first included, 2 to 5
	 * @return a copy
	 * @throws IllegalArgumentException if it is outside that range
	 */
	public HedgingOptions maxAttempts(int maxAttempts) {
		if (maxAttempts < 2 || maxAttempts > MOST_ATTEMPTS) {
			throw new IllegalArgumentException(
					"hedging maxAttempts: " + maxAttempts + " (expected: 2 to " + MOST_ATTEMPTS + ")");
		}
		return new HedgingOptions(this.mode, this.delay, this.maxExtraLoad, maxAttempts, this.methods);
	}

	/**
	 * Names the methods that are hedged, beside those that are idempotent.
	 * @param methods {@code package.Service/Method} or {@code package.Service/*}
	 * @return a copy
	 * @throws IllegalArgumentException if one has neither form
	 */
	public HedgingOptions methods(Collection<String> methods) {
		return new HedgingOptions(this.mode, this.delay, this.maxExtraLoad, this.maxAttempts,
				MethodPatterns.of("hedging methods", methods));
	}

	/**
	 * Names the methods that are hedged, beside those that are idempotent.
	 * @param methods {@code package.Service/Method} or {@code package.Service/*}
	 * @return a copy
	 * @throws IllegalArgumentException if one has neither form
	 */
	public HedgingOptions methods(String... methods) {
		return methods(List.of(methods));
	}

	@Override
	public boolean equals(Object other) {
		return other instanceof HedgingOptions that && this.mode == that.mode && this.delay.equals(that.delay)
				&& this.maxExtraLoad == that.maxExtraLoad && this.maxAttempts == that.maxAttempts
				&& this.methods.equals(that.methods);
	}

	@Override
	public int hashCode() {
		return Objects.hash(this.mode, this.delay, this.maxExtraLoad, this.maxAttempts, this.methods);
	}

	@Override
	public String toString() {
		return switch (this.mode) {
			case OFF -> "off";
			case FIXED -> "after " + this.delay + text();
			case ADAPTIVE -> "adaptive, up to " + this.maxExtraLoad + " extra" + text();
		};
	}

	private String text() {
		return ", " + this.maxAttempts + " attempts, idempotent methods and " + this.methods;
	}

	enum Mode {

		OFF, FIXED, ADAPTIVE

	}

}
