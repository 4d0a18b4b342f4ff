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

import java.time.Duration;

import dev.clientconn.stats.DisconnectReason;
import dev.clientconn.transport.ClientStream;
import dev.clientconn.transport.ClientTransport;
import dev.clientconn.transport.StreamHead;
import dev.clientconn.transport.StreamListener;
import dev.clientconn.transport.TransportListener;
import dev.clientconn.transport.TransportSnapshot;
import io.grpc.Attributes;
import io.grpc.Status;

/**
 * A connection that does what the test says.
 */
final class FakeTransport implements ClientTransport {

	private final TransportListener listener;

	final Duration timeout;

	boolean reserved;

	private long limit = Long.MAX_VALUE;

	boolean drained;

	boolean closed;

	boolean ended;

	DisconnectReason disconnectReason = DisconnectReason.UNKNOWN;

	FakeTransport(TransportListener listener, Duration timeout) {
		this.listener = listener;
		this.timeout = timeout;
	}

	void ready() {
		this.listener.transportReady(this);
	}

	/** The server says how many streams it allows. */
	void limit(long streams) {
		this.limit = streams;
		this.listener.transportLimitChanged(this);
	}

	void goAway() {
		this.listener.transportGoingAway(this, Status.UNAVAILABLE.withDescription("received goaway"));
	}

	void fail(Status cause) {
		if (!this.ended) {
			this.ended = true;
			this.listener.transportClosed(this, cause);
		}
	}

	void end() {
		fail(Status.UNAVAILABLE);
	}

	@Override
	public ClientStream newStream(StreamHead head, StreamListener listener) {
		throw new AssertionError("no call is made here");
	}

	@Override
	public long reservableStreams() {
		return this.drained ? 0 : this.limit;
	}

	@Override
	public void streamsReserved(boolean reserved) {
		this.reserved = reserved;
	}

	@Override
	public boolean isAccepting() {
		return !this.drained && !this.closed && !this.ended;
	}

	@Override
	public void drain(Status reason) {
		this.drained = true;
	}

	@Override
	public void close(Status reason) {
		this.closed = true;
	}

	@Override
	public Attributes attributes() {
		return Attributes.EMPTY;
	}

	@Override
	public DisconnectReason disconnectReason() {
		return this.disconnectReason;
	}

	@Override
	public TransportSnapshot snapshot() {
		return new TransportSnapshot(null, null, "plaintext", 0, 0, Long.MAX_VALUE, 0, 65_535, null, 0);
	}

}
