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

import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

/**
 * Calls that wait for a usable address, first come first served. Any thread adds and
 * removes; whoever removes a call owns its next attempt.
 */
final class PendingCalls {

	private final ConcurrentSkipListMap<Long, ClientConnCall<?, ?>> calls = new ConcurrentSkipListMap<>();

	private final AtomicLong tickets = new AtomicLong();

	/**
	 * Returns the place of a call in the queue; it keeps it when it has to wait again.
	 */
	long ticket() {
		return this.tickets.incrementAndGet();
	}

	void add(long ticket, ClientConnCall<?, ?> call) {
		this.calls.put(ticket, call);
	}

	/** Returns whether the call was waiting. */
	boolean remove(long ticket) {
		return this.calls.remove(ticket) != null;
	}

	@Nullable ClientConnCall<?, ?> first() {
		var entry = this.calls.firstEntry();
		return (entry != null) ? entry.getValue() : null;
	}

	/** Has every waiting call try once; those that must wait on add themselves again. */
	void retryAll() {
		this.calls.forEach((ticket, call) -> {
			if (this.calls.remove(ticket, call)) {
				call.attempt();
			}
		});
	}

	int size() {
		return this.calls.size();
	}

}
