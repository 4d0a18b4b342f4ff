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

import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an address list.
 *
 * @param version counts applied lists
 * @param updatedMillis when the last was applied, wall clock; 0 before the first
 * @param error why it could not be refreshed, {@code null} after a success
 */
record ListFacts(long version, long updatedMillis, @Nullable Status error) {

	static final ListFacts NONE = new ListFacts(0, 0, null);

	ListFacts applied(long nowMillis) {
		return new ListFacts(this.version + 1, nowMillis, null);
	}

	ListFacts failed(Status error) {
		return new ListFacts(this.version, this.updatedMillis, error);
	}

	/** Whether there is neither a list nor a reason why not. */
	boolean isUnknown() {
		return this.version == 0 && this.error == null;
	}

}
