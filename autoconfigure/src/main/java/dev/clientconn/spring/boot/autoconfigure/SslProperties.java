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

package dev.clientconn.spring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * Transport security.
 */
public class SslProperties {

	/**
	 * Whether to use TLS. Enabled automatically if a bundle is set.
	 */
	private @Nullable Boolean enabled;

	/**
	 * SSL bundle with the trusted and, for mutual TLS, own certificates. The trusted
	 * certificates of the JVM are used if TLS is enabled without a bundle.
	 */
	private @Nullable String bundle;

	/**
	 * What to do with connections that are open when the bundle is updated.
	 */
	private @Nullable OnUpdate onUpdate;

	public @Nullable Boolean getEnabled() {
		return this.enabled;
	}

	public void setEnabled(@Nullable Boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable String getBundle() {
		return this.bundle;
	}

	public void setBundle(@Nullable String bundle) {
		this.bundle = bundle;
	}

	public @Nullable OnUpdate getOnUpdate() {
		return this.onUpdate;
	}

	public void setOnUpdate(@Nullable OnUpdate onUpdate) {
		this.onUpdate = onUpdate;
	}

	/**
	 * What to do with open connections.
	 */
	public enum OnUpdate {

		/**
		 * Replace them by new ones, a few at a time; no call is lost.
		 */
		RECONNECT,

		/** Keep them; only connections made from then on use the update. */
		NEW_CONNECTIONS

	}

}
