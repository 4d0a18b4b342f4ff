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

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersEncoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Encodes the server's half of a connection; its lock keeps frames of several threads
 * whole and header blocks in HPACK order.
 */
final class FrameWriter {

	private static final int HEADER_TABLE_SIZE = 0x1;

	private static final int DEFAULT_HEADER_TABLE_SIZE = 4096;

	private static final int MAX_FRAME_SIZE = 16_384;

	private final DefaultHttp2HeadersEncoder hpack = new DefaultHttp2HeadersEncoder();

	private final OutputStream out;

	FrameWriter(OutputStream out) {
		this.out = out;
	}

	/**
	 * Obeys what the client's SETTINGS ask of an encoder: at most its table size.
	 */
	synchronized void apply(Map<Integer, Long> settings) throws IOException {
		Long tableSize = settings.get(HEADER_TABLE_SIZE);
		if (tableSize != null && tableSize < DEFAULT_HEADER_TABLE_SIZE) {
			try {
				this.hpack.configuration().maxHeaderTableSize(tableSize);
			}
			catch (Http2Exception ex) {
				throw new IOException("bad SETTINGS_HEADER_TABLE_SIZE " + tableSize, ex);
			}
		}
	}

	synchronized void raw(byte[] octets) throws IOException {
		this.out.write(octets);
		this.out.flush();
	}

	void frame(FrameType type, int flags, int streamId, byte[] payload) throws IOException {
		frame(type.ordinal(), flags, streamId, payload);
	}

	void frame(int type, int flags, int streamId, byte[] payload) throws IOException {
		ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
		frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
		frame.put((byte) type).put((byte) flags).putInt(streamId).put(payload);
		raw(frame.array());
	}

	synchronized void headers(int streamId, boolean endStream, String... namesAndValues) throws IOException {
		Http2Headers headers = new DefaultHttp2Headers(false);
		for (int i = 0; i < namesAndValues.length; i += 2) {
			headers.add(namesAndValues[i], namesAndValues[i + 1]);
		}
		ByteBuf encoded = Unpooled.buffer();
		byte[] block;
		try {
			this.hpack.encodeHeaders(streamId, headers, encoded);
			block = ByteBufUtil.getBytes(encoded);
		}
		catch (Http2Exception ex) {
			throw new IOException("unencodable headers of stream " + streamId, ex);
		}
		finally {
			encoded.release();
		}
		int end = Math.min(block.length, MAX_FRAME_SIZE);
		int flags = (endStream ? Frame.END_STREAM : 0) | ((end == block.length) ? Frame.END_HEADERS : 0);
		frame(FrameType.HEADERS, flags, streamId, Arrays.copyOf(block, end));
		while (end < block.length) {
			int start = end;
			end = Math.min(block.length, start + MAX_FRAME_SIZE);
			frame(FrameType.CONTINUATION, (end == block.length) ? Frame.END_HEADERS : 0, streamId,
					Arrays.copyOfRange(block, start, end));
		}
	}

	void data(int streamId, byte[] octets, int padding, boolean endStream) throws IOException {
		int start = 0;
		do {
			int end = Math.min(octets.length, start + MAX_FRAME_SIZE - padding - ((padding > 0) ? 1 : 0));
			int flags = (endStream && end == octets.length) ? Frame.END_STREAM : 0;
			byte[] chunk = Arrays.copyOfRange(octets, start, end);
			if (padding > 0) {
				ByteBuffer padded = ByteBuffer.allocate(1 + chunk.length + padding);
				padded.put((byte) padding).put(chunk);
				chunk = padded.array();
				flags |= Frame.PADDED;
			}
			frame(FrameType.DATA, flags, streamId, chunk);
			start = end;
		}
		while (start < octets.length);
	}

}
