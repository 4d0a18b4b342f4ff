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

/**
 * Part of a channel in the health of the application.
 */
public class ChannelHealthProperties {

	/**
	 * Whether the channel is part of the health component 'clientconn'.
	 */
	private @Nullable Boolean enabled;

	/**
	 * Whether the application needs the channel. The health of a channel that is not
	 * required is never worse than UNKNOWN, so that it does not lower the health of the
	 * application.
	 */
	private @Nullable Boolean required;

	public @Nullable Boolean getEnabled() {
		return this.enabled;
	}

	public void setEnabled(@Nullable Boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable Boolean getRequired() {
		return this.required;
	}

	public void setRequired(@Nullable Boolean required) {
		this.required = required;
	}

}
