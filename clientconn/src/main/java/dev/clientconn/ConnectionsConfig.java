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

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * How many connections an address has, and for how long (gRFC A105, and beyond).
 *
 * @param maxPerAddress most connections to one address, at least 1: another one is made
 * when the streams that the server allows on those that are there run out. {@code null}
 * for what the service config says, of which no more than {@value #MAX_BY_SERVICE_CONFIG}
 * is granted, and 1 without one
 * @param minHeadroom the share of free streams below which another connection is made
 * ahead of need, 0 to less than 1; 0 to make it when a call has to wait. Counts if there
 * may be several connections
 * @param scaleDownAfter how long the other connections must have been less than 70 % full
 * before the newest one is let go; positive, at most 365 days. Counts if there are
 * several connections
 * @param maxAge how old a connection becomes, plus or minus 10 % at random, before
 * another one takes its place while its calls go on; positive, at most 365 days,
 * {@code null} for any age
 */
public record ConnectionsConfig(@Nullable Integer maxPerAddress, double minHeadroom, Duration scaleDownAfter,
		@Nullable Duration maxAge) {

	/** Most connections to one address that a service config gets. */
	public static final int MAX_BY_SERVICE_CONFIG = 10;

	private static final Duration LONGEST = Duration.ofDays(365);

	/** One connection unless the service config says otherwise, of any age. */
	public static final ConnectionsConfig DEFAULT = new ConnectionsConfig(null, 0.1, Duration.ofSeconds(60), null);

	public ConnectionsConfig {
		if (maxPerAddress != null && maxPerAddress < 1) {
			throw new IllegalArgumentException("connections.maxPerAddress: " + maxPerAddress + " (expected: >= 1)");
		}
		if (!(minHeadroom >= 0 && minHeadroom < 1)) {
			throw new IllegalArgumentException(
					"connections.minHeadroom: " + minHeadroom + " (expected: 0 to less than 1)");
		}
		requirePositive("connections.scaleDownAfter", Objects.requireNonNull(scaleDownAfter, "scaleDownAfter"));
		if (maxAge != null) {
			requirePositive("connections.maxAge", maxAge);
		}
	}

	/**
	 * Returns this with another number of connections.
	 * @param maxPerAddress at least 1, {@code null} for what the service config says
	 * @return a copy
	 */
	public ConnectionsConfig withMaxPerAddress(@Nullable Integer maxPerAddress) {
		return new ConnectionsConfig(maxPerAddress, this.minHeadroom, this.scaleDownAfter, this.maxAge);
	}

	/**
	 * Returns this with another headroom.
	 * @param minHeadroom 0 to less than 1
	 * @return a copy
	 */
	public ConnectionsConfig withMinHeadroom(double minHeadroom) {
		return new ConnectionsConfig(this.maxPerAddress, minHeadroom, this.scaleDownAfter, this.maxAge);
	}

	/**
	 * Returns this with another time of calm.
	 * @param scaleDownAfter positive
	 * @return a copy
	 */
	public ConnectionsConfig withScaleDownAfter(Duration scaleDownAfter) {
		return new ConnectionsConfig(this.maxPerAddress, this.minHeadroom, scaleDownAfter, this.maxAge);
	}

	/**
	 * Returns this with another age.
	 * @param maxAge positive, {@code null} for any age
	 * @return a copy
	 */
	public ConnectionsConfig withMaxAge(@Nullable Duration maxAge) {
		return new ConnectionsConfig(this.maxPerAddress, this.minHeadroom, this.scaleDownAfter, maxAge);
	}

	private static void requirePositive(String name, Duration value) {
		if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
			throw new IllegalArgumentException(name + ": " + value + " (expected: positive, at most 365 days)");
		}
	}

}
