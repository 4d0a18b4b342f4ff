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

import io.grpc.Status;

/**
 * Follows one attempt of a call. A call has several if it is sent again, and they may
 * overlap.
 */
@FunctionalInterface
public interface AttemptStats {

	/**
	 * Tells that the attempt has ended. Called exactly once, by any thread; after the end
	 * of the call if that was cancelled.
	 * @param status how
	 * @param durationNanos nanoseconds since the attempt began to wait for an address
	 * @param sentBytes size of the request messages handed to the transport, after
	 * compression and without their 5-byte prefixes
	 * @param receivedBytes size of the response messages, before decompression and
	 * without their 5-byte prefixes
	 */
	void ended(Status status, long durationNanos, long sentBytes, long receivedBytes);

}
