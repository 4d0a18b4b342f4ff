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

package dev.clientconn.stats;

import dev.clientconn.naming.Address;
import io.grpc.Status;

/**
 * Follows one call. Callbacks of one call do not overlap. Sizes are in bytes.
 */
public interface RpcStats {

	/**
	 * Tells that an attempt of the call went to an address.
	 * @param address where to
	 */
	default void attemptStarted(Address address) {
	}

	/**
	 * Tells that a request message was handed to the transport.
	 * @param wireBytes its size after compression, with its 5-byte prefix
	 */
	default void messageSent(long wireBytes) {
	}

	/**
	 * Tells that the response headers arrived.
	 */
	default void headersReceived() {
	}

	/**
	 * Tells that a response message arrived.
	 * @param wireBytes its size before decompression, with its 5-byte prefix
	 */
	default void messageReceived(long wireBytes) {
	}

	/**
	 * Tells that the call has ended. Called exactly once.
	 * @param status how
	 * @param durationNanos nanoseconds since the call started
	 */
	default void ended(Status status, long durationNanos) {
	}

}
