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

import java.nio.charset.StandardCharsets;

import dev.clientconn.stats.DisconnectReason;
import io.grpc.Status;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;

/**
 * A GOAWAY frame of the server (RFC 9113 section 6.8).
 *
 * @param lastStreamId the last stream that it may have processed
 * @param text code and debug data, for people
 * @param disconnectReason what it counts as
 * @param isTooManyPings whether it complains of our PINGs (gRFC A8)
 */
record GoAway(int lastStreamId, String text, DisconnectReason disconnectReason, boolean isTooManyPings) {

	/** Debug data goes into status texts and logs, where more is a nuisance. */
	private static final int MAX_DEBUG_DATA = 256;

	static GoAway read(int lastStreamId, long errorCode, ByteBuf debugData) {
		String debug = debugData.toString(debugData.readerIndex(), Math.min(debugData.readableBytes(), MAX_DEBUG_DATA),
				StandardCharsets.UTF_8);
		// RFC 9113 section 7: an unknown code may be treated as INTERNAL_ERROR. Where
		// it becomes a label it has to be, or a server could make any number of them.
		Http2Error known = Http2Error.valueOf(errorCode);
		Http2Error counted = (known != null) ? known : Http2Error.INTERNAL_ERROR;
		return new GoAway(lastStreamId, "code: " + GrpcStatus.name(errorCode) + ", debug data: \"" + debug + "\"",
				DisconnectReason.goAway(counted.name()),
				known == Http2Error.ENHANCE_YOUR_CALM && "too_many_pings".equals(debug));
	}

	/**
	 * Returns whether the frame is allowed: it names a stream of ours or none, and later
	 * ones only take streams away.
	 */
	boolean isLegalAfter(int previousLastStreamId) {
		return (this.lastStreamId == 0 || (this.lastStreamId & 1) == 1) && this.lastStreamId <= previousLastStreamId;
	}

	Status status() {
		return Status.UNAVAILABLE.withDescription("received goaway: " + this.text);
	}

}
