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

import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import org.jspecify.annotations.Nullable;

/**
 * What streams want from a turn of the event loop: to be served, because a call has
 * pushed them, and to hear of the end of the socket read. Only on the event loop, but for
 * {@link #push} and {@link #isEmpty}.
 */
final class StreamWork {

	/**
	 * Streams that calls add while a turn serves calls are served too, but not for ever.
	 */
	private static final int MAX_ROUNDS = 16;

	private final StreamQueue queue = new StreamQueue();

	private final Streams streams;

	private final OutboundFlow outbound;

	private final InboundFlow inbound;

	/**
	 * Why no new streams are taken, {@code null} if they are. Written before the wish to
	 * drain goes to the event loop, so that whoever drains and then starts a stream
	 * cannot see it sent.
	 */
	private volatile @Nullable Status refusal;

	private @Nullable Http2Stream firstTouched;

	StreamWork(Streams streams, OutboundFlow outbound, InboundFlow inbound) {
		this.streams = streams;
		this.outbound = outbound;
		this.inbound = inbound;
	}

	/**
	 * Adds a stream that is not in the queue.
	 * @return whether somebody has to wake the event loop
	 */
	boolean push(Http2Stream stream) {
		return this.queue.push(stream);
	}

	@Nullable Status refusal() {
		return this.refusal;
	}

	/** Takes no new streams from now on; the first reason stays. */
	void refuse(Status reason) {
		if (this.refusal == null) {
			this.refusal = reason;
		}
	}

	boolean isEmpty() {
		return this.queue.isEmpty();
	}

	/** Notes that a stream had an event in this socket read. */
	void touch(Http2Stream stream) {
		if (!stream.touched) {
			stream.touched = true;
			stream.nextTouched = this.firstTouched;
			this.firstTouched = stream;
		}
	}

	void deliverReadComplete() {
		Http2Stream stream = this.firstTouched;
		this.firstTouched = null;
		while (stream != null) {
			Http2Stream next = stream.nextTouched;
			stream.nextTouched = null;
			stream.touched = false;
			if (!stream.hasEnded()) {
				StreamEvents.readComplete(stream);
			}
			stream = next;
		}
	}

	/** Serves the queue, then sends what may be sent. */
	void serve(FrameWriter out) throws Http2Exception {
		for (int round = 0; round < MAX_ROUNDS; round++) {
			boolean served = serveQueued(out);
			this.streams.openWaiting(out);
			this.outbound.send(out);
			if (!served) {
				return;
			}
		}
	}

	/**
	 * Serves the streams in the queue.
	 * @param out {@code null} before and after the life of the connection
	 * @return whether there were any
	 */
	boolean serveQueued(@Nullable FrameWriter out) {
		Http2Stream stream = this.queue.takeAll();
		boolean any = stream != null;
		while (stream != null) {
			// Before it can be pushed again, from any thread.
			Http2Stream next = stream.nextQueued;
			stream.nextQueued = null;
			stream.dequeued();
			if (!stream.hasEnded()) {
				serveOne(stream, out);
			}
			stream = next;
		}
		return any;
	}

	private void serveOne(Http2Stream stream, @Nullable FrameWriter out) {
		Status cancelled = stream.cancelled();
		Status refused = this.refusal;
		boolean open = stream.id != 0;
		if (cancelled != null) {
			if (open && out != null) {
				out.reset(stream.id, Http2Error.CANCEL.code());
			}
			this.streams.end(stream, cancelled, open ? Processing.POSSIBLE : Processing.NOT_SENT, new Metadata());
		}
		else if (open) {
			this.outbound.offer(stream);
			int credit = stream.takeCredit(this.inbound.creditThreshold());
			if (credit > 0 && out != null) {
				stream.receiveWindow += credit;
				out.windowUpdate(stream.id, credit);
			}
		}
		else if (refused != null) {
			this.streams.end(stream, refused, Processing.NOT_SENT, new Metadata());
		}
		else if (!stream.waiting) {
			this.streams.enqueue(stream);
		}
	}

}
