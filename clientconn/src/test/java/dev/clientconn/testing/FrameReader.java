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

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;

/**
 * Decodes the client's half of a connection; confined to the reader thread of a
 * {@link Peer}.
 */
final class FrameReader {

	private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

	// The peer is a witness, not a judge: it decodes whatever the client sends.
	private final DefaultHttp2HeadersDecoder hpack = new DefaultHttp2HeadersDecoder(false, 1 << 20);

	private final DataInputStream in;

	FrameReader(InputStream in) {
		this.in = new DataInputStream(in);
	}

	void readPreface() throws IOException {
		byte[] preface = new byte[PREFACE.length];
		this.in.readFully(preface);
		if (!Arrays.equals(preface, PREFACE)) {
			throw new IOException("not the HTTP/2 preface: " + new String(preface, StandardCharsets.ISO_8859_1));
		}
	}

	/**
	 * Reads one frame, header blocks with their continuations.
	 * @return the frame
	 * @throws EOFException if the client has closed the connection
	 * @throws IOException if the connection was reset or carries no HTTP/2
	 */
	Frame readFrame() throws IOException {
		Frame frame = readOne();
		if (frame.type() != FrameType.HEADERS) {
			return frame;
		}
		ByteArrayOutputStream block = new ByteArrayOutputStream();
		block.writeBytes(fragment(frame));
		boolean end = frame.has(Frame.END_HEADERS);
		while (!end) {
			Frame continuation = readOne();
			if (continuation.type() != FrameType.CONTINUATION || continuation.streamId() != frame.streamId()) {
				throw new IOException("expected a continuation of " + frame + " but got " + continuation);
			}
			block.writeBytes(continuation.payload());
			end = continuation.has(Frame.END_HEADERS);
		}
		return new Frame(frame.type(), frame.flags(), frame.streamId(), block.toByteArray(),
				decode(frame.streamId(), block.toByteArray()), System.nanoTime());
	}

	private Frame readOne() throws IOException {
		int length = this.in.readUnsignedByte() << 16 | this.in.readUnsignedShort();
		int type = this.in.readUnsignedByte();
		int flags = this.in.readUnsignedByte();
		int streamId = this.in.readInt() & 0x7fffffff;
		byte[] payload = new byte[length];
		this.in.readFully(payload);
		return new Frame(FrameType.of(type), flags, streamId, payload, List.of(), System.nanoTime());
	}

	private static byte[] fragment(Frame frame) {
		int from = 0;
		int to = frame.payload().length;
		if (frame.has(Frame.PADDED)) {
			from = 1;
			to -= frame.payload()[0] & 0xff;
		}
		if (frame.has(Frame.PRIORITY)) {
			from += 5;
		}
		return Arrays.copyOfRange(frame.payload(), from, to);
	}

	private List<Map.Entry<String, String>> decode(int streamId, byte[] block) throws IOException {
		ByteBuf buffer = Unpooled.wrappedBuffer(block);
		try {
			Http2Headers decoded = this.hpack.decodeHeaders(streamId, buffer);
			List<Map.Entry<String, String>> headers = new ArrayList<>();
			decoded
				.forEach((header) -> headers.add(Map.entry(header.getKey().toString(), header.getValue().toString())));
			return List.copyOf(headers);
		}
		catch (Http2Exception ex) {
			throw new IOException("undecodable header block of stream " + streamId, ex);
		}
		finally {
			buffer.release();
		}
	}

}
