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

import java.util.ArrayList;
import java.util.List;

import dev.clientconn.transport.ClientStream;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The request side of a call: keeps what was sent until the call is committed, so that it
 * can be sent again on another connection (gRFC A6, transparent retry). The lock makes
 * "write" and "move to another stream" exclude each other; nothing of the user's and
 * nothing that blocks runs under it.
 */
final class Outbound {

	/** A call that has sent more than this cannot be sent again transparently. */
	static final int MAX_REPLAY_BYTES = 1024 * 1024;

	/** Whether the headers wait for the message: one write for a whole unary request. */
	private final boolean oneMessage;

	/** Counts what is kept while there is no stream. */
	private final PendingCalls pending;

	// guarded by this

	private byte @Nullable [] first;

	private @Nullable List<byte[]> others;

	private int bytes;

	private boolean halfClosed;

	private boolean committed;

	// written under the lock, read by any thread

	private volatile @Nullable Status ended;

	private volatile @Nullable ClientStream stream;

	Outbound(boolean oneMessage, PendingCalls pending) {
		this.oneMessage = oneMessage;
		this.pending = pending;
	}

	@Nullable ClientStream stream() {
		return this.stream;
	}

	/**
	 * Makes this the stream of the call, and sends on it what the call has sent so far.
	 * @return why the call has ended meanwhile, or {@code null} if it goes on
	 */
	synchronized @Nullable Status assign(ClientStream next) {
		if (this.ended != null) {
			return this.ended;
		}
		waitsNoMore();
		this.stream = next;
		if (this.first != null) {
			next.write(this.first);
			if (this.others != null) {
				this.others.forEach(next::write);
			}
		}
		if (this.halfClosed) {
			next.halfClose();
		}
		if (!this.oneMessage || this.halfClosed) {
			next.flush();
		}
		return null;
	}

	/**
	 * Takes the stream away before the call is sent again. In one step with the question
	 * whether it may be: a cancellation in between would be lost with the old stream.
	 * @return whether the call can be sent again whole
	 */
	synchronized boolean detach() {
		if (this.committed || this.ended != null) {
			return false;
		}
		this.stream = null;
		if (this.bytes > 0) {
			this.pending.keep(this.bytes);
		}
		return true;
	}

	/**
	 * Sends a message, or keeps it until there is a stream.
	 * @return 0 if there is one, else the bytes that all calls without one keep
	 */
	synchronized long message(byte[] message) {
		if (this.ended != null || this.halfClosed) {
			return 0;
		}
		keep(message);
		ClientStream current = this.stream;
		if (current == null) {
			return this.pending.keep(message.length);
		}
		current.write(message);
		if (!this.oneMessage) {
			current.flush();
		}
		return 0;
	}

	synchronized void halfClose() {
		if (this.ended != null || this.halfClosed) {
			return;
		}
		this.halfClosed = true;
		ClientStream current = this.stream;
		if (current != null) {
			current.halfClose();
			current.flush();
		}
	}

	/** The call stays on its stream from here on; what was kept is released. */
	synchronized void commit() {
		if (this.stream != null) {
			this.committed = true;
			this.first = null;
			this.others = null;
		}
	}

	/**
	 * Ends the call from our side.
	 * @return the stream to cancel, {@code null} if there is none
	 */
	synchronized @Nullable ClientStream end(Status reason) {
		if (this.ended == null) {
			waitsNoMore();
			this.ended = reason;
			this.first = null;
			this.others = null;
		}
		return this.stream;
	}

	@Nullable Status ended() {
		return this.ended;
	}

	private void waitsNoMore() {
		if (this.stream == null && this.bytes > 0) {
			this.pending.keep(-this.bytes);
		}
	}

	private void keep(byte[] message) {
		if (this.committed) {
			return;
		}
		this.bytes += message.length;
		if (this.bytes > MAX_REPLAY_BYTES && this.stream != null) {
			commit();
		}
		else if (this.first == null) {
			this.first = message;
		}
		else {
			if (this.others == null) {
				this.others = new ArrayList<>();
			}
			this.others.add(message);
		}
	}

}
