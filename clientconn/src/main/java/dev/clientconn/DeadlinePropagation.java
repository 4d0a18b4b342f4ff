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

import java.time.Duration;
import java.util.Objects;

/**
 * What a call takes from the deadline of the {@link io.grpc.Context} that it is made in,
 * which in a server is the deadline of the call being served. Its cancellation ends the
 * call in any case; also the one that comes when its deadline passes.
 *
 * @param enabled whether the deadline bounds the call and is told to the server
 * ({@code grpc-timeout}); if not, the call has those of its own, of the service config or
 * the default one
 * @param margin how much earlier than the context's the call's deadline is, so that there
 * is time left to answer; never taken from a deadline that the caller sets; from zero to
 * one day
 */
public record DeadlinePropagation(boolean enabled, Duration margin) {

	private static final Duration MAX_MARGIN = Duration.ofDays(1);

	/** The deadline of the context bounds the call, without a margin. */
	public static final DeadlinePropagation DEFAULT = new DeadlinePropagation(true, Duration.ZERO);

	/**
	 * Creates it.
	 * @throws IllegalArgumentException if the margin is out of range
	 */
	public DeadlinePropagation {
		if (Objects.requireNonNull(margin, "margin").isNegative() || margin.compareTo(MAX_MARGIN) > 0) {
			throw new IllegalArgumentException("margin: " + margin + " (expected: from zero to " + MAX_MARGIN + ")");
		}
	}

	/**
	 * Returns the same, enabled or not.
	 * @param enabled whether the deadline bounds the call
	 * @return a changed copy
	 */
	public DeadlinePropagation withEnabled(boolean enabled) {
		return new DeadlinePropagation(enabled, this.margin);
	}

	/**
	 * Returns the same with another margin.
	 * @param margin from zero to one day
	 * @return a changed copy
	 * @throws IllegalArgumentException if the margin is out of range
	 */
	public DeadlinePropagation withMargin(Duration margin) {
		return new DeadlinePropagation(this.enabled, margin);
	}

}
