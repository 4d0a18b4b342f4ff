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

/**
 * Our receive windows, and their growth by the measured bandwidth-delay product. The
 * connection's window is given back as bytes arrive: what bounds memory are the streams'
 * windows, which are given back as the calls use their bytes. Only on the event loop, but
 * for {@link #window}.
 */
final class InboundFlow {

	/** Payload of the PINGs that end a sample. */
	static final long PING_DATA = 0x434c4e54_42445000L;

	/** Bytes that a window which grows begins with; grpc-java's default too. */
	static final int FIRST_WINDOW = 1024 * 1024;

	/** What gRPC implementations stop at. */
	private static final int MAX_GROWN_WINDOW = 16 * 1024 * 1024;

	/** How rare samples may become: one in so many windows full of bytes. */
	private static final int MAX_WINDOWS_BETWEEN_SAMPLES = 16;

	private final boolean growing;

	private volatile int window;

	private int connectionWindow = Http2CodecUtil.DEFAULT_WINDOW_SIZE;

	private int connectionTarget;

	private boolean sampling;

	private int sample;

	/**
	 * Bytes that have to arrive before the next sample starts. Each that does not grow
	 * the window doubles it, so that a connection whose window is large enough hardly
	 * sends PINGs; grpc-core waits longer from sample to sample likewise.
	 */
	private int untilSample;

	InboundFlow(int configuredWindow) {
		this.growing = configuredWindow == 0;
		this.window = this.growing ? FIRST_WINDOW : configuredWindow;
		this.connectionTarget = Math.max(this.window, Http2CodecUtil.DEFAULT_WINDOW_SIZE);
		this.untilSample = this.window / 4;
	}

	/** Returns the receive window of a stream; any thread. */
	int window() {
		return this.window;
	}

	/** Returns from how much used bytes of a stream on the peer is told. */
	int creditThreshold() {
		return Math.max(1, this.window / 2);
	}

	/**
	 * Counts a DATA frame, padding included, of whatever stream.
	 * @return {@code false} if the peer has overrun the connection's window
	 */
	boolean received(int bytes, FrameWriter writer) {
		this.connectionWindow -= bytes;
		if (this.connectionWindow < 0) {
			return false;
		}
		if (this.connectionTarget - this.connectionWindow >= this.connectionTarget / 2) {
			openConnection(writer);
		}
		if (this.growing && this.window < MAX_GROWN_WINDOW) {
			this.sample += bytes;
			// A sample starts only when the peer sends in bulk, so that small replies
			// cost no PINGs; one PING per DATA is within what servers allow (gRFC A8).
			if (!this.sampling && this.sample >= this.untilSample) {
				this.sampling = true;
				this.sample = 0;
				writer.ping(PING_DATA, false);
			}
		}
		return true;
	}

	/**
	 * Ends a sample: as many bytes as arrived within a round trip are on the way.
	 * @return by how much the window of streams has to grow, 0 for not
	 */
	int sampled() {
		if (!this.sampling) {
			return 0;
		}
		this.sampling = false;
		int bytes = this.sample;
		this.sample = 0;
		int old = this.window;
		if (bytes < old / 3 * 2) {
			this.untilSample = (int) Math.min(2L * this.untilSample, (long) MAX_WINDOWS_BETWEEN_SAMPLES * old);
			return 0;
		}
		int grown = (int) Math.min(MAX_GROWN_WINDOW, Math.max(2L * bytes, old));
		this.window = grown;
		this.connectionTarget = Math.max(this.connectionTarget, grown);
		this.untilSample = grown / 4;
		return grown - old;
	}

	/** Opens the connection's window as far as it goes (RFC 9113 section 6.9.2). */
	void openConnection(FrameWriter writer) {
		int increment = this.connectionTarget - this.connectionWindow;
		if (increment > 0) {
			this.connectionWindow = this.connectionTarget;
			writer.windowUpdate(0, increment);
		}
	}

}
