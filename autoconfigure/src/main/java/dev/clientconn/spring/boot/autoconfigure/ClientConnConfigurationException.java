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

	private final boolean secret;

	ClientConnConfigurationException(Setting<?> setting, RuntimeException refusal) {
		this(setting, String.valueOf(refusal.getMessage()), "Change the value to what is expected.", refusal);
	}

	ClientConnConfigurationException(Setting<?> setting, String reason, String action) {
		this(setting, reason, action, null);
	}

	ClientConnConfigurationException(Setting<?> setting, String reason, String action,
			@Nullable RuntimeException cause) {
		this(setting, reason, action, cause, false);
	}

	private ClientConnConfigurationException(Setting<?> setting, String reason, String action,
			@Nullable RuntimeException cause, boolean secret) {
		super(setting.property()
				+ ((setting.value() != null)
						? " = \"" + SecretProperties.show(setting.property(), setting.value()) + "\"" : "")
				+ ": " + reason, cause);
		this.setting = setting;
		this.reason = reason;
		this.action = action;
		this.secret = secret;
	}

	/**
	 * Returns the failure of a property whose value nobody must read in a log.
	 * @param property name of the property
	 * @param reason what is wrong
	 * @param action what to do
	 * @return the failure
	 */
	static ClientConnConfigurationException secret(String property, String reason, String action) {
		return new ClientConnConfigurationException(new Setting<>(property, null), reason, action, null, true);
	}

	/** Whether the value must not be shown. */
	boolean isSecret() {
		return this.secret;
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
