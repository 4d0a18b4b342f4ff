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

package dev.clientconn.serviceconfig;

/**
 * A service config is invalid, and is rejected whole. The message names the place, the
 * value and what was expected, such as
 * {@code methodConfig[0].timeout: "5x" (expected: a duration such as "1.5s")}.
 */
public final class ServiceConfigException extends IllegalArgumentException {

	private static final long serialVersionUID = 1L;

	private final String path;

	ServiceConfigException(String path, String value, String expected) {
		super(path + ": " + value + " (" + expected + ")");
		this.path = path;
	}

	/**
	 * Returns the place of the value that is wrong.
	 * @return such as {@code methodConfig[0].timeout}
	 */
	public String path() {
		return this.path;
	}

}
