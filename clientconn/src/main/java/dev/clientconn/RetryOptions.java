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

import java.util.Collection;
import java.util.Set;

/**
 * Whether calls are sent again by the policies of the service config, and what is kept
 * for it (gRFC A6). A call keeps its request messages until the response begins; one that
 * would keep more than it may goes on, and is not sent again from then on.
 *
 * @param enabled whether retry and hedging policies count; transparent retries, of what
 * no server has processed, are made in any case
 * @param bufferPerCall bytes of request messages that one call may keep; at least 0
 * @param bufferPerChannel bytes that all calls of a ClientConn may keep together; at
 * least 0
 * @param avoidUsedAddresses whether a retry goes to an address that the call has not
 * used, where one is READY; hedges always do
 * @param budget how many retries and hedges there may be, whatever policies say
 * @param idempotentMethods methods that may be done twice, beside those that their
 * descriptor calls idempotent or safe: {@code package.Service/Method} or
 * {@code package.Service/*}. Where the service config has no policy for such a method, a
 * call that ends with UNAVAILABLE before its response has begun is sent again, up to
 * twice
 */
public record RetryOptions(boolean enabled, long bufferPerCall, long bufferPerChannel, boolean avoidUsedAddresses,
		Budget budget, Set<String> idempotentMethods) {

	/** Enabled, with 1 MiB a call and 16 MiB a ClientConn; no method is named. */
	public static final RetryOptions DEFAULT = new RetryOptions(true, 1024 * 1024, 16 * 1024 * 1024, true,
			Budget.DEFAULT, Set.of());

	/**
	 * Checks the values.
	 * @throws IllegalArgumentException if a size is negative, or a method not well-formed
	 */
	public RetryOptions {
		requireSize("bufferPerCall", bufferPerCall);
		requireSize("bufferPerChannel", bufferPerChannel);
		MethodPatterns.of("idempotentMethods", idempotentMethods);
		idempotentMethods = Set.copyOf(idempotentMethods);
	}

	/**
	 * Returns a copy that is enabled or not.
	 * @param enabled see {@link #enabled()}
	 * @return the copy
	 */
	public RetryOptions withEnabled(boolean enabled) {
		return new RetryOptions(enabled, this.bufferPerCall, this.bufferPerChannel, this.avoidUsedAddresses,
				this.budget, this.idempotentMethods);
	}

	/**
	 * Returns a copy with another limit per call.
	 * @param bytes see {@link #bufferPerCall()}
	 * @return the copy
	 */
	public RetryOptions withBufferPerCall(long bytes) {
		return new RetryOptions(this.enabled, bytes, this.bufferPerChannel, this.avoidUsedAddresses, this.budget,
				this.idempotentMethods);
	}

	/**
	 * Returns a copy with another limit for all calls together.
	 * @param bytes see {@link #bufferPerChannel()}
	 * @return the copy
	 */
	public RetryOptions withBufferPerChannel(long bytes) {
		return new RetryOptions(this.enabled, this.bufferPerCall, bytes, this.avoidUsedAddresses, this.budget,
				this.idempotentMethods);
	}

	/**
	 * Returns a copy whose retries avoid used addresses or not.
	 * @param avoid see {@link #avoidUsedAddresses()}
	 * @return the copy
	 */
	public RetryOptions withAvoidUsedAddresses(boolean avoid) {
		return new RetryOptions(this.enabled, this.bufferPerCall, this.bufferPerChannel, avoid, this.budget,
				this.idempotentMethods);
	}

	/**
	 * Returns a copy with another budget.
	 * @param budget see {@link #budget()}
	 * @return the copy
	 */
	public RetryOptions withBudget(Budget budget) {
		return new RetryOptions(this.enabled, this.bufferPerCall, this.bufferPerChannel, this.avoidUsedAddresses,
				budget, this.idempotentMethods);
	}

	/**
	 * Returns a copy with other methods.
	 * @param methods see {@link #idempotentMethods()}
	 * @return the copy
	 * @throws IllegalArgumentException if one is not well-formed
	 */
	public RetryOptions withIdempotentMethods(Collection<String> methods) {
		MethodPatterns.of("idempotentMethods", methods);
		return new RetryOptions(this.enabled, this.bufferPerCall, this.bufferPerChannel, this.avoidUsedAddresses,
				this.budget, Set.copyOf(methods));
	}

	private static void requireSize(String name, long bytes) {
		if (bytes < 0) {
			throw new IllegalArgumentException(name + ": " + bytes + " (expected: >= 0 bytes)");
		}
	}

	/**
	 * How many retries and hedges a ClientConn may send in any 10 seconds: a share of its
	 * calls that have a policy, and some more, without which the calls of a quiet client
	 * could not be sent again at all. The figures are those of Finagle and Envoy.
	 *
	 * @param ratio retries and hedges per call, 0 to 10
	 * @param minPerSecond retries and hedges per second, on average, that need no calls;
	 * 0 to 1,000,000
	 */
	public record Budget(double ratio, int minPerSecond) {

		/** One for five calls, and ten per second. */
		public static final Budget DEFAULT = new Budget(0.2, 10);

		private static final int MOST_RATIO = 10;

		private static final int MOST_PER_SECOND = 1_000_000;

		/**
		 * Checks the values.
		 * @throws IllegalArgumentException if one is out of its range
		 */
		public Budget {
			if (!(ratio >= 0 && ratio <= MOST_RATIO)) {
				throw new IllegalArgumentException("budget ratio: " + ratio + " (expected: 0 to " + MOST_RATIO + ")");
			}
			if (minPerSecond < 0 || minPerSecond > MOST_PER_SECOND) {
				throw new IllegalArgumentException(
						"budget minPerSecond: " + minPerSecond + " (expected: 0 to " + MOST_PER_SECOND + ")");
			}
		}

		/**
		 * Returns a copy with another ratio.
		 * @param ratio see {@link #ratio()}
		 * @return the copy
		 */
		public Budget withRatio(double ratio) {
			return new Budget(ratio, this.minPerSecond);
		}

		/**
		 * Returns a copy with another minimum.
		 * @param minPerSecond see {@link #minPerSecond()}
		 * @return the copy
		 */
		public Budget withMinPerSecond(int minPerSecond) {
			return new Budget(this.ratio, minPerSecond);
		}

	}

}
