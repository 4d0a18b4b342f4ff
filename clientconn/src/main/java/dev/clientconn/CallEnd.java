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

import io.grpc.Metadata;
import io.grpc.Status;

/**
 * How an attempt, or the whole call, has ended.
 *
 * @param status the status
 * @param trailers empty if there were none
 */
record CallEnd(Status status, Metadata trailers) {

	/** Says more about the same end. */
	CallEnd noting(String note) {
		return new CallEnd(this.status.augmentDescription(note), this.trailers);
	}

	/** Returns the status for a message. */
	String text() {
		String description = this.status.getDescription();
		return this.status.getCode() + ((description != null) ? ": " + description : "");
	}

}
