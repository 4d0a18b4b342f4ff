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
 * When a channel connects.
 */
public class ConnectProperties {

	/**
	 * When to connect.
	 */
	private @Nullable Mode mode;

	/**
	 * Longest time that the start of the application waits for a connection in mode
	 * 'block'. Zero waits without limit.
	 */
	private @Nullable Duration timeout;

	/**
	 * Least time that a connection attempt is given.
	 */
	private @Nullable Duration minTimeout;

	/**
	 * Whether the wait in mode 'block' ends at the first error that time does not cure,
	 * such as a refused connection or a bad certificate.
	 */
	private @Nullable Boolean failOnError;

	public @Nullable Mode getMode() {
		return this.mode;
	}

	public void setMode(@Nullable Mode mode) {
		this.mode = mode;
	}

	public @Nullable Duration getTimeout() {
		return this.timeout;
	}

	public void setTimeout(@Nullable Duration timeout) {
		this.timeout = timeout;
	}

	public @Nullable Duration getMinTimeout() {
		return this.minTimeout;
	}

	public void setMinTimeout(@Nullable Duration minTimeout) {
		this.minTimeout = minTimeout;
	}

	public @Nullable Boolean getFailOnError() {
		return this.failOnError;
	}

	public void setFailOnError(@Nullable Boolean failOnError) {
		this.failOnError = failOnError;
	}

	/**
	 * When to connect.
	 */
	public enum Mode {

		/** When the first call needs a connection. */
		LAZY,

		/** In the background once the application has started. */
		EAGER,

		/** While the application starts, which fails if no connection becomes ready. */
		BLOCK

	}

}
