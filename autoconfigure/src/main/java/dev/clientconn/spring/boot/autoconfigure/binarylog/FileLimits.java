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

/**
 * How much of a log is kept on disk.
 *
 * @param maxBytes size at which the file is renamed
 * @param maxHistory how many renamed ones are kept, 0 for none
 */
record FileLimits(long maxBytes, int maxHistory) {

	static long requirePositive(long bytes) {
		if (bytes <= 0) {
			throw new IllegalArgumentException(bytes + "B (expected: > 0)");
		}
		return bytes;
	}

	static int requireNotNegative(int files) {
		if (files < 0) {
			throw new IllegalArgumentException(files + " (expected: >= 0)");
		}
		return files;
	}

}
