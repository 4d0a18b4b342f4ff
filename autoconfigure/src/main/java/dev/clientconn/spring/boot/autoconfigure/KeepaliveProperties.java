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
 * Questions to silent servers whether they are still there.
 */
public class KeepaliveProperties {

	/**
	 * Silence after which a server is asked with a PING whether it is still there, at
	 * least 10 s. Never asked unless set.
	 */
	private @Nullable Duration time;

	/**
	 * Time that the answer may take before the connection is closed.
	 */
	private @Nullable Duration timeout;

	/**
	 * Whether to ask while there are no calls, too. Servers often refuse that.
	 */
	private @Nullable Boolean withoutCalls;

	public @Nullable Duration getTime() {
		return this.time;
	}

	public void setTime(@Nullable Duration time) {
		this.time = time;
	}

	public @Nullable Duration getTimeout() {
		return this.timeout;
	}

	public void setTimeout(@Nullable Duration timeout) {
		this.timeout = timeout;
	}

	public @Nullable Boolean getWithoutCalls() {
		return this.withoutCalls;
	}

	public void setWithoutCalls(@Nullable Boolean withoutCalls) {
		this.withoutCalls = withoutCalls;
	}

}
