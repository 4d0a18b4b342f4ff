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

import io.netty.handler.codec.http2.Http2CodecUtil;
import org.jspecify.annotations.Nullable;

/**
 * Who may send how much (RFC 9113 section 5.2): the peer's windows, and the ring of
 * streams that take turns, one DATA frame each. Only on the event loop.
 */
final class OutboundFlow {

	/** Windows end at 2^31-1 (RFC 9113 section 6.9.1). */
	static final int MAX_WINDOW = Integer.MAX_VALUE;

	/**
	 * One turn in the ring, even if the peer takes larger frames: others wait meanwhile.
	 */
	private static final int MAX_TURN = 32 * 1024;

	private final Ring ready = new Ring();

	/** Streams that have bytes but find the connection's window closed. */
	private final Ring blocked = new Ring();

	private int connectionWindow = Http2CodecUtil.DEFAULT_WINDOW_SIZE;

	private int initialWindow = Http2CodecUtil.DEFAULT_WINDOW_SIZE;

	int initialWindow() {
		return this.initialWindow;
	}

	/**
	 * Follows a changed SETTINGS_INITIAL_WINDOW_SIZE (RFC 9113 section 6.9.2): open
	 * streams move by the difference and may become negative (seed-spec K25).
	 * @return {@code false} if a window passes the limit
	 */
	boolean initialWindow(int window, Http2Stream[] streams) {
		long delta = (long) window - this.initialWindow;
		this.initialWindow = window;
		for (Http2Stream stream : streams) {
			long changed = stream.sendWindow + delta;
			if (changed > MAX_WINDOW) {
				return false;
			}
			stream.sendWindow = (int) changed;
			offer(stream);
		}
		return true;
	}

	/**
	 * Opens the connection's window.
	 * @return {@code false} if it passes the limit
	 */
	boolean connectionUpdate(int increment) {
		long window = (long) this.connectionWindow + increment;
		if (window > MAX_WINDOW) {
			return false;
		}
		this.connectionWindow = (int) window;
		if (window > 0) {
			this.ready.prepend(this.blocked);
		}
		return true;
	}

	/**
	 * Opens a stream's window.
	 * @return {@code false} if it passes the limit
	 */
	boolean streamUpdate(Http2Stream stream, int increment) {
		long window = (long) stream.sendWindow + increment;
		if (window > MAX_WINDOW) {
			return false;
		}
		stream.sendWindow = (int) window;
		offer(stream);
		return true;
	}

	/** Lets an open stream take part, if it is not already. */
	void offer(Http2Stream stream) {
		if (!stream.sending && !stream.endStreamSent) {
			stream.sending = true;
			this.ready.add(stream);
		}
	}

	/** Sends until nobody has bytes and window, or the channel is full. */
	void send(FrameWriter writer) {
		while (true) {
			Http2Stream stream = writer.isWritable() ? this.ready.poll() : null;
			if (stream == null) {
				return;
			}
			stream.sending = false;
			if (!stream.hasEnded()) {
				sendOne(stream, writer);
			}
		}
	}

	private void sendOne(Http2Stream stream, FrameWriter writer) {
		boolean halfClosed = stream.isHalfClosed();
		int max = 0;
		if (stream.hasBytes()) {
			if (stream.sendWindow <= 0) {
				// Comes back with a WINDOW_UPDATE.
				return;
			}
			if (this.connectionWindow <= 0) {
				stream.sending = true;
				this.blocked.add(stream);
				return;
			}
			max = Math.min(Math.min(stream.sendWindow, this.connectionWindow), MAX_TURN);
		}
		else if (!halfClosed || stream.endStreamSent) {
			return;
		}
		// An empty frame that only ends the stream needs no window (RFC 9113 section
		// 6.9.1).
		int sent = writer.data(stream, max, halfClosed);
		stream.sendWindow -= sent;
		this.connectionWindow -= sent;
		if (!stream.endStreamSent && (stream.hasBytes() || stream.isHalfClosed())) {
			offer(stream);
		}
		stream.checkReady();
	}

	/**
	 * Streams linked by {@link Http2Stream#nextSending}.
	 */
	private static final class Ring {

		private @Nullable Http2Stream first;

		private @Nullable Http2Stream last;

		void add(Http2Stream stream) {
			stream.nextSending = null;
			if (this.last == null) {
				this.first = stream;
			}
			else {
				this.last.nextSending = stream;
			}
			this.last = stream;
		}

		@Nullable Http2Stream poll() {
			Http2Stream stream = this.first;
			if (stream != null) {
				this.first = stream.nextSending;
				stream.nextSending = null;
				if (this.first == null) {
					this.last = null;
				}
			}
			return stream;
		}

		void prepend(Ring other) {
			if (other.last == null) {
				return;
			}
			other.last.nextSending = this.first;
			this.first = other.first;
			if (this.last == null) {
				this.last = other.last;
			}
			other.first = null;
			other.last = null;
		}

	}

}
