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

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * How targets of the scheme 'discovery' follow the service registry.
 */
public class DiscoveryProperties {

	/**
	 * Time between look-ups in the registry; each varies at random by 20 percent.
	 */
	private @Nullable Duration pollInterval;

	/**
	 * What to do when the registry no longer knows any instance of the service.
	 */
	private @Nullable OnEmpty onEmpty;

	/**
	 * Keys of instance metadata that hold the gRPC port, in order of preference. Case,
	 * dots, dashes and underscores do not matter. The instance's own port is used if none
	 * is present.
	 */
	private List<String> portMetadataKeys = new ArrayList<>();

	public @Nullable Duration getPollInterval() {
		return this.pollInterval;
	}

	public void setPollInterval(@Nullable Duration pollInterval) {
		this.pollInterval = pollInterval;
	}

	public @Nullable OnEmpty getOnEmpty() {
		return this.onEmpty;
	}

	public void setOnEmpty(@Nullable OnEmpty onEmpty) {
		this.onEmpty = onEmpty;
	}

	public List<String> getPortMetadataKeys() {
		return this.portMetadataKeys;
	}

	public void setPortMetadataKeys(List<String> portMetadataKeys) {
		this.portMetadataKeys = portMetadataKeys;
	}

	/**
	 * What to do when the registry no longer knows any instance.
	 */
	public enum OnEmpty {

		/** Keep the last addresses: a registry in trouble must not end working calls. */
		KEEP,

		/** Remove all addresses. */
		DRAIN

	}

}
