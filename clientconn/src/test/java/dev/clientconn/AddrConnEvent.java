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
import java.util.Map;

import dev.clientconn.naming.Address;
import dev.clientconn.stats.DisconnectReason;
import io.grpc.ConnectivityState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What can happen to an {@link AddrConn}: the rows of its table.
 */
enum AddrConnEvent {

	WANTED {
		@Override
		void happen(AddrConnRig rig) {
			rig.on(rig.addrConn::wanted);
		}
	},

	CONNECTED {
		@Override
		void happen(AddrConnRig rig) {
			rig.last().ready();
		}
	},

	CONNECT_FAILED {
		@Override
		void happen(AddrConnRig rig) {
			rig.last().fail(AddrConnRig.REFUSED);
		}
	},

	BACKOFF_ELAPSED {
		@Override
		void happen(AddrConnRig rig) {
			rig.scheduler.advance(AddrConnRig.BASE);
		}
	},

	BACKOFF_RESET {
		@Override
		void happen(AddrConnRig rig) {
			rig.on(rig.addrConn::backoffReset);
		}
	},

	RESTARTED {
		@Override
		void happen(AddrConnRig rig) {
			Address address = rig.addrConn.address();
			rig.on(() -> rig.addrConn.listed(address.withMetadata(Map.of(Address.INSTANCE_ID, "1"))));
			rig.on(() -> rig.addrConn.listed(address.withMetadata(Map.of(Address.INSTANCE_ID, "2"))));
		}
	},

	CLOSED_AFTER_SERVING {
		@Override
		void happen(AddrConnRig rig) {
			rig.served();
			rig.last().fail(AddrConnRig.REFUSED);
		}
	},

	GOING_AWAY {
		@Override
		void happen(AddrConnRig rig) {
			rig.last().goAway();
		}
	},

	GOING_AWAY_AFTER_SERVING {
		@Override
		void happen(AddrConnRig rig) {
			rig.served();
			rig.last().goAway();
		}
	},

	STALE_CLOSED {
		@Override
		void happen(AddrConnRig rig) {
			rig.addrConn.transportEvents()
				.transportClosed(new FakeTransport(rig.addrConn.transportEvents(), Duration.ZERO), AddrConnRig.REFUSED);
		}
	},

	STALE_READY {
		@Override
		void happen(AddrConnRig rig) {
			rig.addrConn.transportEvents()
				.transportReady(new FakeTransport(rig.addrConn.transportEvents(), Duration.ZERO));
		}
	},

	STALE_GOING_AWAY {
		@Override
		void happen(AddrConnRig rig) {
			rig.addrConn.transportEvents()
				.transportGoingAway(new FakeTransport(rig.addrConn.transportEvents(), Duration.ZERO),
						AddrConnRig.REFUSED);
		}
	},

	RENEW {
		@Override
		void happen(AddrConnRig rig) {
			rig.on(rig.addrConn::outOfDate);
			rig.on(rig.addrConn::renew);
		}
	},

	RENEWED {
		@Override
		void happen(AddrConnRig rig) {
			renewing(rig).ready();
		}
	},

	RENEWAL_FAILED {
		@Override
		void happen(AddrConnRig rig) {
			renewing(rig).fail(AddrConnRig.REFUSED);
		}
	},

	CLOSED_WHILE_RENEWING {
		@Override
		void happen(AddrConnRig rig) {
			FakeTransport current = rig.last();
			renewing(rig);
			current.fail(AddrConnRig.REFUSED);
		}
	},

	ONE_MORE {
		@Override
		void happen(AddrConnRig rig) {
			oneMore(rig).ready();
		}
	},

	ONE_MORE_FAILED {
		@Override
		void happen(AddrConnRig rig) {
			oneMore(rig).fail(AddrConnRig.REFUSED);
		}
	},

	ONE_OF_SEVERAL_LOST {
		@Override
		void happen(AddrConnRig rig) {
			FakeTransport second = oneMore(rig);
			second.disconnectReason = DisconnectReason.SOCKET_ERROR;
			second.ready();
			second.fail(AddrConnRig.REFUSED);
		}
	},

	CLOSED_WHILE_ONE_MORE_CONNECTS {
		@Override
		void happen(AddrConnRig rig) {
			rig.served();
			FakeTransport first = rig.last();
			oneMore(rig);
			first.fail(AddrConnRig.REFUSED);
		}
	},

	CLOSED_WHILE_ONE_MORE_WAITS {
		@Override
		void happen(AddrConnRig rig) {
			rig.served();
			FakeTransport first = rig.last();
			oneMore(rig).fail(AddrConnRig.REFUSED);
			first.fail(AddrConnRig.REFUSED);
		}
	},

	NOT_SERVING {
		@Override
		void happen(AddrConnRig rig) {
			rig.on(() -> rig.addrConn.notServing(rig.last(), AddrConnRig.REFUSED));
		}
	},

	SERVING_AGAIN {
		@Override
		void happen(AddrConnRig rig) {
			NOT_SERVING.happen(rig);
			rig.on(() -> rig.addrConn.connected(rig.last()));
		}
	},

	IDLE_TIMEOUT {
		@Override
		void happen(AddrConnRig rig) {
			rig.on(rig.addrConn::idle);
		}
	},

	REMOVED {
		@Override
		void happen(AddrConnRig rig) {
			rig.on(() -> rig.addrConn.tornDown(Reasons.DRAIN));
		}
	},

	CLOSED {
		@Override
		void happen(AddrConnRig rig) {
			rig.on(() -> rig.addrConn.tornDown(Reasons.CLOSING));
		}
	};

	abstract void happen(AddrConnRig rig);

	/** The second connection of a READY address; a stale one in all other states. */
	private static FakeTransport renewing(AddrConnRig rig) {
		if (rig.addrConn.state().state() != ConnectivityState.READY) {
			return new FakeTransport(rig.addrConn.transportEvents(), Duration.ZERO);
		}
		rig.on(rig.addrConn::outOfDate);
		rig.on(rig.addrConn::renew);
		return rig.last();
	}

	/** Another connection of a READY address; a stale one in all other states. */
	private static FakeTransport oneMore(AddrConnRig rig) {
		FakeTransport first = rig.last();
		if (rig.addrConn.state().state() != ConnectivityState.READY) {
			return new FakeTransport(rig.addrConn.transportEvents(), Duration.ZERO);
		}
		first.limit(0);
		assertThat(rig.last()).isNotSameAs(first);
		return rig.last();
	}

}
