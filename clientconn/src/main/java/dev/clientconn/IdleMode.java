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
import java.util.Map;

import dev.clientconn.naming.Resolution;
import io.grpc.ConnectivityState;
import org.jspecify.annotations.Nullable;

/**
 * Whether the addresses of a ClientConn rest because nobody calls (gRFC A62): nothing
 * connects, and the resolution does little or nothing. After that the list may be out of
 * date: the known addresses connect at once, but that they fail says nothing before the
 * resolution has answered. Only in the serial context, but for the resolution.
 */
final class IdleMode {

	/** What the balancer wanted to connect meanwhile. */
	private final RareSet<AddrConn> wishes = new RareSet<>();

	private boolean idle;

	private boolean awaitsList;

	private boolean resolving;

	/** Written by the thread that starts the balancer, read by any. */
	private volatile @Nullable Resolution resolution;

	void resolvedBy(Resolution resolution) {
		this.resolution = resolution;
	}

	/** What the resolution tells operators; any thread. */
	Map<String, Object> resolutionDetails() {
		Resolution current = this.resolution;
		return (current != null) ? current.details() : Map.of();
	}

	/** The first list is on its way. */
	void resolving() {
		this.resolving = true;
	}

	boolean isIdle() {
		return this.idle;
	}

	void enter() {
		Resolution current = this.resolution;
		if (!this.idle && current != null) {
			current.idle();
		}
		this.idle = true;
		this.awaitsList = false;
	}

	/** Returns what the balancer wanted to connect meanwhile. */
	List<AddrConn> leave() {
		Resolution current = this.resolution;
		if (this.idle && current != null) {
			this.awaitsList = current.active();
		}
		this.idle = false;
		return this.wishes.removeAll();
	}

	/** The balancer wants to connect, which may have to wait for a call. */
	void connect(AddrConn wanted) {
		if (this.idle) {
			this.wishes.add(wanted);
		}
		else {
			wanted.wanted();
		}
	}

	/** A list or an error has come from the resolution. */
	void answered() {
		this.awaitsList = false;
	}

	/** What the state of the addresses is to calls. */
	ConnectivityState seen(ListFacts facts, ConnectivityState ofAddresses) {
		if (this.idle) {
			return ConnectivityState.IDLE;
		}
		if (facts.isUnknown()) {
			return this.resolving ? ConnectivityState.CONNECTING : ConnectivityState.IDLE;
		}
		boolean unusable = ofAddresses == ConnectivityState.TRANSIENT_FAILURE || ofAddresses == ConnectivityState.IDLE;
		return (this.awaitsList && unusable) ? ConnectivityState.CONNECTING : ofAddresses;
	}

}
