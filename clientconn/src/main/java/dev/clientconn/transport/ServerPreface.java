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
import io.netty.handler.codec.http2.Http2CodecUtil;
import io.netty.handler.codec.http2.Http2Flags;
import io.netty.handler.codec.http2.Http2FrameTypes;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the first bytes of a server, which must be a SETTINGS frame (RFC 9113 section
 * 3.4), so that whoever dialled the wrong port is told so in plain words.
 */
final class ServerPreface {

	private static final int TLS_ALERT = 0x15;

	private static final int TLS_MAJOR_VERSION = 0x03;

	/** Four letters in ASCII. */
	private static final int HTTP = 'H' << 24 | 'T' << 16 | 'T' << 8 | 'P';

	private ServerPreface() {
	}

	/** Returns whether enough has arrived for {@link #error}. */
	static boolean isComplete(ByteBuf in) {
		return in.readableBytes() >= Http2CodecUtil.FRAME_HEADER_LENGTH || error(in) != null;
	}

	/** Returns what is wrong, {@code null} for nothing yet. */
	static @Nullable String error(ByteBuf in) {
		int start = in.readerIndex();
		int length = in.readableBytes();
		if (length >= 5 && in.getInt(start) == HTTP && in.getByte(start + 4) == '/') {
			return "the server answered with HTTP/1.1 instead of HTTP/2";
		}
		if (length >= 2 && in.getByte(start) == TLS_ALERT && in.getByte(start + 1) == TLS_MAJOR_VERSION) {
			return "the server expects TLS, and the client is set to plaintext";
		}
		if (length < Http2CodecUtil.FRAME_HEADER_LENGTH) {
			return null;
		}
		boolean settings = in.getByte(start + 3) == Http2FrameTypes.SETTINGS
				&& (in.getByte(start + 4) & Http2Flags.ACK) == 0 && in.getInt(start + 5) == 0;
		return settings ? null : "the server does not speak HTTP/2: its first frame is not SETTINGS";
	}

}
