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

import java.time.Instant;
import java.util.Locale;

import dev.clientconn.serviceconfig.ServiceConfig;
import org.jspecify.annotations.Nullable;

/**
 * The service config of a ClientConn at one moment: immutable, and safe to keep.
 *
 * @param config the config in force, never {@code null}
 * @param origin where it comes from
 * @param version counts the configs that have been in force; 0 while there was none
 * @param since when it came into force
 * @param rejected an update that is not in force because it is invalid, {@code null} if
 * the last one was valid
 */
public record ServiceConfigState(ServiceConfig config, Origin origin, long version, Instant since,
		@Nullable Rejected rejected) {

	/**
	 * Where a service config comes from; of several that there are the last named counts.
	 */
	public enum Origin {

		/** Nobody has set one. */
		NONE,

		/** The resolver, which brought it with the addresses. */
		RESOLVER,

		/** {@link DialOptions.Builder#serviceConfig}. */
		OPTIONS,

		/** {@link DialOptions.Builder#serviceConfigUpdates}. */
		UPDATES;

		/**
		 * Returns the name for people.
		 * @return such as {@code options}
		 */
		public String text() {
			return name().toLowerCase(Locale.ROOT);
		}

	}

	/**
	 * An invalid update; the config before it stays in force.
	 *
	 * @param origin who delivered it
	 * @param error the place in it, the value and what was expected
	 * @param since when the first with this error came
	 */
	public record Rejected(Origin origin, String error, Instant since) {
	}

}
