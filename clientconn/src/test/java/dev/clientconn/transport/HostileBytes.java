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

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * What a server may say that is broken, was bribed or rolls dice: a plausible answer to a
 * few streams, made worse in one of several ways. The same seed gives the same bytes.
 */
final class HostileBytes {

	static final byte[] SETTINGS = { 0, 0, 0, 4, 0, 0, 0, 0, 0 };

	private static final int DATA = 0;

	private static final int HEADERS = 1;

	private static final int SETTINGS_ACK_FLAG = 1;

	private static final int END_STREAM = 1;

	private static final int END_HEADERS = 4;

	private static final int PADDED = 8;

	private final Random random;

	private final DefaultHttp2HeadersEncoder hpack = new DefaultHttp2HeadersEncoder();

	private HostileBytes(long seed) {
		this.random = new Random(seed);
	}

	/**
	 * Returns what a server says after its first SETTINGS.
	 * @param streams how many streams the client has opened
	 */
	static byte[] of(long seed, int streams) {
		return new HostileBytes(seed).make(streams);
	}

	private byte[] make(int streams) {
		List<byte[]> frames = responses(streams);
		int extra = this.random.nextInt(4);
		for (int i = 0; i < extra; i++) {
			frames.add(this.random.nextInt(frames.size() + 1), control(streams));
		}
		return switch (this.random.nextInt(8)) {
			case 0 -> join(frames);
			case 1 -> flipBits(join(frames));
			case 2 -> cut(join(frames));
			case 3 -> insert(join(frames));
			case 4 -> {
				frames.add(this.random.nextInt(frames.size()), frames.get(this.random.nextInt(frames.size())));
				if (this.random.nextBoolean()) {
					Collections.shuffle(frames, this.random);
				}
				yield join(frames);
			}
			case 5 -> {
				forge(frames.get(this.random.nextInt(frames.size())));
				yield join(frames);
			}
			case 6 -> {
				byte[] all = join(frames);
				yield slice(all, 0, this.random.nextInt(all.length));
			}
			default -> bytes(this.random.nextInt(400));
		};
	}

	/** The answers to all streams, interleaved. */
	private List<byte[]> responses(int streams) {
		List<byte[]> frames = new ArrayList<>();
		List<Integer> steps = new ArrayList<>();
		int[] done = new int[streams];
		for (int stream = 0; stream < streams; stream++) {
			int count = 2 + this.random.nextInt(4);
			steps.addAll(Collections.nCopies(count, stream));
			done[stream] = -count;
		}
		Collections.shuffle(steps, this.random);
		boolean[] begun = new boolean[streams];
		for (int stream : steps) {
			int id = 2 * stream + 1;
			done[stream]++;
			if (!begun[stream]) {
				begun[stream] = true;
				frames.add(headers(id, done[stream] == 0, true));
			}
			else if (done[stream] < 0) {
				frames.add(data(id));
			}
			else {
				frames.add(headers(id, true, false));
			}
		}
		return frames;
	}

	private byte[] headers(int id, boolean end, boolean response) {
		Http2Headers headers = new DefaultHttp2Headers(false);
		if (response) {
			headers.status((this.random.nextInt(8) > 0) ? "200" : pick("100", "404", "", "2OO", "-1"));
			headers.add("content-type", (this.random.nextInt(8) > 0) ? "application/grpc"
					: pick("application/grpc+proto", "text/html; charset=utf-8", "application/grpcx", ""));
		}
		if (end) {
			headers.add("grpc-status", pick("0", "0", "13", "99", "x", ""));
			headers.add("grpc-message", pick("fine", "100%25", "%", "%zz", "%ff%fe"));
		}
		int others = this.random.nextInt(4);
		for (int i = 0; i < others; i++) {
			boolean bad = this.random.nextInt(30) == 0;
			headers.add(
					bad ? pick("X-Upper", ":path", ":status", "", " ")
							: pick("x-a", "x-a-bin", "grpc-encoding", "te", "connection"),
					pick("", "AAEC", "a,b", "====", "gzip", "\u00e4", "x".repeat(3_000)));
		}
		byte[] block = encode(id, headers);
		int flags = end ? END_STREAM : 0;
		if (this.random.nextInt(4) > 0 || block.length < 2) {
			return frame(HEADERS, flags | END_HEADERS, id, block);
		}
		int half = this.random.nextInt(block.length);
		return join(List.of(frame(HEADERS, flags, id, slice(block, 0, half)),
				frame(9, END_HEADERS, id, slice(block, half, block.length))));
	}

	private byte[] encode(int id, Http2Headers headers) {
		ByteBuf block = Unpooled.buffer();
		try {
			this.hpack.encodeHeaders(id, headers, block);
			return ByteBufUtil.getBytes(block);
		}
		catch (Http2Exception ex) {
			throw new IllegalStateException(ex);
		}
		finally {
			block.release();
		}
	}

	private byte[] data(int id) {
		byte[] octets = bytes(this.random.nextInt(2_000));
		if (octets.length >= 5 && this.random.nextBoolean()) {
			ByteBuffer.wrap(octets).put((byte) 0).putInt(octets.length - 5);
		}
		if (octets.length == 0 || this.random.nextInt(4) > 0) {
			return frame(DATA, 0, id, octets);
		}
		octets[0] = (byte) this.random.nextInt(octets.length);
		return frame(DATA, PADDED, id, octets);
	}

	/** A frame that is well-formed in itself, if not welcome. */
	private byte[] control(int streams) {
		int id = 2 * this.random.nextInt(streams + 1) + 1;
		int number = pick(0, 1, 0x7fffffff, 0xffffffff, this.random.nextInt());
		return switch (this.random.nextInt(10)) {
			case 0 -> frame(6, this.random.nextInt(2), 0, bytes(8));
			case 1 -> frame(4, 0, 0,
					ByteBuffer.allocate(6).putShort((short) (1 + this.random.nextInt(9))).putInt(number).array());
			case 2 -> frame(4, SETTINGS_ACK_FLAG, 0, new byte[0]);
			case 3 -> frame(8, 0, this.random.nextBoolean() ? 0 : id, ints(number));
			case 4 -> frame(3, 0, id, ints(pick(0, 7, 8, number)));
			case 5 -> frame(7, 0, 0, ints(this.random.nextBoolean() ? id : number, pick(0, 2, 11, number)));
			case 6 -> frame(2, 0, id, bytes(5));
			case 7 -> frame(5, END_HEADERS, id, join(List.of(ints(2), bytes(this.random.nextInt(20)))));
			case 8 -> frame(9, END_HEADERS, id, bytes(this.random.nextInt(20)));
			default ->
				frame(10 + this.random.nextInt(240), this.random.nextInt(256), id, bytes(this.random.nextInt(200)));
		};
	}

	private byte[] flipBits(byte[] all) {
		int count = 1 + this.random.nextInt(8);
		for (int i = 0; i < count; i++) {
			all[this.random.nextInt(all.length)] ^= (byte) (1 << this.random.nextInt(8));
		}
		return all;
	}

	private byte[] cut(byte[] all) {
		int start = this.random.nextInt(all.length);
		int end = Math.min(all.length, start + 1 + this.random.nextInt(20));
		return join(List.of(slice(all, 0, start), slice(all, end, all.length)));
	}

	private byte[] insert(byte[] all) {
		int at = this.random.nextInt(all.length);
		return join(List.of(slice(all, 0, at), bytes(1 + this.random.nextInt(20)), slice(all, at, all.length)));
	}

	/** Gives a frame another length, type, flag or stream. */
	private void forge(byte[] frame) {
		switch (this.random.nextInt(4)) {
			case 0 -> {
				frame[this.random.nextInt(3)] ^= (byte) (1 << this.random.nextInt(8));
			}
			case 1 -> {
				frame[3] = (byte) this.random.nextInt(11);
			}
			case 2 -> {
				frame[4] ^= (byte) (1 << this.random.nextInt(8));
			}
			default -> {
				frame[5 + this.random.nextInt(4)] ^= (byte) (1 << this.random.nextInt(8));
			}
		}
	}

	private byte[] bytes(int count) {
		byte[] bytes = new byte[count];
		this.random.nextBytes(bytes);
		return bytes;
	}

	private String pick(String... choices) {
		return choices[this.random.nextInt(choices.length)];
	}

	private int pick(int... choices) {
		return choices[this.random.nextInt(choices.length)];
	}

	private static byte[] ints(int... values) {
		ByteBuffer buffer = ByteBuffer.allocate(4 * values.length);
		for (int value : values) {
			buffer.putInt(value);
		}
		return buffer.array();
	}

	private static byte[] frame(int type, int flags, int id, byte[] payload) {
		ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
		frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
		return frame.put((byte) type).put((byte) flags).putInt(id).put(payload).array();
	}

	private static byte[] slice(byte[] bytes, int start, int end) {
		return Arrays.copyOfRange(bytes, start, end);
	}

	private static byte[] join(List<byte[]> pieces) {
		ByteArrayOutputStream all = new ByteArrayOutputStream();
		pieces.forEach(all::writeBytes);
		return all.toByteArray();
	}

}
