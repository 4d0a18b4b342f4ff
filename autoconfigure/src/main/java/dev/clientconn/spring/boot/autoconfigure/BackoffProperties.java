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

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Delays between connection attempts.
 */
public class BackoffProperties {

	/**
	 * Delay after the first failure.
	 */
	private @Nullable Duration baseDelay;

	/**
	 * Factor by which the delay grows with each further failure, at least 1.
	 */
	private @Nullable Double multiplier;

	/**
	 * Share by which each delay varies at random, from 0 to 1.
	 */
	private @Nullable Double jitter;

	/**
	 * Longest delay.
	 */
	private @Nullable Duration maxDelay;

	public @Nullable Duration getBaseDelay() {
		return this.baseDelay;
	}

	public void setBaseDelay(@Nullable Duration baseDelay) {
		this.baseDelay = baseDelay;
	}

	public @Nullable Double getMultiplier() {
		return this.multiplier;
	}

	public void setMultiplier(@Nullable Double multiplier) {
		this.multiplier = multiplier;
	}

	public @Nullable Double getJitter() {
		return this.jitter;
	}

	public void setJitter(@Nullable Double jitter) {
		this.jitter = jitter;
	}

	public @Nullable Duration getMaxDelay() {
		return this.maxDelay;
	}

	public void setMaxDelay(@Nullable Duration maxDelay) {
		this.maxDelay = maxDelay;
	}

}
