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

import io.grpc.Status;

/**
 * Why we end things ourselves; compared by identity, as {@code errConnDrain} is in Go.
 */
final class Reasons {

	/**
	 * The address left the list ({@code errConnDrain}). It reaches a caller only where
	 * the call waited behind the stream limit of that address and had already given it
	 * more than could be kept for another.
	 */
	static final Status DRAIN = Status.UNAVAILABLE.withDescription("the connection is drained");

	/**
	 * The ClientConn is closing ({@code ErrClientConnClosing}): ends calls that are open.
	 */
	static final Status CLOSING = Status.CANCELLED.withDescription("the client connection is closing");

	/** What a call gets that starts after the ClientConn was closed. */
	static final Status CLOSED = Status.UNAVAILABLE.withDescription("the client connection is closing or closed");

	/** The ClientConn goes idle. */
	static final Status IDLE = Status.UNAVAILABLE.withDescription("the client connection goes idle");

	/** Another connection to the same address took over. */
	static final Status RENEWED = Status.UNAVAILABLE.withDescription("the connection was renewed");

	/** The other connections of the address do without it. */
	static final Status SURPLUS = Status.UNAVAILABLE.withDescription("the connection is not needed any more");

	/** The options were changed, and calls go elsewhere; no call ends with it. */
	static final Status SUPERSEDED = Status.UNAVAILABLE.withDescription("the client connection was dialled again");

	/**
	 * The balancer picked an address that has failed, of which it may not have heard yet:
	 * a state is published before the balancer is told. No call ends with it: in the
	 * serial context, where that cannot be, it is picked for again.
	 */
	static final Status STALE_PICK = Status.UNAVAILABLE.withDescription("the picked address has just failed");

	/**
	 * An attempt that may only go to an address which its call has not used found none
	 * READY. It ends that attempt, which was never sent, and no call of a user.
	 */
	static final Status NO_OTHER_ADDRESS = Status.UNAVAILABLE.withDescription("no other address is READY");

	/** Ends the attempts of a call that has taken the answer of another one. */
	static final Status OTHER_ATTEMPT = Status.CANCELLED.withDescription("the call goes on with another attempt");

	/** Ends an attempt that another one replaces (perAttemptRecvTimeout). */
	static final Status NO_RESPONSE = Status.CANCELLED
		.withDescription("no response within the perAttemptRecvTimeout of the retry policy");

	private Reasons() {
	}

}
