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

package dev.clientconn.transport;

/**
 * What the server may have done with a request whose stream has ended (gRFC A6,
 * transparent retries).
 */
public enum Processing {

	/** Nothing was written: the call may be sent again without limit. */
	NOT_SENT,

	/**
	 * Written, but the server says that it did not process it: REFUSED_STREAM, or a
	 * stream id above the last one in GOAWAY. The call may be sent again once.
	 */
	REFUSED,

	/** The server may have processed it: only a retry policy may send it again. */
	POSSIBLE,

	/** As {@link #POSSIBLE}, and the server itself ended the stream with its answer. */
	ANSWERED

}
