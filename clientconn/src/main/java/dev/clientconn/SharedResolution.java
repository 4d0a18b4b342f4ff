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

import java.util.List;
import java.util.function.Function;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * One running resolution for the balancers of a ClientConn, of which there are two while
 * one takes over from the other: the new one gets the last list at once, and nothing is
 * looked up again. Subscriptions come from the serial context, or from the thread of
 * dial; lists, errors and refreshes from any thread.
 */
final class SharedResolution implements AddressListener {

	private final Function<AddressListener, Resolution> source;

	private final SmallList<AddressListener> subscribers = new SmallList<>();

	private volatile @Nullable List<Address> latest;

	private volatile @Nullable Resolution running;

	SharedResolution(Function<AddressListener, Resolution> source) {
		this.source = source;
	}

	/**
	 * Adds a balancer; the first one starts the resolution, the last one to leave ends
	 * it.
	 */
	Resolution subscribe(AddressListener subscriber) {
		this.subscribers.add(subscriber);
		if (this.running == null) {
			this.running = started(subscriber);
		}
		else {
			deliverLatest(subscriber);
		}
		return new Subscription(subscriber);
	}

	private Resolution started(AddressListener first) {
		try {
			return this.source.apply(this);
		}
		catch (RuntimeException | Error ex) {
			this.subscribers.remove(first);
			throw ex;
		}
	}

	@Override
	public void onAddresses(List<Address> addresses) {
		this.latest = addresses;
		this.subscribers.forEach((subscriber) -> subscriber.onAddresses(addresses));
	}

	@Override
	public void onError(Status error) {
		this.subscribers.forEach((subscriber) -> subscriber.onError(error));
	}

	/** Again if a list came meanwhile, which may have overtaken this one. */
	private void deliverLatest(AddressListener subscriber) {
		List<Address> delivered = null;
		List<Address> newest = this.latest;
		while (newest != null && newest != delivered) {
			subscriber.onAddresses(newest);
			delivered = newest;
			newest = this.latest;
		}
	}

	/**
	 * One balancer's share.
	 */
	private final class Subscription implements Resolution {

		private final AddressListener subscriber;

		Subscription(AddressListener subscriber) {
			this.subscriber = subscriber;
		}

		@Override
		public void refresh() {
			Resolution resolution = SharedResolution.this.running;
			if (resolution != null) {
				resolution.refresh();
			}
		}

		@Override
		public void close() {
			Resolution resolution = SharedResolution.this.running;
			boolean left = SharedResolution.this.subscribers.remove(this.subscriber);
			if (left && SharedResolution.this.subscribers.isEmpty() && resolution != null) {
				SharedResolution.this.running = null;
				resolution.close();
			}
		}

	}

}
