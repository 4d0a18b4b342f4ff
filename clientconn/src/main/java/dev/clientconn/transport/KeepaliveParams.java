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

/**
 * When an idle-looking connection is probed with HTTP/2 PING (gRFC A8).
 *
 * @param time silence before a ping; at least 10 s
 * @param timeout how long to wait for any byte after a ping
 * @param permitWithoutStream whether to ping while no call is open
 */
public record KeepaliveParams(Duration time, Duration timeout, boolean permitWithoutStream) {

	/** Shortest accepted {@link #time()}, as in grpc-go since v1.19 (seed-spec K28). */
	public static final Duration MIN_TIME = Duration.ofSeconds(10);

	/** How long grpc-go waits after a ping unless set otherwise. */
	public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);

	public KeepaliveParams {
		if (time.compareTo(MIN_TIME) < 0) {
			throw new IllegalArgumentException("keepalive.time: " + time + " (expected: at least " + MIN_TIME + ")");
		}
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException("keepalive.timeout: " + timeout + " (expected: positive)");
		}
	}

}
