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

package dev.clientconn.spring.boot.autoconfigure;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * How many connections an address has, and for how long.
 */
public class ConnectionsProperties {

	/**
	 * Most connections to one address: another one is made when the streams that the
	 * server allows run out. What the service config says if unset, else 1.
	 */
	private @Nullable Integer maxPerAddress;

	/**
	 * Share of free streams below which another connection is made ahead of need, 0 to
	 * less than 1.
	 */
	private @Nullable Double minHeadroom;

	/**
	 * Time that the other connections must have been less than 70 % full before the
	 * newest one is let go.
	 */
	private @Nullable Duration scaleDownAfter;

	/**
	 * Age, plus or minus 10 %, at which a connection is replaced while its calls go on.
	 * Never unless set.
	 */
	private @Nullable Duration maxAge;

	public @Nullable Integer getMaxPerAddress() {
		return this.maxPerAddress;
	}

	public void setMaxPerAddress(@Nullable Integer maxPerAddress) {
		this.maxPerAddress = maxPerAddress;
	}

	public @Nullable Double getMinHeadroom() {
		return this.minHeadroom;
	}

	public void setMinHeadroom(@Nullable Double minHeadroom) {
		this.minHeadroom = minHeadroom;
	}

	public @Nullable Duration getScaleDownAfter() {
		return this.scaleDownAfter;
	}

	public void setScaleDownAfter(@Nullable Duration scaleDownAfter) {
		this.scaleDownAfter = scaleDownAfter;
	}

	public @Nullable Duration getMaxAge() {
		return this.maxAge;
	}

	public void setMaxAge(@Nullable Duration maxAge) {
		this.maxAge = maxAge;
	}

}
