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

import java.time.Duration;

import io.grpc.SecurityLevel;
import org.jspecify.annotations.Nullable;

/**
 * The state of one connection for operators.
 *
 * @param localAddress local socket address, {@code null} before TCP is connected
 * @param remoteAddress remote socket address, {@code null} before TCP is connected
 * @param security {@code plaintext}, or the TLS protocol and cipher suite
 * @param activeStreams streams open now
 * @param queuedStreams streams waiting behind the peer's stream limit
 * @param maxConcurrentStreams the peer's limit; {@code Long.MAX_VALUE} if it set none
 * @param streamsStarted streams opened since the start
 * @param receiveWindow receive window of a stream in bytes
 * @param keepaliveTime silence before a keepalive PING, {@code null} for never; more than
 * configured after a server has complained of too_many_pings
 * @param keepalivesSent keepalive PINGs since the start
 */
public record TransportSnapshot(@Nullable String localAddress, @Nullable String remoteAddress, String security,
		int activeStreams, int queuedStreams, long maxConcurrentStreams, long streamsStarted, int receiveWindow,
		@Nullable Duration keepaliveTime, long keepalivesSent) {

	/**
	 * Returns how what the connection carries is protected.
	 * @return PRIVACY_AND_INTEGRITY with TLS, else NONE
	 */
	public SecurityLevel securityLevel() {
		return "plaintext".equals(this.security) ? SecurityLevel.NONE : SecurityLevel.PRIVACY_AND_INTEGRITY;
	}

}
