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

import java.util.Map;
import java.util.stream.Stream;

import dev.clientconn.stats.DisconnectReason;
import io.grpc.ConnectivityState;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import static io.grpc.ConnectivityState.CONNECTING;
import static io.grpc.ConnectivityState.IDLE;
import static io.grpc.ConnectivityState.READY;
import static io.grpc.ConnectivityState.SHUTDOWN;
import static io.grpc.ConnectivityState.TRANSIENT_FAILURE;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every cell of the table in {@link AddrConn}, with virtual time and no socket.
 */
class AddrConnTransitionTests {

	@RegisterExtension
	final AddrConnRig rig = new AddrConnRig(2);

	@ParameterizedTest(name = "{0} + {1} -> {2}")
	@MethodSource
	void cell(ConnectivityState from, AddrConnEvent event, ConnectivityState expected) {
		this.rig.bringTo(from);
		FakeTransport before = this.rig.last();
		this.rig.transitions.clear();

		event.happen(this.rig);

		assertThat(this.rig.addrConn.state().state()).isEqualTo(expected);
		boolean renewed = event == AddrConnEvent.RENEWED && from == READY;
		boolean kept = event == AddrConnEvent.NOT_SERVING || event == AddrConnEvent.SERVING_AGAIN;
		if (from == expected && !(kept && from == READY)) {
			assertThat(this.rig.transitions).as("transitions").allMatch("READY->READY"::equals);
		}
		if (kept && before != null && from != SHUTDOWN) {
			assertThat(before.drained || before.closed).as("the connection stays").isFalse();
			assertThat(this.rig.disconnections).isEmpty();
		}
		else if (from == READY && before != null && event != AddrConnEvent.ONE_OF_SEVERAL_LOST) {
			assertThat(before.drained || before.closed || before.ended).as("the old connection ends")
				.isEqualTo(expected != READY || renewed);
			boolean ours = event == AddrConnEvent.IDLE_TIMEOUT || event == AddrConnEvent.REMOVED
					|| event == AddrConnEvent.CLOSED || renewed;
			if (expected == READY && !renewed) {
				assertThat(this.rig.disconnections).isEmpty();
			}
			else {
				assertThat(this.rig.disconnections)
					.containsExactly(ours ? DisconnectReason.SUBCHANNEL_SHUTDOWN : DisconnectReason.SOCKET_ERROR);
			}
		}
	}

	static Stream<Arguments> cell() {
		Map<AddrConnEvent, ConnectivityState[]> rows = Map.ofEntries(
				// IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN
				row(AddrConnEvent.WANTED, CONNECTING, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.CONNECTED, IDLE, READY, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.CONNECT_FAILED, IDLE, TRANSIENT_FAILURE, TRANSIENT_FAILURE, TRANSIENT_FAILURE,
						SHUTDOWN),
				row(AddrConnEvent.BACKOFF_ELAPSED, IDLE, CONNECTING, READY, CONNECTING, SHUTDOWN),
				row(AddrConnEvent.BACKOFF_RESET, IDLE, CONNECTING, READY, CONNECTING, SHUTDOWN),
				row(AddrConnEvent.RESTARTED, IDLE, CONNECTING, READY, CONNECTING, SHUTDOWN),
				row(AddrConnEvent.CLOSED_AFTER_SERVING, IDLE, TRANSIENT_FAILURE, CONNECTING, TRANSIENT_FAILURE,
						SHUTDOWN),
				row(AddrConnEvent.GOING_AWAY, IDLE, TRANSIENT_FAILURE, TRANSIENT_FAILURE, TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.GOING_AWAY_AFTER_SERVING, IDLE, TRANSIENT_FAILURE, CONNECTING, TRANSIENT_FAILURE,
						SHUTDOWN),
				row(AddrConnEvent.STALE_CLOSED, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.STALE_READY, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.STALE_GOING_AWAY, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.RENEW, IDLE, CONNECTING, READY, CONNECTING, SHUTDOWN),
				row(AddrConnEvent.RENEWED, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.RENEWAL_FAILED, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.CLOSED_WHILE_RENEWING, IDLE, TRANSIENT_FAILURE, CONNECTING, TRANSIENT_FAILURE,
						SHUTDOWN),
				row(AddrConnEvent.ONE_MORE, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.ONE_MORE_FAILED, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.ONE_OF_SEVERAL_LOST, IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.CLOSED_WHILE_ONE_MORE_CONNECTS, IDLE, TRANSIENT_FAILURE, CONNECTING,
						TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.CLOSED_WHILE_ONE_MORE_WAITS, IDLE, TRANSIENT_FAILURE, TRANSIENT_FAILURE,
						TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.NOT_SERVING, IDLE, TRANSIENT_FAILURE, TRANSIENT_FAILURE, TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.SERVING_AGAIN, IDLE, READY, READY, TRANSIENT_FAILURE, SHUTDOWN),
				row(AddrConnEvent.IDLE_TIMEOUT, IDLE, IDLE, IDLE, IDLE, SHUTDOWN),
				row(AddrConnEvent.REMOVED, SHUTDOWN, SHUTDOWN, SHUTDOWN, SHUTDOWN, SHUTDOWN),
				row(AddrConnEvent.CLOSED, SHUTDOWN, SHUTDOWN, SHUTDOWN, SHUTDOWN, SHUTDOWN));
		ConnectivityState[] columns = { IDLE, CONNECTING, READY, TRANSIENT_FAILURE, SHUTDOWN };
		return Stream.of(AddrConnEvent.values())
			.flatMap((event) -> java.util.stream.IntStream.range(0, columns.length)
				.mapToObj((i) -> Arguments.of(columns[i], event, rows.get(event)[i])));
	}

	private static Map.Entry<AddrConnEvent, ConnectivityState[]> row(AddrConnEvent event, ConnectivityState... states) {
		return Map.entry(event, states);
	}

}
