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

import java.util.Objects;

/**
 * Checks text that goes into HTTP/2 header values.
 */
final class HeaderText {

	private HeaderText() {
	}

	static String requireAscii(String name, String value) {
		Objects.requireNonNull(value, name);
		boolean printable = !value.isBlank() && value.chars().allMatch((c) -> c >= 0x20 && c < 0x7f);
		if (!printable) {
			throw new IllegalArgumentException(name + ": \"" + value + "\" (expected: printable ASCII, not blank)");
		}
		return value;
	}

}
