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

package dev.clientconn.spring.boot.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * When calls that have failed are sent again.
 */
public class RetryProperties {

	/**
	 * Whether calls are sent again, or beside themselves, by any policy. Transparent
	 * retries, of what no server has processed, are made in any case.
	 */
	private @Nullable Boolean enabled;

	/**
	 * Size of the request messages that one call may keep to be sent again. A call that
	 * has sent more goes on, and is not sent again.
	 */
	private @Nullable DataSize bufferPerCall;

	/**
	 * Size of the request messages that all calls of a channel may keep together.
	 */
	private @Nullable DataSize bufferPerChannel;

	/**
	 * Whether a retry goes to an address that the call has not used, where one is ready.
	 */
	private @Nullable Boolean avoidUsedAddresses;

	/**
	 * Methods that may be done twice beside those that their descriptor calls idempotent,
	 * such as 'shop.Orders/Get', or 'shop.Orders/*' for all methods of a service. A call
	 * of theirs that ends with UNAVAILABLE before its response has begun is sent again.
	 */
	private @Nullable List<String> idempotentMethods;

	private final Budget budget = new Budget();

	public @Nullable Boolean getEnabled() {
		return this.enabled;
	}

	public void setEnabled(@Nullable Boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable DataSize getBufferPerCall() {
		return this.bufferPerCall;
	}

	public void setBufferPerCall(@Nullable DataSize bufferPerCall) {
		this.bufferPerCall = bufferPerCall;
	}

	public @Nullable DataSize getBufferPerChannel() {
		return this.bufferPerChannel;
	}

	public void setBufferPerChannel(@Nullable DataSize bufferPerChannel) {
		this.bufferPerChannel = bufferPerChannel;
	}

	public @Nullable Boolean getAvoidUsedAddresses() {
		return this.avoidUsedAddresses;
	}

	public void setAvoidUsedAddresses(@Nullable Boolean avoidUsedAddresses) {
		this.avoidUsedAddresses = avoidUsedAddresses;
	}

	public @Nullable List<String> getIdempotentMethods() {
		return this.idempotentMethods;
	}

	public void setIdempotentMethods(@Nullable List<String> idempotentMethods) {
		this.idempotentMethods = idempotentMethods;
	}

	public Budget getBudget() {
		return this.budget;
	}

	/**
	 * How many retries and hedges there may be, whatever policies say.
	 */
	public static class Budget {

		/**
		 * Retries and hedges per call with a policy.
		 */
		private @Nullable Double ratio;

		/**
		 * Retries and hedges per second that need no calls.
		 */
		private @Nullable Integer minPerSecond;

		public @Nullable Double getRatio() {
			return this.ratio;
		}

		public void setRatio(@Nullable Double ratio) {
			this.ratio = ratio;
		}

		public @Nullable Integer getMinPerSecond() {
			return this.minPerSecond;
		}

		public void setMinPerSecond(@Nullable Integer minPerSecond) {
			this.minPerSecond = minPerSecond;
		}

	}

}
