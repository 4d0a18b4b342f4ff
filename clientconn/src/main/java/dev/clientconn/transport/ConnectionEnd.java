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

package dev.clientconn.transport;

import java.time.Duration;

import dev.clientconn.time.Scheduler;
import dev.clientconn.time.Scheduler.Timer;
import io.grpc.Status;
import io.netty.channel.Channel;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import org.jspecify.annotations.Nullable;

/**
 * Why a connection ends, and how long its last bytes may take. Only on the event loop.
 */
final class ConnectionEnd {

	/** How long the last bytes may take to be written (seed-spec K52). */
	private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

	private final Http2ClientTransport transport;

	private final Scheduler scheduler;

	private @Nullable GoAway goAway;

	/** The first exception; later ones are its consequences. */
	private @Nullable Throwable exception;

	private @Nullable Status cause;

	private @Nullable Timer timer;

	ConnectionEnd(Http2ClientTransport transport, Scheduler scheduler) {
		this.transport = transport;
		this.scheduler = scheduler;
	}

	/** Returns what the connection has ended by, or the other one if nothing has said. */
	Status cause(Status otherwise) {
		Status known = this.cause;
		return (known != null) ? known : otherwise;
	}

	void causedBy(Status status) {
		this.cause = status;
	}

	/**
	 * The server has said that it will end the connection.
	 * @return the status of streams that it does not take any more
	 * @throws Http2Exception if it may not say so (RFC 9113 section 6.8)
	 */
	Status announced(GoAway received) throws Http2Exception {
		GoAway earlier = this.goAway;
		if (!received.isLegalAfter((earlier != null) ? earlier.lastStreamId() : Integer.MAX_VALUE)) {
			throw Http2Exception.connectionError(Http2Error.PROTOCOL_ERROR,
					"the server sent GOAWAY with the illegal last stream id %d", received.lastStreamId());
		}
		this.goAway = received;
		this.transport.received(received);
		Status status = received.status();
		this.cause = Causes.unavailable(this.transport.address(), status.getDescription(), null);
		return status;
	}

	/** The channel has failed; it is about to be closed. */
	void failed(Throwable thrown) {
		if (this.exception == null) {
			this.exception = thrown;
			this.transport.disconnecting(Causes.disconnectReason(thrown));
		}
	}

	/** The channel has closed, and not because we wanted it. */
	Status unexpected(ConnectionState in) {
		String what = in.unexpectedEnd(this.exception != null);
		if (this.goAway != null) {
			what += "; received prior goaway: " + this.goAway.text();
		}
		Status status = Causes.unavailable(this.transport.address(), what, this.exception);
		this.cause = status;
		return status;
	}

	/** Closes the channel when its last bytes have had their time. */
	void bound(Channel channel) {
		this.timer = this.scheduler.schedule(channel::close, CLOSE_TIMEOUT);
	}

	void over() {
		Timer pending = this.timer;
		this.timer = null;
		if (pending != null) {
			pending.cancel();
		}
	}

}
