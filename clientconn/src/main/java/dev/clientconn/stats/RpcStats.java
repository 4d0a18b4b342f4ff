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
import org.jspecify.annotations.Nullable;

/**
 * Follows one call. Callbacks come from the caller's thread, from event loops and from
 * the control plane, and may overlap: {@link #messageSent} with any other, and
 * {@link #ended} with the start of an attempt of a call that is cancelled at that moment.
 * Sizes are in bytes.
 */
public interface RpcStats {

	/**
	 * Tells that an attempt of the call goes to an address, and may follow it. A call
	 * that never gets an address ends without this; a call that is cancelled may hear it
	 * after {@link #ended}.
	 * @param address where to
	 * @param previousAttempts attempts of the call before this one
	 * @param transparentRetry whether it repeats an attempt that the server has not
	 * processed
	 * @param waitedNanos nanoseconds that it has waited for the address and for
	 * credentials, from the start of the call or the end of the attempt before; the delay
	 * before a retry is not counted
	 * @return hears of the attempt's end, or {@code null} for no interest
	 */
	default @Nullable AttemptStats attemptStarted(Address address, int previousAttempts, boolean transparentRetry,
			long waitedNanos) {
		return null;
	}

	/**
	 * Tells that the call has waited before an attempt could be sent; before
	 * {@link #attemptStarted}, or before {@link #ended} if no attempt was made. Once per
	 * reason, in the order of the reasons; not called if it did not wait.
	 * @param reason what for
	 * @param nanos nanoseconds, positive
	 */
	default void delayed(DelayReason reason, long nanos) {
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
	 * Tells how often the call was sent again, right before {@link #ended}. Not called
	 * where it was not.
	 * @param repeats the numbers
	 */
	default void repeated(Repeats repeats) {
	}

	/**
	 * Tells that the call has ended. Called exactly once.
	 * @param status how
	 * @param durationNanos nanoseconds since the call started
	 */
	default void ended(Status status, long durationNanos) {
	}

}
