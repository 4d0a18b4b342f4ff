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

package dev.clientconn.spring.boot.autoconfigure.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

import dev.clientconn.ConnectivitySnapshot;
import dev.clientconn.ConnectivitySnapshot.AddressList;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.ConnectivitySnapshot.Event;
import dev.clientconn.ConnectivitySnapshot.HealthCheck;
import dev.clientconn.ConnectivitySnapshot.PendingUpdate;
import dev.clientconn.ConnectivitySnapshot.WaitingCall;
import dev.clientconn.ConnectivitySnapshot.WaitingCalls;
import dev.clientconn.spring.boot.autoconfigure.ChannelRefresh;
import dev.clientconn.transport.TransportSnapshot;
import io.grpc.ConnectivityState;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * One channel as the endpoint shows it.
 *
 * @param target the dial target
 * @param authority the authority of calls
 * @param security plaintext or tls
 * @param balancer name of the balancer policy
 * @param state the aggregated state
 * @param since when the aggregated state was entered
 * @param source where the addresses come from
 * @param pendingCalls calls that wait for a connection
 * @param waiting why they wait; absent if none waits and none was refused
 * @param callsStarted calls started since the start of the application
 * @param callsEnded calls ended since then
 * @param addresses the addresses, without their events
 * @param pendingUpdate a change of the properties that has not taken effect; absent if
 * there is none
 * @param refusedChange a change of the properties that is wrong; absent if there is none
 * @param serviceConfig the service config in force; absent if nobody has set one
 * @since 0.1.0
 */
public record ChannelDescriptor(String target, String authority, String security, String balancer,
		ConnectivityState state, Instant since, SourceDescriptor source, int pendingCalls,
		@Nullable WaitingDescriptor waiting, long callsStarted, long callsEnded,
		Map<String, AddressDescriptor> addresses, @Nullable PendingUpdateDescriptor pendingUpdate,
		ChannelRefresh.@Nullable Refusal refusedChange,
		@Nullable ServiceConfigDescriptor serviceConfig) implements OperationResponseBody {

	static ChannelDescriptor of(ConnectivitySnapshot snapshot, UnaryOperator<Map<String, String>> sanitizer,
			ChannelRefresh.@Nullable Refusal refusal) {
		Map<String, AddressDescriptor> addresses = new LinkedHashMap<>();
		snapshot.addresses()
			.forEach(
					(address) -> addresses.put(address.address(), AddressDescriptor.withoutEvents(address, sanitizer)));
		return new ChannelDescriptor(snapshot.target(), snapshot.authority(), snapshot.security(), snapshot.balancer(),
				snapshot.state(), snapshot.since(), SourceDescriptor.of(snapshot.addressList()),
				snapshot.pendingCalls(), WaitingDescriptor.of(snapshot.waiting()), snapshot.callsStarted(),
				snapshot.callsEnded(), addresses, PendingUpdateDescriptor.of(snapshot.pendingUpdate()), refusal,
				ServiceConfigDescriptor.of(snapshot.serviceConfig()));
	}

	/**
	 * A change that has not taken effect, while all else that is shown here still serves.
	 *
	 * @param target the target that is dialled
	 * @param security plaintext or tls
	 * @param balancer name of the balancer policy
	 * @param state the aggregated state of the new connections
	 * @param since when the change was made
	 * @param error why it has not taken effect; absent while nothing has failed
	 */
	public record PendingUpdateDescriptor(String target, String security, String balancer, ConnectivityState state,
			Instant since, @Nullable String error) {

		private static @Nullable PendingUpdateDescriptor of(@Nullable PendingUpdate update) {
			return (update != null) ? new PendingUpdateDescriptor(update.target(), update.security(), update.balancer(),
					update.state(), update.since(), update.error()) : null;
		}

	}

	/**
	 * Calls that wait for a connection.
	 *
	 * @param bytes bytes of request messages that calls without a stream keep
	 * @param refused calls that were ended because too many waited
	 * @param lastError why the source or an address failed last; absent if nothing has
	 * @param reasons what they wait for, by the names of gRFC A121
	 * @param first the first 20, in the order in which they will be tried
	 */
	public record WaitingDescriptor(long bytes, long refused, @Nullable String lastError,
			Map<String, ReasonDescriptor> reasons, List<WaitingCallDescriptor> first) {

		private static @Nullable WaitingDescriptor of(WaitingCalls waiting) {
			if (waiting.equals(WaitingCalls.NONE)) {
				return null;
			}
			Map<String, ReasonDescriptor> reasons = new LinkedHashMap<>();
			waiting.reasons()
				.forEach((reason) -> reasons.put(reason.reason().label(),
						new ReasonDescriptor(reason.count(), reason.oldest())));
			return new WaitingDescriptor(waiting.bytes(), waiting.rejected(), waiting.lastError(), reasons,
					waiting.first().stream().map(WaitingCallDescriptor::of).toList());
		}

	}

	/**
	 * Calls that wait for the same.
	 *
	 * @param calls how many
	 * @param oldest since when the first of them waits for it
	 */
	public record ReasonDescriptor(int calls, Instant oldest) {
	}

	/**
	 * A call that waits.
	 *
	 * @param method full name of its method
	 * @param reason what it waits for
	 * @param since when it began to wait for that
	 * @param queued when it began to wait
	 * @param listVersion the address list that it tried last
	 * @param waitForReady whether it waits also while all addresses fail
	 */
	public record WaitingCallDescriptor(String method, String reason, Instant since, Instant queued, long listVersion,
			boolean waitForReady) {

		private static WaitingCallDescriptor of(WaitingCall call) {
			return new WaitingCallDescriptor(call.method(), call.reason().label(), call.since(), call.queued(),
					call.listVersion(), call.waitForReady());
		}

	}

	/**
	 * Where the addresses come from.
	 *
	 * @param type scheme of the target, such as {@code discovery}
	 * @param version counts the lists that were applied
	 * @param lastUpdate when the last list was applied
	 * @param stale whether the last look-up failed, so that the list may be out of date
	 * @param error why the last look-up failed
	 * @param drained addresses that an operator has taken out of use
	 * @param details what the source tells of its look-ups
	 */
	public record SourceDescriptor(String type, long version, @Nullable Instant lastUpdate, boolean stale,
			@Nullable String error, List<String> drained, Map<String, Object> details) {

		private static SourceDescriptor of(AddressList list) {
			return new SourceDescriptor(list.origin(), list.version(), list.updated(), list.lastError() != null,
					list.lastError(), list.drained(), list.details());
		}

	}

	/**
	 * One address.
	 *
	 * @param state its state
	 * @param since when the state was entered
	 * @param cause why it failed last
	 * @param attempts connection attempts in a row without success
	 * @param nextAttempt when the next attempt starts
	 * @param connections the connections that are ready, oldest first
	 * @param healthCheck what the server of the oldest one says of its health; absent if
	 * it is not asked or not connected
	 * @param drainingConnections connections that finish their last calls
	 * @param callsInFlight calls on all its connections
	 * @param callsWaiting calls that wait for a stream on one of several connections
	 * @param callsSucceeded calls that ended OK
	 * @param callsFailed calls that ended otherwise
	 * @param metadata what the source says about the address, sanitized
	 * @param events the last events, oldest first
	 */
	public record AddressDescriptor(ConnectivityState state, Instant since, @Nullable String cause, int attempts,
			@Nullable Instant nextAttempt, List<ConnectionDescriptor> connections,
			@Nullable HealthCheckDescriptor healthCheck, int drainingConnections, int callsInFlight, int callsWaiting,
			long callsSucceeded, long callsFailed, Map<String, String> metadata,
			@Nullable List<EventDescriptor> events) implements OperationResponseBody {

		static AddressDescriptor withEvents(AddressState address, UnaryOperator<Map<String, String>> sanitizer) {
			return of(address, sanitizer, address.events().stream().map(EventDescriptor::of).toList());
		}

		private static AddressDescriptor withoutEvents(AddressState address,
				UnaryOperator<Map<String, String>> sanitizer) {
			return of(address, sanitizer, null);
		}

		private static AddressDescriptor of(AddressState address, UnaryOperator<Map<String, String>> sanitizer,
				@Nullable List<EventDescriptor> events) {
			return new AddressDescriptor(address.state(), address.since(), address.cause(), address.attempts(),
					address.nextAttempt(), address.connections().stream().map(ConnectionDescriptor::of).toList(),
					HealthCheckDescriptor.of(address.healthCheck()), address.draining(), address.callsInFlight(),
					address.callsWaiting(), address.callsSucceeded(), address.callsFailed(),
					sanitizer.apply(address.metadata()), events);
		}

	}

	/**
	 * What a server says of its health.
	 *
	 * @param serviceName what it is asked for, empty for the server as a whole
	 * @param status its answer, or how the last question ended
	 * @param since since when it is that
	 */
	public record HealthCheckDescriptor(String serviceName, String status, Instant since) {

		private static @Nullable HealthCheckDescriptor of(@Nullable HealthCheck check) {
			return (check != null) ? new HealthCheckDescriptor(check.serviceName(), check.status(), check.since())
					: null;
		}

	}

	/**
	 * A connection.
	 *
	 * @param localAddress local socket address
	 * @param remoteAddress remote socket address
	 * @param security plaintext, or the TLS protocol and cipher suite
	 * @param activeStreams streams open now
	 * @param queuedStreams streams that wait because of the server's limit
	 * @param maxConcurrentStreams the server's limit; absent if it set none
	 * @param streamsStarted streams opened since the start of the connection
	 * @param receiveWindow receive window of a stream in bytes
	 * @param keepaliveTime silence before a keepalive PING; absent if there are none.
	 * More than configured after the server has complained of too_many_pings
	 */
	public record ConnectionDescriptor(@Nullable String localAddress, @Nullable String remoteAddress, String security,
			int activeStreams, int queuedStreams, @Nullable Long maxConcurrentStreams, long streamsStarted,
			int receiveWindow, @Nullable Duration keepaliveTime) {

		private static ConnectionDescriptor of(TransportSnapshot transport) {
			long limit = transport.maxConcurrentStreams();
			return new ConnectionDescriptor(transport.localAddress(), transport.remoteAddress(), transport.security(),
					transport.activeStreams(), transport.queuedStreams(), (limit != Long.MAX_VALUE) ? limit : null,
					transport.streamsStarted(), transport.receiveWindow(), transport.keepaliveTime());
		}

	}

	/**
	 * An event of an address.
	 *
	 * @param at when
	 * @param what such as {@code READY}
	 * @param listVersion the address list that was in use
	 */
	public record EventDescriptor(Instant at, String what, long listVersion) {

		private static EventDescriptor of(Event event) {
			return new EventDescriptor(event.at(), event.what(), event.listVersion());
		}

	}

}
