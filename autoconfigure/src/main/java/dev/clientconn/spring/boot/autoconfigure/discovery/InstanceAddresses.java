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

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

import dev.clientconn.naming.Address;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;

/**
 * Turns the instances of a registry into addresses: the gRPC port from the metadata, each
 * address once, in an order that does not depend on the registry's.
 *
 * @param portMetadataKeys keys that hold the gRPC port, in order of preference
 */
record InstanceAddresses(List<String> portMetadataKeys) {

	private static final Comparator<Address> ORDER = Comparator
		.comparing((Address address) -> address.metadata().getOrDefault("zone", ""))
		.thenComparing(Address::host)
		.thenComparing(Address::port);

	/**
	 * Returns the addresses of instances.
	 * @param instances as the registry gave them, in its order
	 * @param skipped told of each instance that has no usable address, and why
	 * @return each address once, sorted by zone, host and port; the first instance of an
	 * address wins, later ones add the metadata it lacks
	 */
	List<Address> of(List<ServiceInstance> instances, Consumer<String> skipped) {
		Map<String, Address> addresses = new LinkedHashMap<>();
		for (ServiceInstance instance : instances) {
			Map<String, String> metadata = metadata(instance);
			try {
				Address address = address(instance, metadata);
				addresses.merge(address.addr(), address, InstanceAddresses::merge);
			}
			catch (IllegalArgumentException ex) {
				skipped.accept(instance.getHost() + ":" + instance.getPort() + " (" + ex.getMessage() + ")");
			}
		}
		return addresses.values().stream().sorted(ORDER).toList();
	}

	private Address address(ServiceInstance instance, Map<String, String> metadata) {
		String host = instance.getHost();
		if (host == null || host.isBlank()) {
			throw new IllegalArgumentException("the host is missing");
		}
		return Address.of(host.strip(), port(instance, metadata)).withMetadata(metadata);
	}

	private int port(ServiceInstance instance, Map<String, String> metadata) {
		String key = portKey(metadata);
		if (key == null) {
			return instance.getPort();
		}
		String value = metadata.get(key);
		try {
			return Integer.parseInt(value.strip());
		}
		catch (NumberFormatException ex) {
			throw new IllegalArgumentException("metadata " + key + "=\"" + value + "\" is not a port", ex);
		}
	}

	private @Nullable String portKey(Map<String, String> metadata) {
		for (String key : this.portMetadataKeys) {
			if (metadata.containsKey(key)) {
				return key;
			}
		}
		for (String wanted : this.portMetadataKeys) {
			for (String key : metadata.keySet()) {
				if (normalized(key).equals(normalized(wanted))) {
					return key;
				}
			}
		}
		return null;
	}

	private static String normalized(String key) {
		return key.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
	}

	private static Map<String, String> metadata(ServiceInstance instance) {
		Map<String, String> metadata = new LinkedHashMap<>();
		if (instance.getMetadata() != null) {
			instance.getMetadata().forEach((key, value) -> {
				if (key != null && value != null) {
					metadata.put(key, value);
				}
			});
		}
		return metadata;
	}

	private static Address merge(Address first, Address second) {
		Map<String, String> metadata = new HashMap<>(second.metadata());
		metadata.putAll(first.metadata());
		return first.withMetadata(metadata);
	}

}
