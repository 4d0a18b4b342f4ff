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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Cuts the DATA of a stream into uncompressed gRPC messages.
 */
final class GrpcMessages {

	private static final int PREFIX_LENGTH = 5;

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
	 * Adds octets.
	 * @return the messages they complete, without prefix
	 */
	List<byte[]> add(byte[] octets) {
		ByteArrayOutputStream joined = new ByteArrayOutputStream();
		joined.writeBytes(this.rest);
		joined.writeBytes(octets);
		byte[] all = joined.toByteArray();
		List<byte[]> messages = new ArrayList<>();
		int start = 0;
		while (all.length - start >= PREFIX_LENGTH) {
			int end = start + PREFIX_LENGTH + ByteBuffer.wrap(all).getInt(start + 1);
			if (end > all.length) {
				break;
			}
			messages.add(Arrays.copyOfRange(all, start + PREFIX_LENGTH, end));
			start = end;
		}
		this.rest = Arrays.copyOfRange(all, start, all.length);
		return messages;
	}

}
