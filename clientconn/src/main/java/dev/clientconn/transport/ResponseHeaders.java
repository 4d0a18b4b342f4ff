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

import java.util.Arrays;
import java.util.Base64;

import io.grpc.InternalMetadata;
import io.grpc.Metadata;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import org.jspecify.annotations.Nullable;

/**
 * The header list of a response or its trailers as the HPACK decoder fills it. What the
 * transport itself looks at is kept apart; the rest becomes {@link Metadata} on demand.
 */
final class ResponseHeaders extends LeanHeaders {

	private static final AsciiString STATUS = PseudoHeaderName.STATUS.value();

	private static final AsciiString CONTENT_TYPE = AsciiString.cached("content-type");

	private static final AsciiString GRPC_STATUS = AsciiString.cached("grpc-status");

	private static final AsciiString GRPC_MESSAGE = AsciiString.cached("grpc-message");

	private static final AsciiString BINARY_SUFFIX = AsciiString.cached(Metadata.BINARY_HEADER_SUFFIX);

	private @Nullable AsciiString httpStatus;

	private @Nullable AsciiString contentType;

	private @Nullable AsciiString grpcStatus;

	private @Nullable AsciiString grpcMessage;

	ResponseHeaders() {
	}

	/** The same list, to be kept. */
	ResponseHeaders(ResponseHeaders source) {
		super(source);
		this.httpStatus = source.httpStatus;
		this.contentType = source.contentType;
		this.grpcStatus = source.grpcStatus;
		this.grpcMessage = source.grpcMessage;
	}

	@Override
	public Http2Headers add(CharSequence name, CharSequence value) {
		add((AsciiString) name, (AsciiString) value);
		return this;
	}

	@Nullable AsciiString httpStatus() {
		return this.httpStatus;
	}

	@Nullable AsciiString contentType() {
		return this.contentType;
	}

	@Nullable AsciiString grpcStatus() {
		return this.grpcStatus;
	}

	@Nullable AsciiString grpcMessage() {
		return this.grpcMessage;
	}

	@Override
	public @Nullable CharSequence status() {
		return this.httpStatus;
	}

	@Override
	public String toString() {
		return "[:status: " + this.httpStatus + ", grpc-status: " + this.grpcStatus + ", grpc-message: "
				+ this.grpcMessage + ", others: " + super.toString() + "]";
	}

	/**
	 * Returns all headers but pseudo-headers, {@code grpc-status} and
	 * {@code grpc-message}.
	 * @throws IllegalArgumentException if a binary value is not base64
	 */
	Metadata toMetadata() {
		int count = size();
		if (count == 0) {
			return new Metadata();
		}
		byte[][] fields = new byte[2 * count][];
		int end = 0;
		for (int i = 0; i < count; i++) {
			AsciiString name = name(i);
			AsciiString value = value(i);
			if (!name.endsWith(BINARY_SUFFIX)) {
				fields = put(fields, end, name, bytes(value));
				end += 2;
				continue;
			}
			// Values of equal names may arrive joined by commas (RFC 9110 section 5.3).
			int start = 0;
			while (start <= value.length()) {
				int comma = value.indexOf(',', start);
				int stop = (comma < 0) ? value.length() : comma;
				byte[] encoded = value.subSequence(start, stop, false).trim().toByteArray();
				fields = put(fields, end, name, Base64.getDecoder().decode(encoded));
				end += 2;
				start = stop + 1;
			}
		}
		return InternalMetadata.newMetadata(end / 2, fields);
	}

	private void add(AsciiString name, AsciiString value) {
		if (name.isEmpty()) {
			throw new IllegalArgumentException("empty header name");
		}
		if (name.byteAt(0) == ':') {
			if (!name.equals(STATUS)) {
				throw new IllegalArgumentException("pseudo-header in a response");
			}
			this.httpStatus = value;
			return;
		}
		switch (name.length()) {
			case 11 -> {
				if (name.equals(GRPC_STATUS)) {
					this.grpcStatus = value;
					return;
				}
			}
			case 12 -> {
				if (name.equals(GRPC_MESSAGE)) {
					this.grpcMessage = value;
					return;
				}
				if (name.equals(CONTENT_TYPE)) {
					this.contentType = value;
				}
			}
			default -> {
			}
		}
		requireLowerCase(name);
		append(name, value);
	}

	/** Makes room for the next block. */
	void clearAll() {
		reset();
		this.httpStatus = null;
		this.contentType = null;
		this.grpcStatus = null;
		this.grpcMessage = null;
	}

	/**
	 * RFC 9113 section 8.2.1: a name with an upper case letter makes the message
	 * malformed.
	 */
	private static void requireLowerCase(AsciiString name) {
		for (int i = 0; i < name.length(); i++) {
			byte b = name.byteAt(i);
			if (b >= 'A' && b <= 'Z') {
				throw new IllegalArgumentException("upper case letter in a header name");
			}
		}
	}

	private static byte[] bytes(AsciiString text) {
		// Shared with the HPACK table; Metadata never changes its arrays.
		return text.isEntireArrayUsed() ? text.array() : text.toByteArray();
	}

	private static byte[][] put(byte[][] fields, int end, AsciiString name, byte[] value) {
		byte[][] room = (end < fields.length) ? fields : Arrays.copyOf(fields, 2 * fields.length);
		room[end] = bytes(name);
		room[end + 1] = value;
		return room;
	}

}
