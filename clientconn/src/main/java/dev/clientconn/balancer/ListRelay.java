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

package dev.clientconn.balancer;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Passes lists on to the ClientConn and then, on the serial queue, to the balancer: in
 * this order, so that the ClientConn knows an address before the balancer asks it to
 * connect. Of lists that arrive faster than the queue runs, the balancer sees the latest.
 */
final class ListRelay implements AddressListener {

	private final AddressListener clientConn;

	private final Executor serial;

	private final Consumer<List<Address>> balancer;

	private final AtomicReference<@Nullable List<Address>> latest = new AtomicReference<>();

	/** Only in the serial context. */
	private @Nullable List<Address> delivered;

	/**
	 * Creates a relay.
	 * @param clientConn hears of everything
	 * @param serial the serial queue
	 * @param balancer receives, on the queue, each list that is another object than the
	 * one before
	 */
	ListRelay(AddressListener clientConn, Executor serial, Consumer<List<Address>> balancer) {
		this.clientConn = clientConn;
		this.serial = serial;
		this.balancer = balancer;
	}

	@Override
	public void onAddresses(List<Address> addresses) {
		this.clientConn.onAddresses(addresses);
		if (this.latest.getAndSet(addresses) == null) {
			this.serial.execute(this::deliver);
		}
	}

	@Override
	public void onError(Status error) {
		this.clientConn.onError(error);
	}

	private void deliver() {
		List<Address> addresses = this.latest.getAndSet(null);
		if (addresses == null) {
			return;
		}
		if (addresses != this.delivered) {
			this.delivered = addresses;
			this.balancer.accept(addresses);
		}
	}

}
