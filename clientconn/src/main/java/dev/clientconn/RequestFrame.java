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

import java.io.IOException;
import java.io.InputStream;

import io.grpc.Compressor;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * A request message, marshalled once for all attempts of its call.
 */
final class RequestFrame {

	private final byte[] bytes;

	private final int plainBytes;

	private RequestFrame(byte[] bytes, int plainBytes) {
		this.bytes = bytes;
		this.plainBytes = plainBytes;
	}

	/**
	 * Marshals a message.
	 * @param compressor compresses it, {@code null} to send it as it is
	 * @param maxBytes largest message before compression
	 * @throws IOException if it cannot be read
	 * @throws io.grpc.StatusRuntimeException RESOURCE_EXHAUSTED if it is larger
	 */
	static <T> RequestFrame of(MethodDescriptor<T, ?> method, T message, @Nullable Compressor compressor, int maxBytes)
			throws IOException {
		InputStream marshalled = method.streamRequest(message);
		int known = (marshalled instanceof KnownLength) ? marshalled.available() : -1;
		byte[] frame = MessageFramer.frame(marshalled, compressor, maxBytes);
		return new RequestFrame(frame, (known >= 0) ? known : frame.length - MessageFramer.PREFIX_BYTES);
	}

	/** Prefix and message, as on the wire; not changed any more. */
	byte[] bytes() {
		return this.bytes;
	}

	/** Size of the message before compression, in bytes. */
	int plainBytes() {
		return this.plainBytes;
	}

}
