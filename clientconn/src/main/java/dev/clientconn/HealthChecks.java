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

import java.util.List;

import dev.clientconn.ConnectivitySnapshot.HealthCheck;
import dev.clientconn.transport.ClientTransport;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the connections of an address and its {@link AddrConn} (gRFC A17): a
 * connection that is made counts as such once its server says that it serves. Only in the
 * serial context, but for what operators read.
 */
final class HealthChecks {

	private final AddrConn addrConn;

	private final AddrConnSettings settings;

	private final SerialExecutor serial;

	/**
	 * One for each connection that takes calls or may come to, while its server is asked.
	 * Written in the serial context, read by any thread.
	 */
	private volatile List<HealthWatch> watches = List.of();

	HealthChecks(AddrConn addrConn, AddrConnSettings settings, SerialExecutor serial) {
		this.addrConn = addrConn;
		this.settings = settings;
		this.serial = serial;
	}

	/** A connection is made. */
	void ready(ClientTransport transport) {
		String service = this.settings.health().name();
		if (service != null) {
			newWatch(transport).begin(service);
		}
		else {
			this.addrConn.connected(transport);
		}
	}

	/** Another service is to be asked for, or none. */
	void changed() {
		String service = this.settings.health().name();
		if (service == null) {
			List<HealthWatch> before = this.watches;
			this.watches = List.of();
			before.forEach(HealthWatch::end);
			before.forEach((watch) -> this.addrConn.connected(watch.transport()));
			return;
		}
		if (this.watches.isEmpty()) {
			this.addrConn.transports().forEach(this::newWatch);
		}
		this.watches.forEach((watch) -> watch.begin(service));
	}

	/** A connection takes no more calls. */
	void ended(ClientTransport transport) {
		for (HealthWatch watch : this.watches) {
			if (watch.transport() == transport) {
				this.watches = SmallList.without(this.watches, watch);
				watch.end();
			}
		}
	}

	/**
	 * What operators are told of the connection that calls go to, or if there is none of
	 * the oldest; any thread.
	 */
	@Nullable HealthCheck seen(@Nullable ClientTransport ready) {
		List<HealthWatch> current = this.watches;
		for (HealthWatch watch : current) {
			if (watch.transport() == ready) {
				return watch.seen();
			}
		}
		return current.isEmpty() ? null : current.get(0).seen();
	}

	/** How many streams of the connections are no calls; any thread. */
	int openStreams() {
		return (int) this.watches.stream().filter(HealthWatch::isOpen).count();
	}

	private HealthWatch newWatch(ClientTransport transport) {
		HealthWatch watch = new HealthWatch(this.addrConn, transport, this.settings, this.serial);
		this.watches = SmallList.with(this.watches, watch);
		return watch;
	}

}
