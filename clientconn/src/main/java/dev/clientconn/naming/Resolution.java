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

package dev.clientconn.naming;

import java.util.Map;

/**
 * A running resolution of one target for one ClientConn. All methods may be called from
 * any thread and never block.
 */
public interface Resolution {

	/**
	 * Asks for a fresh look-up soon, because a connection was lost or refused.
	 * Implementations coalesce and limit the rate (seed-spec K56).
	 */
	void refresh();

	/**
	 * Tells that nobody calls any more: look-ups may become rare or cease until
	 * {@link #active}. Lists that are delivered meanwhile are taken over, and nothing
	 * connects. May be called again. Does nothing by default.
	 */
	default void idle() {
	}

	/**
	 * Tells that somebody calls again, after {@link #idle}.
	 * @return whether the last list may be out of date; then a list, be it the same, or
	 * an error must be delivered as soon as possible, as calls do not fail before. By
	 * default it is not
	 */
	default boolean active() {
		return false;
	}

	/**
	 * Returns what operators should know of this resolution beyond its addresses, such as
	 * when it looked up last. Shown by {@code ConnectivitySnapshot}.
	 * @return names and values, in an order for people; values are text, numbers,
	 * booleans, {@link java.time.Instant}s, and lists and maps of them; empty if there is
	 * nothing to tell
	 */
	default Map<String, Object> details() {
		return Map.of();
	}

	/**
	 * Stops: no further list is delivered, timers are cancelled. Idempotent.
	 */
	void close();

}
