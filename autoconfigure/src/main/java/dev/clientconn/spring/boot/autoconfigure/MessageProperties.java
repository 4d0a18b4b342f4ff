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

import org.jspecify.annotations.Nullable;

import org.springframework.util.unit.DataSize;

/**
 * Sizes of messages.
 */
public class MessageProperties {

	/**
	 * Largest response message to accept.
	 */
	private @Nullable DataSize maxInboundSize;

	/**
	 * Largest request message to send, before compression. Unlimited unless set.
	 */
	private @Nullable DataSize maxOutboundSize;

	public @Nullable DataSize getMaxInboundSize() {
		return this.maxInboundSize;
	}

	public void setMaxInboundSize(@Nullable DataSize maxInboundSize) {
		this.maxInboundSize = maxInboundSize;
	}

	public @Nullable DataSize getMaxOutboundSize() {
		return this.maxOutboundSize;
	}

	public void setMaxOutboundSize(@Nullable DataSize maxOutboundSize) {
		this.maxOutboundSize = maxOutboundSize;
	}

}
