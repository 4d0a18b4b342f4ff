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

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.concurrent.FastThreadLocal;
import org.jspecify.annotations.Nullable;

/**
 * Decodes the header blocks of a connection. The list is good until the frame has been
 * handled. Most responses are nothing but indexes into the HPACK table: such a block is
 * decoded once, and says the same again until one of another kind may have changed the
 * table (RFC 7541 section 6.1). Only on the event loop.
 */
final class ResponseHeadersDecoder extends DefaultHttp2HeadersDecoder {

	/** One for all connections of an event loop: a block is read to its end. */
	private static final FastThreadLocal<ResponseHeaders> OF_LOOP = new FastThreadLocal<>() {

		@Override
		protected ResponseHeaders initialValue() {
			return new ResponseHeaders();
		}

	};

	/** An index that goes on in the next byte. */
	private static final byte LONGER_INDEX = (byte) 0xff;

	/**
	 * So many blocks have to leave the table alone before any is kept: where each
	 * response has a field of its own, none would ever be of use.
	 */
	private static final int MIN_STABLE = 4;

	/** More are trailers that vary, which would only be in the way. */
	private static final int MAX_KNOWN = 8;

	/** Since the first block. */
	private @Nullable ResponseHeaders headers;

	private @Nullable KnownBlock newest;

	private int known;

	/** Blocks since the table may have changed, up to the above. */
	private int stable;

	ResponseHeadersDecoder(long maxHeaderListSize) {
		super(false, maxHeaderListSize);
	}

	@Override
	public Http2Headers decodeHeaders(int streamId, ByteBuf block) throws Http2Exception {
		long indexes = indexes(block);
		if (indexes == 0) {
			forget();
			this.stable = 0;
			return super.decodeHeaders(streamId, block);
		}
		for (KnownBlock each = this.newest; each != null; each = each.next) {
			if (each.indexes == indexes) {
				block.skipBytes(block.readableBytes());
				return each.meaning;
			}
		}
		Http2Headers decoded = super.decodeHeaders(streamId, block);
		if (this.stable < MIN_STABLE) {
			this.stable++;
			return decoded;
		}
		ResponseHeaders meaning = new ResponseHeaders((ResponseHeaders) decoded);
		if (this.known == MAX_KNOWN) {
			forget();
		}
		this.newest = new KnownBlock(indexes, meaning, this.newest);
		this.known++;
		return meaning;
	}

	/**
	 * Returns the bytes of a block that is at most eight indexes of one byte each, and 0
	 * for others.
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

	/**
	 * What a block of indexes says.
	 */
	private record KnownBlock(long indexes, ResponseHeaders meaning, @Nullable KnownBlock next) {
	}

}
