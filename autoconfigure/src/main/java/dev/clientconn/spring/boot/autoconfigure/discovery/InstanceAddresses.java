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

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

import dev.clientconn.naming.Address;
import org.jspecify.annotations.Nullable;

import org.springframework.cloud.client.ServiceInstance;

/**
 * Turns the instances of a registry into addresses: the gRPC port from the metadata, each
 * address once, in an order that does not depend on the registry's. An instance that
 * cannot be used is left out alone.
 */
final class InstanceAddresses {

	/** Order of lists. */
	static final Comparator<Address> ORDER = Comparator
		.comparing((Address address) -> address.metadata().getOrDefault("zone", ""))
		.thenComparing(Address::host)
		.thenComparing(Address::port);

	private static final Comparator<Address> BY_INSTANCE = Comparator
		.comparing((address) -> address.metadata().getOrDefault(Address.INSTANCE_ID, ""));

	private final DiscoverySettings.Instances settings;

	private final InstancePort ports;

	InstanceAddresses(DiscoverySettings.Instances settings) {
		this.settings = settings;
		this.ports = new InstancePort(settings.port(), settings.portMetadataKeys());
	}

	/**
	 * Returns the addresses of instances. Instances that should get no calls are used if
	 * there are no others: calls that may fail are better than calls that must.
	 * @param instances as the registry gave them
	 * @return the addresses, and what was left out
	 */
	Instances of(List<ServiceInstance> instances) {
		Collected collected = new Collected();
		for (ServiceInstance instance : instances) {
			Map<String, String> metadata = metadata(instance);
			if (!metadata.entrySet().containsAll(this.settings.metadataFilter().entrySet())) {
				collected.filtered++;
				continue;
			}
			try {
				collect(instance, metadata, collected);
			}
			catch (IllegalArgumentException ex) {
				collected.skipped.put(instance.getHost() + ":" + instance.getPort(), String.valueOf(ex.getMessage()));
			}
		}
		return collected.result();
	}

	private void collect(ServiceInstance instance, Map<String, String> metadata, Collected collected) {
		String host = instance.getHost();
		if (host == null || host.isBlank()) {
			throw new IllegalArgumentException("the host is missing");
		}
		InstancePort.Found port = this.ports.find(instance, metadata);
		Address address = Address.of(host.strip(), port.port());
		InstanceFacts facts = InstanceFacts.of(metadata);
		if (port.registered()) {
			collected.warnings.putIfAbsent("port", address
					+ ": the metadata names no gRPC port; the registered port is used (set discovery.port or discovery.port-metadata-keys if it is not gRPC's)");
		}
		if (port.disagreement() != null) {
			collected.warnings.putIfAbsent("ports", address + ": the metadata names two ports; " + port.disagreement());
		}
		if (facts.badWeight() != null) {
			collected.warnings.putIfAbsent("weight",
					address + ": weight \"" + facts.badWeight() + "\" is not a number from 0 on; 1 is used");
		}
		if (facts.secure() && this.settings.plaintext()) {
			collected.warnings.putIfAbsent("secure",
					address + ": the metadata says that it is secure; the channel talks plaintext, as it was told to");
		}
		Map<String, String> known = facts.addTo(metadata);
		known.remove(Address.INSTANCE_ID);
		if (this.settings.restartDetection() && instance.getInstanceId() != null) {
			known.put(Address.INSTANCE_ID,
					instance.getInstanceId() + ((facts.startTime() != null) ? "@" + facts.startTime() : ""));
		}
		String unwanted = facts.isDrained() ? "weight 0" : InstanceStatus.outOfService(instance, metadata);
		collected.add(address.withMetadata(known), unwanted);
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

	/**
	 * What has been seen of one answer.
	 */
	private static final class Collected {

		private final Map<String, Address> used = new LinkedHashMap<>();

		private final Map<String, Address> unwanted = new LinkedHashMap<>();

		private final Map<String, String> reasons = new LinkedHashMap<>();

		private final Map<String, List<Address>> shared = new HashMap<>();

		private final Map<String, String> skipped = new LinkedHashMap<>();

		private final Map<String, String> warnings = new LinkedHashMap<>();

		private int filtered;

		private int duplicates;

		void add(Address address, @Nullable String reason) {
			if (reason != null) {
				this.unwanted.put(address.addr(), address);
				this.reasons.put(address.addr(), reason);
				return;
			}
			Address first = this.used.putIfAbsent(address.addr(), address);
			if (first != null) {
				this.duplicates++;
				this.shared.computeIfAbsent(address.addr(), (addr) -> new ArrayList<>(List.of(first))).add(address);
			}
		}

		Instances result() {
			this.shared.forEach((addr, instances) -> this.used.put(addr, merged(instances)));
			Map<String, Address> addresses = this.used;
			if (this.used.isEmpty() && !this.unwanted.isEmpty()) {
				addresses = this.unwanted;
				this.warnings.put("panic", "all instances are out of service or drained ("
						+ this.reasons.values().iterator().next() + "); they are used because there are no others");
			}
			else {
				this.skipped.putAll(this.reasons);
			}
			return new Instances(addresses.values().stream().sorted(ORDER).toList(), this.skipped, this.filtered,
					this.duplicates, this.warnings);
		}

		/**
		 * The first wins, by instance id and not by the registry's order, which may be
		 * another one next time. The id names all, so that a new one is noticed.
		 */
		private static Address merged(List<Address> instances) {
			instances.sort(BY_INSTANCE);
			Map<String, String> metadata = new HashMap<>();
			TreeSet<String> ids = new TreeSet<>();
			for (Address instance : instances) {
				instance.metadata().forEach(metadata::putIfAbsent);
				ids.add(instance.metadata().getOrDefault(Address.INSTANCE_ID, ""));
			}
			ids.remove("");
			if (!ids.isEmpty()) {
				metadata.put(Address.INSTANCE_ID, String.join(",", ids));
			}
			return instances.get(0).withMetadata(metadata);
		}

	}

}
