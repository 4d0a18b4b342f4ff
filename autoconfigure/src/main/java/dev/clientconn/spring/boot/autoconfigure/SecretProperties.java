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
 * Keeps the values of secret properties out of messages.
 */
final class SecretProperties {

	private static final String HIDDEN = "******";

	private SecretProperties() {
	}

	/**
	 * Returns what may be told of a value.
	 * @param property full name of the property
	 * @param value its value
	 * @return the value, or asterisks in its place
	 */
	static String show(String property, @Nullable Object value) {
		boolean secret = property.endsWith(".credentials.basic.password")
				|| property.endsWith(".credentials.bearer.token");
		return secret ? HIDDEN : String.valueOf(value);
	}

}
