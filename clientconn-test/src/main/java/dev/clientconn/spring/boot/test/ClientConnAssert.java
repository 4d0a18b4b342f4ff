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

package dev.clientconn.spring.boot.test;

import java.time.Duration;

import dev.clientconn.ClientConn;
import dev.clientconn.ConnectivitySnapshot;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import io.grpc.ConnectivityState;
import org.assertj.core.api.AbstractAssert;
import org.jspecify.annotations.Nullable;

/**
 * Assertions on a connection. A failure tells the state of each address and why.
 *
 * @since 0.1.0
 */
public final class ClientConnAssert extends AbstractAssert<ClientConnAssert, ClientConn> {

	/** Enough for a slow machine; those who wait for nothing wait no longer. */
	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private ClientConnAssert(@Nullable ClientConn actual) {
		super(actual, ClientConnAssert.class);
	}

	/**
	 * Begins assertions on a connection.
	 * @param actual the connection
	 * @return its assertions
	 */
	public static ClientConnAssert assertThat(@Nullable ClientConn actual) {
		return new ClientConnAssert(actual);
	}

	/**
	 * Makes the connection connect, and waits up to 10 seconds until it is READY.
	 * @return this
	 * @throws AssertionError if it is not READY by then
	 */
	public ClientConnAssert becomesReady() {
		return becomes(ConnectivityState.READY, PATIENCE);
	}

	/**
	 * Waits until the connection is in a state. May miss a state that lasts for an
	 * instant only.
	 * @param state the state; the connection is made to connect if it is READY
	 * @param timeout how long to wait at most
	 * @return this
	 * @throws AssertionError if it is not in the state by then, or the thread is
	 * interrupted
	 */
	public ClientConnAssert becomes(ConnectivityState state, Duration timeout) {
		isNotNull();
		boolean connect = (state == ConnectivityState.READY);
		long end = System.nanoTime() + timeout.toNanos();
		ConnectivityState current = this.actual.getState(connect);
		while (current != state) {
			if (!leaves(current, end - System.nanoTime())) {
				throw failure("%nExpected%n  %s%nto become %s within %s, but%s", this.actual.target(), state, timeout,
						picture(this.actual.snapshot()));
			}
			current = this.actual.getState(connect);
		}
		return this;
	}

	private boolean leaves(ConnectivityState state, long nanos) {
		try {
			return this.actual.waitForStateChange(state, Duration.ofNanos(Math.max(0, nanos))) && nanos > 0;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	private static String picture(ConnectivitySnapshot snapshot) {
		StringBuilder picture = new StringBuilder(" it is ").append(snapshot.state());
		String error = snapshot.addressList().lastError();
		if (error != null) {
			picture.append(", addresses: ").append(error);
		}
		else if (snapshot.addresses().isEmpty()) {
			picture.append(", without any address");
		}
		for (AddressState address : snapshot.addresses()) {
			picture.append("%n  ".formatted()).append(address.address()).append(' ').append(address.state());
			if (address.cause() != null) {
				picture.append(": ").append(address.cause());
			}
		}
		return picture.toString();
	}

}
