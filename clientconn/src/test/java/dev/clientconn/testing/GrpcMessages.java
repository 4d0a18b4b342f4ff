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
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * Cuts the DATA of a stream into uncompressed gRPC messages.
 */
final class GrpcMessages {

	private static final int PREFIX_LENGTH = 5;

	private final Deque<byte[]> complete = new ArrayDeque<>();

	private byte[] rest = new byte[0];

	/**
	 * Returns a message with its length prefix.
	 */
	static byte[] frame(byte[] message) {
		return ByteBuffer.allocate(PREFIX_LENGTH + message.length)
			.put((byte) 0)
			.putInt(message.length)
			.put(message)
			.array();
	}

	/**
	 * Returns the next complete message without its prefix, or {@code null} if there is
	 * none yet.
	 */
	synchronized byte[] poll() {
		return this.complete.poll();
	}

	/**
	 * Adds octets.
	 */
	synchronized void add(byte[] octets) {
		ByteArrayOutputStream joined = new ByteArrayOutputStream();
		joined.writeBytes(this.rest);
		joined.writeBytes(octets);
		byte[] all = joined.toByteArray();
		int start = 0;
		while (all.length - start >= PREFIX_LENGTH) {
			int end = start + PREFIX_LENGTH + ByteBuffer.wrap(all).getInt(start + 1);
			if (end > all.length) {
				break;
			}
			this.complete.add(Arrays.copyOfRange(all, start + PREFIX_LENGTH, end));
			start = end;
		}
		this.rest = Arrays.copyOfRange(all, start, all.length);
	}

}
