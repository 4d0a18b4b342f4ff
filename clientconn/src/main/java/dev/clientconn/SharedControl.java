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

import io.grpc.ConnectivityState;
import io.grpc.Status;

/**
 * What the control plane shares with calls and the dial.
 *
 * @param listener hears of the addresses
 * @param pending calls that wait
 * @param drained what an operator has taken out of use
 */
record SharedControl(Listener listener, PendingCalls pending, DrainedAddresses drained) {

	/**
	 * Hears of the addresses; called in the serial context.
	 */
	interface Listener {

		/** What the aggregated state is, whether it has changed or not. */
		void stateIs(ConnectivityState state);

		/** An attempt to connect has failed. */
		void connectFailed(Status cause);

		/** The last connection has ended after a shutdown. */
		void connectionsEnded();

	}

}
