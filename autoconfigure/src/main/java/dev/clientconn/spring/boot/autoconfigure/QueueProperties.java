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

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * How many calls may wait for a connection.
 */
public class QueueProperties {

	/**
	 * Calls that may wait for a connection; more end as RESOURCE_EXHAUSTED.
	 */
	private @Nullable Integer maxCalls;

	/**
	 * Bytes of request messages that calls without a stream may keep.
	 */
	private @Nullable DataSize maxBytes;

	public @Nullable Integer getMaxCalls() {
		return this.maxCalls;
	}

	public void setMaxCalls(@Nullable Integer maxCalls) {
		this.maxCalls = maxCalls;
	}

	public @Nullable DataSize getMaxBytes() {
		return this.maxBytes;
	}

	public void setMaxBytes(@Nullable DataSize maxBytes) {
		this.maxBytes = maxBytes;
	}

}
