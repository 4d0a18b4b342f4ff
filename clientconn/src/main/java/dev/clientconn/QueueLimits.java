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

/**
 * How many calls may wait for a connection, and with how much. A call above it ends with
 * RESOURCE_EXHAUSTED.
 *
 * @param maxCalls calls that wait; positive
 * @param maxBytes bytes of request messages that calls without a stream keep; positive
 */
public record QueueLimits(int maxCalls, long maxBytes) {

	/** 10,000 calls with 64 MiB. */
	public static final QueueLimits DEFAULT = new QueueLimits(10_000, 64L * 1024 * 1024);

	/**
	 * Creates them.
	 * @throws IllegalArgumentException if one is not positive
	 */
	public QueueLimits {
		if (maxCalls < 1) {
			throw new IllegalArgumentException("maxCalls: " + maxCalls + " (expected: >= 1)");
		}
		if (maxBytes < 1) {
			throw new IllegalArgumentException("maxBytes: " + maxBytes + " (expected: >= 1)");
		}
	}

	/**
	 * Returns the same with another number of calls.
	 * @param maxCalls positive
	 * @return a changed copy
	 * @throws IllegalArgumentException if it is not positive
	 */
	public QueueLimits withMaxCalls(int maxCalls) {
		return new QueueLimits(maxCalls, this.maxBytes);
	}

	/**
	 * Returns the same with another number of bytes.
	 * @param maxBytes positive
	 * @return a changed copy
	 * @throws IllegalArgumentException if it is not positive
	 */
	public QueueLimits withMaxBytes(long maxBytes) {
		return new QueueLimits(this.maxCalls, maxBytes);
	}

}
