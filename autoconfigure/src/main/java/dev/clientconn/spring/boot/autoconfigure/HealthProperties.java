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

package dev.clientconn.spring.boot.autoconfigure;

import io.grpc.ConnectivityState;

/**
 * Health of the channels.
 */
public class HealthProperties {

	/**
	 * Whether the health of a channel lists the state of each address, and why those that
	 * are not ready failed.
	 */
	private boolean showAddresses = true;

	private final Status status = new Status();

	public boolean isShowAddresses() {
		return this.showAddresses;
	}

	public void setShowAddresses(boolean showAddresses) {
		this.showAddresses = showAddresses;
	}

	public Status getStatus() {
		return this.status;
	}

	/**
	 * Returns the health status of a channel that has no ready address.
	 * @param state the state of the channel
	 * @return the code of the status, with its property
	 */
	public Setting<String> statusOf(ConnectivityState state) {
		return switch (state) {
			case READY -> throw new IllegalArgumentException("a channel that is READY is UP");
			case IDLE -> new Setting<>("clientconn.health.status.idle", this.status.idle);
			case CONNECTING -> new Setting<>("clientconn.health.status.connecting", this.status.connecting);
			case TRANSIENT_FAILURE ->
				new Setting<>("clientconn.health.status.transient-failure", this.status.transientFailure);
			case SHUTDOWN -> new Setting<>("clientconn.health.status.shutdown", this.status.shutdown);
		};
	}

	/**
	 * Health status of a channel that has no ready address, by its state. A channel with
	 * a ready address is UP.
	 */
	public static class Status {

		/**
		 * Health status of a channel that is idle.
		 */
		private String idle = "UNKNOWN";

		/**
		 * Health status of a channel that connects.
		 */
		private String connecting = "UNKNOWN";

		/**
		 * Health status of a channel whose addresses have all failed.
		 */
		private String transientFailure = "OUT_OF_SERVICE";

		/**
		 * Health status of a channel that is closed.
		 */
		private String shutdown = "DOWN";

		public String getIdle() {
			return this.idle;
		}

		public void setIdle(String idle) {
			this.idle = idle;
		}

		public String getConnecting() {
			return this.connecting;
		}

		public void setConnecting(String connecting) {
			this.connecting = connecting;
		}

		public String getTransientFailure() {
			return this.transientFailure;
		}

		public void setTransientFailure(String transientFailure) {
			this.transientFailure = transientFailure;
		}

		public String getShutdown() {
			return this.shutdown;
		}

		public void setShutdown(String shutdown) {
			this.shutdown = shutdown;
		}

	}

}
