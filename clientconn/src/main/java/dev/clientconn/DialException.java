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

import java.io.Serial;

import io.grpc.Status;

/**
 * A blocking dial that did not get a READY connection. The message says what was waited
 * for, for how long, and the last connection error.
 */
public final class DialException extends RuntimeException {

	@Serial
	private static final long serialVersionUID = 1L;

	private final transient Status status;

	DialException(Status status) {
		super(status.getDescription(), status.getCause());
		this.status = status;
	}

	/**
	 * Returns the same as a status: DEADLINE_EXCEEDED, CANCELLED or UNAVAILABLE.
	 * @return the status
	 */
	public Status getStatus() {
		return this.status;
	}

}
