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

import java.util.ArrayDeque;

import io.grpc.Metadata;
import io.grpc.Status;
import io.netty.handler.codec.http2.Http2Exception;
import org.jspecify.annotations.Nullable;

/**
 * The streams of a connection: those that are open, and those that wait in line behind
 * the peer's limit. Only on the event loop.
 */
final class Streams {

	private final TransportOptions options;

	private final SharedHeaders shared;

	private final OutboundFlow outbound;

	private final InboundFlow inbound;

	private final StreamTable open = new StreamTable();

	/** First come, first served; may hold streams that have been cancelled meanwhile. */
	private final ArrayDeque<Http2Stream> line = new ArrayDeque<>(1);

	private int waiting;

	/** Those, open or in line, that nobody has counted before. */
	private int unreserved;

	private int nextId = 1;

	/**
	 * SETTINGS_MAX_CONCURRENT_STREAMS; no limit until the peer sets one (seed-spec K24).
	 */
	private long maxConcurrent = Long.MAX_VALUE;

	private long maxHeaderListSize = Long.MAX_VALUE;

	private @Nullable Keepalive keepalive;

	/** Since the first stream. */
	private @Nullable RequestHeaders headers;

	Streams(TransportOptions options, SharedHeaders shared, OutboundFlow outbound, InboundFlow inbound) {
		this.options = options;
		this.shared = shared;
		this.outbound = outbound;
		this.inbound = inbound;
	}

	/** Tells of each stream that is to be opened. */
	void watchedBy(Keepalive watcher) {
		this.keepalive = watcher;
	}

	int openCount() {
		return this.open.size();
	}

	int waitingCount() {
		return this.waiting;
	}

	int unreservedCount() {
		return this.unreserved;
	}

	long startedCount() {
		return this.nextId / 2;
	}

	long maxConcurrent() {
		return this.maxConcurrent;
	}

	void limits(@Nullable Long concurrent, @Nullable Long headerListSize) {
		if (concurrent != null) {
			this.maxConcurrent = concurrent;
		}
		if (headerListSize != null) {
			this.maxHeaderListSize = headerListSize;
		}
	}

	@Nullable Http2Stream get(int id) {
		return this.open.get(id);
	}

	/** Returns whether the peer cannot know this stream yet (RFC 9113 section 5.1.1). */
	boolean isIdle(int id) {
		return (id & 1) == 0 || id >= this.nextId;
	}

	/** Returns whether all ids that the options allow have been used (seed-spec K44). */
	boolean idsUsedUp() {
		return this.nextId > this.options.limits().maxStreamId() || this.nextId < 0;
	}

	Http2Stream[] toArray() {
		return this.open.toArray();
	}

	void enqueue(Http2Stream stream) {
		stream.waiting = true;
		this.waiting++;
		this.line.add(stream);
		this.unreserved += stream.head.reserved() ? 0 : 1;
		if (this.open.size() + this.waiting > this.maxConcurrent) {
			stream.limited();
		}
		if (this.keepalive != null) {
			this.keepalive.streamComes();
		}
	}

	/** Opens streams from the line while the peer's limit and the channel allow. */
	void openWaiting(FrameWriter writer) throws Http2Exception {
		while (this.waiting > 0 && this.open.size() < this.maxConcurrent && writer.isWritable() && !idsUsedUp()) {
			Http2Stream stream = this.line.poll();
			if (stream == null) {
				return;
			}
			if (!stream.hasEnded()) {
				open(stream, writer);
			}
		}
	}

	void end(Http2Stream stream, Status status, Processing processing, Metadata trailers) {
		if (stream.hasEnded()) {
			return;
		}
		stream.end();
		if (stream.id != 0 || stream.waiting) {
			this.unreserved -= stream.head.reserved() ? 0 : 1;
		}
		if (stream.id != 0) {
			this.open.remove(stream.id);
		}
		else if (stream.waiting) {
			stream.waiting = false;
			this.waiting--;
			if (this.waiting < this.line.size() / 2) {
				// Else streams that are cancelled in line would be kept while the line
				// stands.
				this.line.removeIf(Http2Stream::hasEnded);
			}
		}
		StreamEvents.closed(stream, status, processing, trailers);
	}

	boolean isAboveLimit() {
		return this.waiting > 0 && this.open.size() + this.waiting > this.maxConcurrent;
	}

	/**
	 * Ends the streams in line that the peer's limit leaves no room for, the last first.
	 */
	void endAboveLimit(Status status) {
		while (isAboveLimit()) {
			Http2Stream last = this.line.pollLast();
			if (last == null) {
				return;
			}
			end(last, status, Processing.NOT_SENT, new Metadata());
		}
	}

	void endWaiting(Status status) {
		for (Http2Stream stream = this.line.poll(); stream != null; stream = this.line.poll()) {
			end(stream, status, Processing.NOT_SENT, new Metadata());
		}
	}

	/** Ends the streams that the server says it has not processed. */
	void endAbove(int lastId, Status status) {
		for (Http2Stream stream : this.open.toArray()) {
			if (stream.id > lastId) {
				end(stream, status, Processing.REFUSED, new Metadata());
			}
		}
	}

	void endAll(Status status) {
		for (Http2Stream stream : this.open.toArray()) {
			end(stream, status, Processing.POSSIBLE, new Metadata());
		}
		endWaiting(status);
	}

	private void open(Http2Stream stream, FrameWriter writer) throws Http2Exception {
		RequestHeaders list = headers();
		list.fill(stream.head, this.shared, writer.prefix(stream.head));
		if (this.maxHeaderListSize != Long.MAX_VALUE && list.listSize() > this.maxHeaderListSize) {
			end(stream,
					Status.RESOURCE_EXHAUSTED.withDescription("the request headers have " + list.listSize()
							+ " bytes, the server accepts " + this.maxHeaderListSize),
					Processing.POSSIBLE, new Metadata());
			return;
		}
		stream.waiting = false;
		this.waiting--;
		int id = this.nextId;
		this.nextId += 2;
		boolean halfClosed = stream.isHalfClosed();
		boolean endStream = halfClosed && !stream.hasBytes();
		stream.opened(id, this.outbound.initialWindow(), this.inbound.window());
		this.open.put(stream);
		writer.headers(id, stream.head, list, endStream);
		if (endStream) {
			stream.endStreamSent = true;
		}
		else {
			this.outbound.offer(stream);
			// Now, so that a unary request is HEADERS and DATA back to back.
			this.outbound.send(writer);
		}
		stream.checkReady();
	}

	private RequestHeaders headers() {
		RequestHeaders list = this.headers;
		if (list == null) {
			list = RequestHeaders.ofThisLoop();
			this.headers = list;
		}
		return list;
	}

}
