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

import org.jspecify.annotations.Nullable;

/**
 * What is the same for all connections of a ClientConn.
 *
 * @param target the dial target, for log lines and messages
 * @param authority the {@code :authority} of calls, and the name that TLS verifies
 * @param userAgent the {@code user-agent} of calls
 * @param acceptEncoding the {@code grpc-accept-encoding} of calls, empty to send none
 * @param credentials plaintext or TLS
 * @param dialer makes the connected channel
 * @param eventLoops where connections live
 * @param limits sizes and windows
 * @param keepalive when to ask a silent peer, {@code null} for never
 */
public record TransportOptions(String target, String authority, String userAgent, String acceptEncoding,
		TransportCredentials credentials, Dialer dialer, EventLoops eventLoops, Limits limits,
		@Nullable KeepaliveParams keepalive) {

	/**
	 * Sizes and windows.
	 *
	 * @param maxInboundMetadataSize bytes of one response header list (RFC 9113 section
	 * 6.5.2)
	 * @param flowControlWindow receive window of a stream and of the connection in bytes;
	 * 0 to start at 1 MiB and grow by the measured bandwidth-delay product
	 * @param maxStreamId the last stream id that is used before the connection is
	 * replaced (seed-spec K44)
	 */
	public record Limits(int maxInboundMetadataSize, int flowControlWindow, int maxStreamId) {

		/** Bytes of response headers that are accepted unless set otherwise. */
		public static final int DEFAULT_MAX_INBOUND_METADATA_SIZE = 8192;

		/** Three quarters of the id space, as grpc-go: the rest is for drain races. */
		public static final int DEFAULT_MAX_STREAM_ID = (int) (Integer.MAX_VALUE * 0.75);

	}

}
