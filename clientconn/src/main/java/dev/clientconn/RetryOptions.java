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
 * Whether calls are sent again by the policies of the service config, and what is kept
 * for it (gRFC A6). A call keeps its request messages until the response begins; one that
 * would keep more than it may goes on, and is not sent again from then on.
 *
 * @param enabled whether retry and hedging policies count; transparent retries, of what
 * no server has processed, are made in any case
 * @param bufferPerCall bytes of request messages that one call may keep; at least 0
 * @param bufferPerChannel bytes that all calls of a ClientConn may keep together; at
 * least 0
 */
public record RetryOptions(boolean enabled, long bufferPerCall, long bufferPerChannel) {

	/** Enabled, with 1 MiB a call and 16 MiB a ClientConn. */
	public static final RetryOptions DEFAULT = new RetryOptions(true, 1024 * 1024, 16 * 1024 * 1024);

	/**
	 * Checks the sizes.
	 * @throws IllegalArgumentException if one is negative
	 */
	public RetryOptions {
		requireSize("bufferPerCall", bufferPerCall);
		requireSize("bufferPerChannel", bufferPerChannel);
	}

	/**
	 * Returns a copy that is enabled or not.
	 * @param enabled see {@link #enabled()}
	 * @return the copy
	 */
	public RetryOptions withEnabled(boolean enabled) {
		return new RetryOptions(enabled, this.bufferPerCall, this.bufferPerChannel);
	}

	/**
	 * Returns a copy with another limit per call.
	 * @param bytes see {@link #bufferPerCall()}
	 * @return the copy
	 */
	public RetryOptions withBufferPerCall(long bytes) {
		return new RetryOptions(this.enabled, bytes, this.bufferPerChannel);
	}

	/**
	 * Returns a copy with another limit for all calls together.
	 * @param bytes see {@link #bufferPerChannel()}
	 * @return the copy
	 */
	public RetryOptions withBufferPerChannel(long bytes) {
		return new RetryOptions(this.enabled, this.bufferPerCall, bytes);
	}

	private static void requireSize(String name, long bytes) {
		if (bytes < 0) {
			throw new IllegalArgumentException(name + ": " + bytes + " (expected: >= 0 bytes)");
		}
	}

}
