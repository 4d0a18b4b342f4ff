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

/**
 * How many addresses are in which state, counted as they change, so that the state of the
 * whole ClientConn costs the same for one address and for ten thousand. Only in the
 * serial context.
 */
final class StateCounts {

	private int ready;

	private int connecting;

	private int idle;

	private int failing;

	/** An address was added, in its first state. */
	void added(AddrConnState state) {
		count(state, 1);
	}

	/** An address changed; one that is shut down is no longer counted. */
	void changed(AddrConnState from, AddrConnState to) {
		count(from, -1);
		count(to, 1);
	}

	/**
	 * Whether there are addresses to wake: none connects, is connected or waits to
	 * connect again.
	 */
	boolean isAllIdle() {
		return this.idle > 0 && this.ready + this.connecting + this.failing == 0;
	}

	/**
	 * Returns READY if any address is, else CONNECTING, else IDLE, else TRANSIENT_FAILURE
	 * (spec/engine-features 2.22).
	 */
	ConnectivityState aggregate() {
		if (this.ready > 0) {
			return ConnectivityState.READY;
		}
		if (this.connecting > 0) {
			return ConnectivityState.CONNECTING;
		}
		return (this.idle > 0) ? ConnectivityState.IDLE : ConnectivityState.TRANSIENT_FAILURE;
	}

	private void count(AddrConnState state, int delta) {
		switch (state.effective()) {
			case READY -> {
				this.ready += delta;
			}
			case CONNECTING -> {
				this.connecting += delta;
			}
			case IDLE -> {
				this.idle += delta;
			}
			case TRANSIENT_FAILURE -> {
				this.failing += delta;
			}
			case SHUTDOWN -> {
			}
		}
	}

}
