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

package dev.clientconn.testing;

/**
 * The frame types of RFC 9113 section 6, in the order of their codes.
 */
public enum FrameType {

	/** Bytes of a stream. */
	DATA,

	/** A header block; continuations are joined to it. */
	HEADERS,

	/** Deprecated stream priority. */
	PRIORITY,

	/** The end of a stream. */
	RST_STREAM,

	/** Settings, or their acknowledgement. */
	SETTINGS,

	/** An announced stream. */
	PUSH_PROMISE,

	/** A ping, or its acknowledgement. */
	PING,

	/** The end of a connection. */
	GOAWAY,

	/** Flow-control credit. */
	WINDOW_UPDATE,

	/** The rest of a header block; never seen on its own. */
	CONTINUATION,

	/** A type that RFC 9113 does not define. */
	UNKNOWN;

	static FrameType of(int code) {
		return (code < UNKNOWN.ordinal()) ? values()[code] : UNKNOWN;
	}

}
