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

package dev.clientconn.spring.boot.autoconfigure.binarylog;

import dev.clientconn.DialOptions;
import dev.clientconn.spring.boot.autoconfigure.ChannelSettings;
import dev.clientconn.spring.boot.autoconfigure.ClientConnProperties;
import dev.clientconn.spring.boot.autoconfigure.DialOptionsCustomizer;

/**
 * Refuses a binary log that nothing can write, which would be missed too late.
 *
 * @param properties the properties of all channels
 * @param library what has to be added
 */
record MissingBinaryLog(ClientConnProperties properties, String library) implements DialOptionsCustomizer {

	@Override
	public void customize(String channel, DialOptions.Builder builder) {
		ChannelSettings.of(this.properties, channel)
			.get("binary-log.enabled", (p) -> p.getBinaryLog().getEnabled())
			.to(this::requireDisabled);
	}

	private void requireDisabled(boolean enabled) {
		if (enabled) {
			throw new IllegalArgumentException("the library " + this.library
					+ " is not on the class path (add it, its version is managed by Spring Boot; or set this to false)");
		}
	}

}
