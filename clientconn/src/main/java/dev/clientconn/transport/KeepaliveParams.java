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
import java.util.Objects;

/**
 * When a connection asks a silent peer whether it is still there (gRFC A8). A peer that
 * has sent nothing for {@code time} gets a PING; if nothing at all arrives within
 * {@code timeout} of it, the connection is closed and its calls end with UNAVAILABLE.
 * Immutable.
 *
 * @param time silence before a PING, 10 s to 365 days; up to 15 % are added at random.
 * Servers may refuse less than 5 minutes, which is their usual default
 * @param timeout how long an answer may take, 10 ms to 1 day
 * @param withoutCalls whether to ask too while no call is open or waiting; servers often
 * refuse that
 */
public record KeepaliveParams(Duration time, Duration timeout, boolean withoutCalls) {

	/** The least silence that may be set: gRFC A8 forbids less. */
	public static final Duration MIN_TIME = Duration.ofSeconds(10);

	/** How long an answer may take unless set otherwise. */
	public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(20);

	static final Duration MAX_TIME = Duration.ofDays(365);

	private static final Duration MIN_TIMEOUT = Duration.ofMillis(10);

	private static final Duration MAX_TIMEOUT = Duration.ofDays(1);

	/**
	 * Creates parameters.
	 * @throws IllegalArgumentException if a duration is out of range
	 */
	public KeepaliveParams {
		Objects.requireNonNull(time, "time");
		Objects.requireNonNull(timeout, "timeout");
		if (time.compareTo(MIN_TIME) < 0 || time.compareTo(MAX_TIME) > 0) {
			throw new IllegalArgumentException("keepalive time: " + time + " (expected: 10 s to 365 days)");
		}
		if (timeout.compareTo(MIN_TIMEOUT) < 0 || timeout.compareTo(MAX_TIMEOUT) > 0) {
			throw new IllegalArgumentException("keepalive timeout: " + timeout + " (expected: 10 ms to 1 day)");
		}
	}

	/**
	 * Returns parameters with the default timeout, and without PINGs while there are no
	 * calls.
	 * @param time silence before a PING, 10 s to 365 days
	 * @return the parameters
	 * @throws IllegalArgumentException if the time is out of range
	 */
	public static KeepaliveParams ofTime(Duration time) {
		return new KeepaliveParams(time, DEFAULT_TIMEOUT, false);
	}

	/**
	 * Returns these parameters with another time.
	 * @param time silence before a PING, 10 s to 365 days
	 * @return the parameters
	 * @throws IllegalArgumentException if it is out of range
	 */
	public KeepaliveParams withTime(Duration time) {
		return new KeepaliveParams(time, this.timeout, this.withoutCalls);
	}

	/**
	 * Returns these parameters with another timeout.
	 * @param timeout how long an answer may take, 10 ms to 1 day
	 * @return the parameters
	 * @throws IllegalArgumentException if it is out of range
	 */
	public KeepaliveParams withTimeout(Duration timeout) {
		return new KeepaliveParams(this.time, timeout, this.withoutCalls);
	}

	/**
	 * Returns these parameters with or without PINGs while there are no calls.
	 * @param withoutCalls whether to ask while no call is open or waiting
	 * @return the parameters
	 */
	public KeepaliveParams withWithoutCalls(boolean withoutCalls) {
		return new KeepaliveParams(this.time, this.timeout, withoutCalls);
	}

}
