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

import java.io.Serial;

import org.jspecify.annotations.Nullable;

/**
 * A property of a channel that cannot be used.
 */
final class ClientConnConfigurationException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient Setting<?> setting;

	private final String reason;

	private final String action;

	ClientConnConfigurationException(Setting<?> setting, RuntimeException refusal) {
		this(setting, String.valueOf(refusal.getMessage()), "Change the value to what is expected.", refusal);
	}

	ClientConnConfigurationException(Setting<?> setting, String reason, String action) {
		this(setting, reason, action, null);
	}

	ClientConnConfigurationException(Setting<?> setting, String reason, String action,
			@Nullable RuntimeException cause) {
		super(setting.property()
				+ ((setting.value() != null)
						? " = \"" + SecretProperties.show(setting.property(), setting.value()) + "\"" : "")
				+ ": " + reason, cause);
		this.setting = setting;
		this.reason = reason;
		this.action = action;
	}

	Setting<?> getSetting() {
		return this.setting;
	}

	String getReason() {
		return this.reason;
	}

	String getAction() {
		return this.action;
	}

}
