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

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.clientconn.stats.DelayReason;
import dev.clientconn.transport.TransportSnapshot;
import io.grpc.ConnectivityState;
import org.jspecify.annotations.Nullable;

/**
 * The truth about a ClientConn at one moment, for operators: immutable, and safe to keep.
 *
 * @param target the dial target
 * @param authority the {@code :authority} of calls
 * @param security {@code plaintext} or {@code tls}
 * @param balancer name of the balancer policy
 * @param state the aggregated state
 * @param since when the aggregated state was entered
 * @param addressList where the addresses come from
 * @param waiting calls that wait for a READY address
 * @param callsStarted calls started since the dial
 * @param callsEnded calls ended since the dial
 * @param addresses one entry per address, in list order
 * @param pendingUpdate an update that has not taken effect, {@code null} if there is none
 * @param serviceConfig the service config in force
 */
public record ConnectivitySnapshot(String target, String authority, String security, String balancer,
		ConnectivityState state, Instant since, AddressList addressList, WaitingCalls waiting, long callsStarted,
		long callsEnded, List<AddressState> addresses, @Nullable PendingUpdate pendingUpdate,
		ServiceConfigState serviceConfig) {

	public ConnectivitySnapshot {
		addresses = List.copyOf(addresses);
	}

	/**
	 * Returns how many calls wait for a READY address.
	 * @return the count of {@link #waiting()}
	 */
	public int pendingCalls() {
		return this.waiting.count();
	}

	/**
	 * Calls that wait for an address. While they come and go the parts may differ a
	 * little.
	 *
	 * @param count how many
	 * @param bytes bytes of request messages that calls without a stream keep
	 * @param rejected calls ended with RESOURCE_EXHAUSTED since the dial, because too
	 * many waited
	 * @param lastError why the address list or an address failed last, {@code null} if
	 * nothing waits or nothing has failed
	 * @param reasons why they wait; each reason that there is, over the first 10,000
	 * calls
	 * @param first the first 20, in the order in which they will be tried
	 */
	public record WaitingCalls(int count, long bytes, long rejected, @Nullable String lastError,
			List<WaitReason> reasons, List<WaitingCall> first) {

		/** Nothing waits. */
		public static final WaitingCalls NONE = new WaitingCalls(0, 0, 0, null, List.of(), List.of());

		public WaitingCalls {
			reasons = List.copyOf(reasons);
			first = List.copyOf(first);
		}

	}

	/**
	 * Calls that wait for the same.
	 *
	 * @param reason what for
	 * @param count how many
	 * @param oldest since when the one waits for it that has waited longest
	 */
	public record WaitReason(DelayReason reason, int count, Instant oldest) {
	}

	/**
	 * A call that waits.
	 *
	 * @param method full name of its method
	 * @param reason what it waits for
	 * @param since when it began to wait for that
	 * @param queued when it began to wait
	 * @param listVersion the address list that it tried last; 0 before the first
	 * @param waitForReady whether it waits also while all addresses fail
	 */
	public record WaitingCall(String method, DelayReason reason, Instant since, Instant queued, long listVersion,
			boolean waitForReady) {
	}

	/**
	 * An update whose connections are not READY, or whose balancer cannot pick, while
	 * everything else here is what still serves.
	 *
	 * @param target the target that is dialled
	 * @param security {@code plaintext} or {@code tls}
	 * @param balancer name of the balancer policy
	 * @param state the aggregated state of the new connections
	 * @param since when the update began
	 * @param error why it has not taken effect, {@code null} while nothing has failed
	 */
	public record PendingUpdate(String target, String security, String balancer, ConnectivityState state, Instant since,
			@Nullable String error) {
	}

	/**
	 * Where the addresses come from.
	 *
	 * @param version counts the lists that were applied; 0 before the first
	 * @param origin scheme of the resolver
	 * @param updated when the last list was applied, {@code null} before the first
	 * @param lastError why the list could not be refreshed, {@code null} if the last
	 * look-up succeeded
	 * @param drained addresses that an operator has taken out of use, sorted; they are
	 * left out of the list
	 * @param details what the resolver tells of its look-ups, in its order; empty if it
	 * tells nothing
	 */
	public record AddressList(long version, String origin, @Nullable Instant updated, @Nullable String lastError,
			List<String> drained, Map<String, Object> details) {

		public AddressList {
			drained = List.copyOf(drained);
			details = Collections.unmodifiableMap(new LinkedHashMap<>(details));
		}

	}

	/**
	 * One address.
	 *
	 * @param address {@code host:port} or {@code unix:/path}
	 * @param metadata the address's metadata
	 * @param state its state
	 * @param cause why it is in TRANSIENT_FAILURE, or the last failure while it connects
	 * again; {@code null} if there is none
	 * @param since when the state was entered
	 * @param attempts connection attempts in a row that have failed, and the one that
	 * runs; 0 unless CONNECTING or in TRANSIENT_FAILURE
	 * @param nextAttempt when the backoff ends, {@code null} outside of TRANSIENT_FAILURE
	 * @param connections the READY connections, oldest first
	 * @param healthCheck what the server of the oldest connection says of its health,
	 * {@code null} if it is not asked or not connected
	 * @param draining connections that finish their last calls
	 * @param callsInFlight streams open on all connections of the address, but for health
	 * checks
	 * @param callsWaiting calls that wait for a stream on one of the connections; where
	 * there can be only one they wait as its {@code queuedStreams}
	 * @param callsSucceeded attempts that ended OK since the address is known
	 * @param callsFailed attempts that ended otherwise
	 * @param events the last events, oldest first, at most 64
	 */
	public record AddressState(String address, Map<String, String> metadata, ConnectivityState state,
			@Nullable String cause, Instant since, int attempts, @Nullable Instant nextAttempt,
			List<TransportSnapshot> connections, @Nullable HealthCheck healthCheck, int draining, int callsInFlight,
			int callsWaiting, long callsSucceeded, long callsFailed, List<Event> events) {

		public AddressState {
			metadata = Map.copyOf(metadata);
			connections = List.copyOf(connections);
			events = List.copyOf(events);
		}

		/**
		 * Returns the oldest connection.
		 * @return the connection, {@code null} if there is none
		 */
		public @Nullable TransportSnapshot transport() {
			return this.connections.isEmpty() ? null : this.connections.get(0);
		}

	}

	/**
	 * What the health check of an address has found (gRFC A17).
	 *
	 * @param serviceName what the server is asked for, empty for the server as a whole
	 * @param status {@code SERVING}, {@code NOT_SERVING}, {@code SERVICE_UNKNOWN},
	 * {@code UNKNOWN}; {@code UNIMPLEMENTED}, which counts as SERVING; {@code no answer
	 * yet}; or how the last stream ended
	 * @param since since when the status is that
	 */
	public record HealthCheck(String serviceName, String status, Instant since) {
	}

	/**
	 * One event of an address.
	 *
	 * @param at when
	 * @param listVersion the address list that was in use
	 * @param what such as {@code READY} or {@code TRANSIENT_FAILURE: connection refused}
	 * @param sinceLast time since the event before, zero for the first
	 */
	public record Event(Instant at, long listVersion, String what, Duration sinceLast) {
	}

}
