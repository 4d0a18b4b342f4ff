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

import java.util.ArrayList;
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
	 * One for each connection that takes calls or may come to, also while nothing is
	 * asked. Written in the serial context, read by any thread.
	 */
	private volatile List<HealthWatch> watches = List.of();

	HealthChecks(AddrConn addrConn, AddrConnSettings settings, SerialExecutor serial) {
		this.addrConn = addrConn;
		this.settings = settings;
		this.serial = serial;
	}

	/** A connection is made. */
	void ready(ClientTransport transport) {
		HealthWatch watch = new HealthWatch(this.addrConn, transport, this.settings, this.serial);
		this.watches = with(this.watches, watch);
		begin(watch);
	}

	/** Another service is to be asked for, or none. */
	void changed() {
		this.watches.forEach(this::begin);
	}

	/** A connection takes no more calls. */
	void ended(ClientTransport transport) {
		for (HealthWatch watch : this.watches) {
			if (watch.transport() == transport) {
				this.watches = without(this.watches, watch);
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

	private static List<HealthWatch> with(List<HealthWatch> watches, HealthWatch added) {
		if (watches.isEmpty()) {
			return List.of(added);
		}
		List<HealthWatch> more = new ArrayList<>(watches);
		more.add(added);
		return List.copyOf(more);
	}

	private static List<HealthWatch> without(List<HealthWatch> watches, HealthWatch removed) {
		return (watches.size() == 1) ? List.of() : watches.stream().filter((each) -> each != removed).toList();
	}

	private void begin(HealthWatch watch) {
		String service = this.settings.health().name();
		if (service != null) {
			watch.begin(service);
		}
		else {
			watch.end();
			this.addrConn.connected(watch.transport());
		}
	}

}
