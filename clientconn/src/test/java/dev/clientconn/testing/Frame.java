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

package dev.clientconn.testing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One HTTP/2 frame as a {@link Peer} received it.
 *
 * @param type the type
 * @param flags the flags octet
 * @param streamId the stream, 0 for the connection
 * @param payload the octets after the frame header; of a header block all fragments
 * @param headers the decoded header block, empty for other types
 * @param atNanos {@link System#nanoTime()} when its last octet was read
 */
public record Frame(FrameType type, int flags, int streamId, byte[] payload, List<Map.Entry<String, String>> headers,
		long atNanos) {

	static final int END_STREAM = 0x1;

	static final int ACK = 0x1;

	static final int END_HEADERS = 0x4;

	static final int PADDED = 0x8;

	static final int PRIORITY = 0x20;

	/** Code of SETTINGS_MAX_CONCURRENT_STREAMS. */
	public static final int MAX_CONCURRENT_STREAMS = 0x3;

	/** Code of SETTINGS_INITIAL_WINDOW_SIZE. */
	public static final int INITIAL_WINDOW_SIZE = 0x4;

	/** Code of SETTINGS_MAX_FRAME_SIZE. */
	public static final int MAX_FRAME_SIZE = 0x5;

	/** Code of SETTINGS_MAX_HEADER_LIST_SIZE. */
	public static final int MAX_HEADER_LIST_SIZE = 0x6;

	/**
	 * Tells whether this DATA or HEADERS frame ends its stream.
	 */
	public boolean endStream() {
		return (this.type == FrameType.DATA || this.type == FrameType.HEADERS) && has(END_STREAM);
	}

	/**
	 * Tells whether this SETTINGS or PING frame is an acknowledgement.
	 */
	public boolean ack() {
		return (this.type == FrameType.SETTINGS || this.type == FrameType.PING) && has(ACK);
	}

	/**
	 * Returns the first value of a header.
	 * @param name lower-case name
	 * @return the value, or {@code null} if the header is absent
	 */
	public String header(String name) {
		return headers(name).stream().findFirst().orElse(null);
	}

	/**
	 * Returns all values of a header.
	 * @param name lower-case name
	 * @return the values in order
	 */
	public List<String> headers(String name) {
		return this.headers.stream()
			.filter((header) -> header.getKey().equals(name))
			.map((header) -> header.getValue())
			.toList();
	}

	/**
	 * Returns the octets of a DATA frame without padding.
	 */
	public byte[] data() {
		require(FrameType.DATA);
		if (!has(PADDED)) {
			return this.payload;
		}
		return Arrays.copyOfRange(this.payload, 1, this.payload.length - (this.payload[0] & 0xff));
	}

	/**
	 * Returns the settings of a SETTINGS frame by their codes, in order.
	 */
	public Map<Integer, Long> settings() {
		require(FrameType.SETTINGS);
		Map<Integer, Long> settings = new LinkedHashMap<>();
		ByteBuffer buffer = ByteBuffer.wrap(this.payload);
		while (buffer.remaining() >= 6) {
			settings.put(buffer.getShort() & 0xffff, buffer.getInt() & 0xffffffffL);
		}
		return settings;
	}

	/**
	 * Returns the error code of a RST_STREAM or GOAWAY frame.
	 */
	public long errorCode() {
		require(FrameType.RST_STREAM, FrameType.GOAWAY);
		return unsignedInt((this.type == FrameType.GOAWAY) ? 4 : 0);
	}

	/**
	 * Returns the last stream id of a GOAWAY frame.
	 */
	public int lastStreamId() {
		require(FrameType.GOAWAY);
		return (int) (unsignedInt(0) & 0x7fffffff);
	}

	/**
	 * Returns the debug data of a GOAWAY frame as text.
	 */
	public String debugData() {
		require(FrameType.GOAWAY);
		return new String(this.payload, 8, this.payload.length - 8, StandardCharsets.UTF_8);
	}

	/**
	 * Returns the eight octets of a PING frame as a number.
	 */
	public long pingData() {
		require(FrameType.PING);
		return ByteBuffer.wrap(this.payload).getLong();
	}

	/**
	 * Returns the credit of a WINDOW_UPDATE frame.
	 */
	public int windowIncrement() {
		require(FrameType.WINDOW_UPDATE);
		return (int) (unsignedInt(0) & 0x7fffffff);
	}

	boolean has(int flag) {
		return (this.flags & flag) != 0;
	}

	private long unsignedInt(int offset) {
		return ByteBuffer.wrap(this.payload).getInt(offset) & 0xffffffffL;
	}

	private void require(FrameType... types) {
		if (!Arrays.asList(types).contains(this.type)) {
			throw new AssertionError("expected " + Arrays.toString(types) + " but it is " + this);
		}
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder(this.type.name());
		text.append('(').append(this.streamId);
		if (ack()) {
			text.append(" ack");
		}
		if (endStream()) {
			text.append(" end");
		}
		String content = switch (this.type) {
			case HEADERS, PUSH_PROMISE -> this.headers.toString();
			case RST_STREAM -> "code " + errorCode();
			case GOAWAY -> "last " + lastStreamId() + " code " + errorCode() + " \"" + debugData() + '"';
			case SETTINGS -> settings().toString();
			case WINDOW_UPDATE -> "+" + windowIncrement();
			default -> this.payload.length + " octets";
		};
		return text.append(' ').append(content).append(')').toString();
	}

}
