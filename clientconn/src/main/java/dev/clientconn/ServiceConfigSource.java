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
import java.util.function.Supplier;

import dev.clientconn.ServiceConfigState.Origin;
import dev.clientconn.ServiceConfigState.Rejected;
import dev.clientconn.serviceconfig.ServiceConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the last valid service config of one that delivers them, and why a later one is
 * not valid. Delivered on any thread, by one at a time; read by any thread.
 */
final class ServiceConfigSource {

	/** Named after what the lines speak of. */
	private static final Logger logger = LoggerFactory.getLogger(ClientConn.class);

	// set at creation, never change

	private final Origin origin;

	private final Listener listener;

	// written by who delivers, read by any thread

	private volatile @Nullable ServiceConfig last;

	private volatile @Nullable Rejected rejected;

	ServiceConfigSource(Origin origin, Listener listener) {
		this.origin = origin;
		this.listener = listener;
	}

	/** The last valid one; {@code null} before the first. */
	@Nullable ServiceConfig last() {
		return this.last;
	}

	/** Why the last one delivered is not {@link #last}; {@code null} if it is. */
	@Nullable Rejected rejected() {
		return this.rejected;
	}

	/**
	 * Takes a config over if it is valid.
	 * @param config reads it; throws {@link IllegalArgumentException} if it is invalid
	 */
	void deliver(Supplier<ServiceConfig> config) {
		ServiceConfig read;
		try {
			read = config.get();
			this.listener.check(read);
		}
		catch (IllegalArgumentException ex) {
			reject(String.valueOf(ex.getMessage()));
			return;
		}
		this.last = read;
		this.rejected = null;
		this.listener.changed();
	}

	/** There is one that cannot even be read. */
	void reject(String error) {
		Rejected before = this.rejected;
		if (before != null && before.error().equals(error)) {
			return;
		}
		this.rejected = new Rejected(this.origin, error, Instant.ofEpochMilli(this.listener.nowMillis()));
		logger.warn("{} - a service config of the {} is invalid, the one before stays in force: {}",
				this.listener.target(), this.origin.text(), error);
	}

	/**
	 * Whom a source works for; any thread.
	 */
	interface Listener {

		/** The dial target, for messages. */
		String target();

		/** Wall clock. */
		long nowMillis();

		/** Throws {@link IllegalArgumentException} for a config that cannot be used. */
		void check(ServiceConfig config);

		/** There is another valid config. */
		void changed();

	}

}
