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
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import io.netty.util.concurrent.FastThreadLocal;
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

	private ResponseHeaders(ResponseHeaders source) {
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

	private void clearAll() {
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

	/**
	 * Decodes every block of a connection into the same list: nobody looks at it after
	 * the frame has been handled. The blocks of most responses consist of nothing but
	 * indexes into the table; they say the same again until another kind of block may
	 * have changed the table (RFC 7541 section 6.1).
	 */
	static final class Decoder extends DefaultHttp2HeadersDecoder {

		/** One for all connections of an event loop: a block is read to its end. */
		private static final FastThreadLocal<ResponseHeaders> OF_LOOP = new FastThreadLocal<>() {

			@Override
			protected ResponseHeaders initialValue() {
				return new ResponseHeaders();
			}

		};

		/** An index that goes on in the next byte. */
		private static final byte LONGER_INDEX = (byte) 0xff;

		/** Of trailers that vary, which would only be in the way. */
		private static final int MAX_KNOWN = 8;

		/** Since the first block. */
		private @Nullable ResponseHeaders headers;

		private @Nullable KnownBlock newest;

		private int known;

		Decoder(long maxHeaderListSize) {
			super(false, maxHeaderListSize);
		}

		@Override
		public Http2Headers decodeHeaders(int streamId, ByteBuf block) throws Http2Exception {
			long indexes = indexes(block);
			if (indexes == 0) {
				forget();
				return super.decodeHeaders(streamId, block);
			}
			for (KnownBlock each = this.newest; each != null; each = each.next) {
				if (each.indexes == indexes) {
					block.skipBytes(block.readableBytes());
					return each.meaning;
				}
			}
			ResponseHeaders meaning = new ResponseHeaders((ResponseHeaders) super.decodeHeaders(streamId, block));
			if (this.known == MAX_KNOWN) {
				forget();
			}
			this.newest = new KnownBlock(indexes, meaning, this.newest);
			this.known++;
			return meaning;
		}

		/**
		 * Returns the bytes of a block that is at most eight indexes of one byte each,
		 * and 0 for others.
		 */
		private static long indexes(ByteBuf block) {
			int length = block.readableBytes();
			if (length > Long.BYTES) {
				return 0;
			}
			long indexes = 0;
			for (int i = 0; i < length; i++) {
				byte index = block.getByte(block.readerIndex() + i);
				if (index >= 0 || index == LONGER_INDEX) {
					return 0;
				}
				indexes = indexes << Byte.SIZE | (index & 0xff);
			}
			return indexes;
		}

		private void forget() {
			this.newest = null;
			this.known = 0;
		}

		@Override
		protected Http2Headers newHeaders() {
			ResponseHeaders list = this.headers;
			if (list == null) {
				list = OF_LOOP.get();
				this.headers = list;
			}
			list.clearAll();
			return list;
		}

	}

	/**
	 * What a block of indexes says.
	 */
	private record KnownBlock(long indexes, ResponseHeaders meaning, @Nullable KnownBlock next) {
	}

}
