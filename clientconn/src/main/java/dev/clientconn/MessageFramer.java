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

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

import io.grpc.Compressor;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Turns a marshalled message into its bytes on the wire: one flag byte, four bytes of
 * length, the message (gRPC over HTTP/2, "Length-Prefixed-Message").
 */
final class MessageFramer {

	static final int PREFIX_BYTES = 5;

	private static final int COPY_BUFFER_BYTES = 8192;

	private MessageFramer() {
	}

	/**
	 * Frames a message.
	 * @param message from the marshaller; closed here
	 * @param compressor compresses it, {@code null} to send it as it is
	 * @param maxBytes largest message before compression
	 * @return prefix and message
	 * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED if it is larger, INTERNAL
	 * if it cannot be read
	 */
	static byte[] frame(InputStream message, @Nullable Compressor compressor, int maxBytes) {
		try (message) {
			if (compressor == null && message instanceof KnownLength) {
				int length = message.available();
				requireFits(length, maxBytes);
				return readExactly(message, length);
			}
			byte[] plain = readAll(message, maxBytes);
			if (compressor == null) {
				return plain;
			}
			ByteArrayOutputStream out = new ByteArrayOutputStream(plain.length / 2 + 64);
			out.write(new byte[PREFIX_BYTES]);
			try (OutputStream compressing = compressor.compress(out)) {
				compressing.write(plain, PREFIX_BYTES, plain.length - PREFIX_BYTES);
			}
			return prefixed(out.toByteArray(), (byte) 1);
		}
		catch (IOException ex) {
			throw Status.INTERNAL.withDescription("failed to frame message").withCause(ex).asRuntimeException();
		}
	}

	/**
	 * Reads into the array that is sent. A protobuf message writes itself there at once;
	 * to be drained, it would need a buffer in between.
	 */
	private static byte[] readExactly(InputStream message, int length) throws IOException {
		byte[] frame = new byte[PREFIX_BYTES + length];
		int end = PREFIX_BYTES;
		while (end < frame.length) {
			int read = message.read(frame, end, frame.length - end);
			if (read < 0) {
				throw new IOException(
						"the marshaller wrote " + (end - PREFIX_BYTES) + " of " + length + " announced bytes");
			}
			end += read;
		}
		if (message.read() >= 0) {
			throw new IOException("the marshaller wrote more than the announced " + length + " bytes");
		}
		return prefixed(frame, (byte) 0);
	}

	private static byte[] readAll(InputStream message, int maxBytes) throws IOException {
		ByteArrayOutputStream out = new ByteArrayOutputStream(256);
		out.write(new byte[PREFIX_BYTES]);
		copy(message, out);
		requireFits(out.size() - PREFIX_BYTES, maxBytes);
		return prefixed(out.toByteArray(), (byte) 0);
	}

	private static void copy(InputStream message, OutputStream out) throws IOException {
		if (message instanceof Drainable drainable) {
			drainable.drainTo(out);
			return;
		}
		byte[] buffer = new byte[COPY_BUFFER_BYTES];
		for (int n = message.read(buffer); n >= 0; n = message.read(buffer)) {
			out.write(buffer, 0, n);
		}
	}

	private static byte[] prefixed(byte[] frame, byte flag) {
		int length = frame.length - PREFIX_BYTES;
		frame[0] = flag;
		frame[1] = (byte) (length >>> 24);
		frame[2] = (byte) (length >>> 16);
		frame[3] = (byte) (length >>> 8);
		frame[4] = (byte) length;
		return frame;
	}

	private static void requireFits(int length, int maxBytes) {
		if (length > maxBytes) {
			throw Status.RESOURCE_EXHAUSTED
				.withDescription("request message too large: " + length + " bytes (limit " + maxBytes + ")")
				.asRuntimeException();
		}
	}

}
