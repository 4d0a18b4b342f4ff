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

package dev.clientconn.time;

import org.jspecify.annotations.Nullable;

/**
 * A deadline that somebody watches for: told by {@link Deadlines}, once, unless it is
 * over before. There is nothing to cancel: whoever no longer needs it says so in
 * {@link #isOver}, and gives up what it refers to, because it may be kept for a while.
 */
public abstract class Expiry {

	// written by watch, before it is published

	long dueNanos;

	/** How many were added and not looked at when this one came. */
	int depth;

	/** Link in the list of those added; belongs to whoever holds it there. */
	@Nullable Expiry next;

	/**
	 * Tells whether nobody needs this any more. Any thread may call; a late {@code true}
	 * does no harm.
	 * @return {@code true} for good once it is over
	 */
	protected abstract boolean isOver();

	/**
	 * The deadline has passed. Called on the thread of a scheduler: must be short and
	 * must not block.
	 */
	protected abstract void expire();

}
