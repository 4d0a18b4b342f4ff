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

package dev.clientconn.stats;

/**
 * What a call waits for before it is sent. The labels are those of gRFC A121 where it has
 * one.
 */
public enum DelayReason {

	/** There is no address list yet. */
	RESOLVING("resolving", "for an address list"),

	/** No address is READY, and none has failed for good: one connects. */
	CONNECTING("connecting", "for a connection"),

	/** The address that was picked took no more calls at that moment. */
	STATE_MISMATCH("subchannel_state_mismatch", "for another pick"),

	/** All addresses fail, and the call is wait-for-ready. */
	FAILING("picker_failing_with_wait_for_ready", "while all addresses failed"),

	/** An address is READY, and the balancer does not pick it for this call. */
	BALANCER("balancer", "for a pick of the balancer"),

	/** The server takes no more calls at once. */
	STREAM_LIMIT("stream_limit", "behind the stream limit"),

	/** The credentials of the call have not answered. */
	CREDENTIALS("credentials", "for its credentials");

	private final String label;

	private final String phrase;

	DelayReason(String label, String phrase) {
		this.label = label;
		this.phrase = phrase;
	}

	/**
	 * Returns the value of {@code grpc.delay_type} in meters.
	 * @return lower case, with underscores
	 */
	public String label() {
		return this.label;
	}

	/**
	 * Returns how messages go on after "waited 0.5s".
	 * @return such as {@code for a connection}
	 */
	public String phrase() {
		return this.phrase;
	}

}
