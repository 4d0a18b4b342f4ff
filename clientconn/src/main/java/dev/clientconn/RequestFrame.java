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

/**
 * A request message, marshalled once for all attempts of its call.
 */
final class RequestFrame {

	private final byte[] bytes;

	private final int plainBytes;

	RequestFrame(byte[] bytes, int plainBytes) {
		this.bytes = bytes;
		this.plainBytes = plainBytes;
	}

	/** Prefix and message, as on the wire; not changed any more. */
	byte[] bytes() {
		return this.bytes;
	}

	/** Size of the message before compression, in bytes. */
	int plainBytes() {
		return this.plainBytes;
	}

}
