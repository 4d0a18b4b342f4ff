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

package dev.clientconn.spring.boot.autoconfigure.health;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

import dev.clientconn.ConnectivitySnapshot;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import io.grpc.ConnectivityState;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Health of one channel. An address that is ready makes the channel UP, whatever the
 * others do: calls get through. A channel that is not required is UNKNOWN where it would
 * be worse.
 */
class ClientConnHealthIndicator extends AbstractHealthIndicator {

	private final Supplier<ConnectivitySnapshot> snapshots;

	private final StatusMapping statuses;

	private final boolean required;

	private final boolean showAddresses;

	ClientConnHealthIndicator(Supplier<ConnectivitySnapshot> snapshots, StatusMapping statuses, boolean required,
			boolean showAddresses) {
		super("The state of the channel could not be read");
		this.snapshots = snapshots;
		this.statuses = statuses;
		this.required = required;
		this.showAddresses = showAddresses;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		ConnectivitySnapshot snapshot = this.snapshots.get();
		Map<String, String> addresses = new LinkedHashMap<>();
		Map<String, String> causes = new LinkedHashMap<>();
		int ready = 0;
		for (AddressState address : snapshot.addresses()) {
			addresses.put(address.address(), address.state().name());
			if (address.state() == ConnectivityState.READY) {
				ready++;
			}
			else if (address.cause() != null) {
				causes.put(address.address(), address.cause());
			}
		}
		Status status = (ready > 0) ? Status.UP : this.statuses.of(snapshot.state());
		builder.status(status).withDetail("state", snapshot.state().name());
		if (!this.required) {
			builder.status(status.equals(Status.UP) ? status : Status.UNKNOWN).withDetail("required", false);
		}
		builder.withDetail("target", snapshot.target())
			.withDetail("ready", ready)
			.withDetail("total", addresses.size());
		if (this.showAddresses) {
			builder.withDetail("addresses", addresses);
			if (!causes.isEmpty()) {
				builder.withDetail("causes", causes);
			}
		}
		if (!snapshot.addressList().drained().isEmpty()) {
			builder.withDetail("drained", snapshot.addressList().drained());
		}
		if (snapshot.addressList().lastError() != null) {
			builder.withDetail("addressListError", snapshot.addressList().lastError());
		}
	}

}
