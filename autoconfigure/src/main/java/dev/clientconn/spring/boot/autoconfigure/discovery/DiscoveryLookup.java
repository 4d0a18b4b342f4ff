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

package dev.clientconn.spring.boot.autoconfigure.discovery;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.spring.boot.autoconfigure.DiscoveryProperties.OnEmpty;
import io.grpc.Status;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.cloud.client.ServiceInstance;
import org.springframework.core.NestedExceptionUtils;

/**
 * Looks up one service and tells the listener what is new. A look-up that fails, or finds
 * nothing where there was something, leaves the last addresses in use.
 */
final class DiscoveryLookup {

	private static final Logger logger = LoggerFactory.getLogger(DiscoveryLookup.class);

	private final String target;

	private final String serviceId;

	private final DiscoveryResolver resolver;

	private final AddressListener listener;

	private volatile boolean closed;

	// Only in run(), which runs once at a time.

	private List<Address> addresses = List.of();

	private boolean failing;

	private Set<String> skipped = Set.of();

	DiscoveryLookup(String target, String serviceId, DiscoveryResolver resolver, AddressListener listener) {
		this.target = target;
		this.serviceId = serviceId;
		this.resolver = resolver;
		this.listener = listener;
	}

	/**
	 * Looks up the service once. Blocks.
	 * @return whether the registry answered with addresses
	 */
	boolean run() {
		List<Address> found;
		try {
			found = addresses(this.resolver.discoveryClient().getObject().getInstances(this.serviceId));
		}
		catch (RuntimeException ex) {
			fail(Status.UNAVAILABLE
				.withDescription(
						"the look-up of service \"" + this.serviceId + "\" in the registry failed: " + describe(ex))
				.withCause(ex));
			return false;
		}
		boolean drain = this.resolver.settings().onEmpty() == OnEmpty.DRAIN && !this.addresses.isEmpty();
		if (found.isEmpty() && !drain) {
			fail(Status.UNAVAILABLE.withDescription("the registry knows no usable instance of service \""
					+ this.serviceId + "\"" + (this.skipped.isEmpty() ? "" : "; skipped: " + this.skipped)));
			return false;
		}
		succeed(found);
		return true;
	}

	/**
	 * Stops telling the listener.
	 */
	void close() {
		this.closed = true;
	}

	private List<Address> addresses(List<ServiceInstance> instances) {
		Set<String> nowSkipped = new HashSet<>();
		List<Address> found = new InstanceAddresses(this.resolver.settings().portMetadataKeys()).of(instances,
				nowSkipped::add);
		nowSkipped.stream()
			.filter((instance) -> !this.skipped.contains(instance))
			.forEach((instance) -> logger.warn("{} - the registry lists an instance that cannot be used: {}",
					this.target, instance));
		this.skipped = nowSkipped;
		return found;
	}

	/** Clients wrap what happened in exceptions that may not say it. */
	private static String describe(RuntimeException ex) {
		Throwable root = NestedExceptionUtils.getMostSpecificCause(ex);
		return (root != ex) ? ex + ", caused by " + root : ex.toString();
	}

	private void fail(Status error) {
		if (this.closed) {
			return;
		}
		if (!this.failing) {
			logger.warn("{} - {}; {} known addresses stay in use", this.target, error.getDescription(),
					this.addresses.size());
		}
		this.failing = true;
		this.listener.onError(error);
	}

	private void succeed(List<Address> found) {
		if (this.closed || (!this.failing && found.equals(this.addresses))) {
			return;
		}
		if (this.failing) {
			logger.info("{} - the registry answers again, with {} addresses", this.target, found.size());
		}
		this.failing = false;
		this.addresses = found;
		this.listener.onAddresses(found);
	}

}
