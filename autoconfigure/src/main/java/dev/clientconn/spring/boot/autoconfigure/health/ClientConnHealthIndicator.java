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
 * others do: calls get through.
 */
class ClientConnHealthIndicator extends AbstractHealthIndicator {

	private final Supplier<ConnectivitySnapshot> snapshots;

	ClientConnHealthIndicator(Supplier<ConnectivitySnapshot> snapshots) {
		super("The state of the channel could not be read");
		this.snapshots = snapshots;
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
		builder.status((ready > 0) ? Status.UP : status(snapshot.state()))
			.withDetail("state", snapshot.state().name())
			.withDetail("target", snapshot.target())
			.withDetail("ready", ready)
			.withDetail("total", addresses.size())
			.withDetail("addresses", addresses);
		if (!causes.isEmpty()) {
			builder.withDetail("causes", causes);
		}
		if (snapshot.addressList().lastError() != null) {
			builder.withDetail("addressListError", snapshot.addressList().lastError());
		}
	}

	private static Status status(ConnectivityState state) {
		return switch (state) {
			case READY -> Status.UP;
			case IDLE, CONNECTING -> Status.UNKNOWN;
			case TRANSIENT_FAILURE -> Status.OUT_OF_SERVICE;
			case SHUTDOWN -> Status.DOWN;
		};
	}

}
