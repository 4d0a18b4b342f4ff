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

package dev.clientconn.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver;
import dev.clientconn.naming.Target;
import io.grpc.Status;

/**
 * A resolver whose lists and errors a test pushes, on the test's thread.
 * <p>
 * What is pushed while no resolution is open waits for the next one, which gets all of it
 * in order; where nothing waits, a new resolution gets what was pushed last.
 */
public final class ManualResolver implements Resolver {

	private final String scheme;

	private final List<ManualResolution> resolutions = new ArrayList<>();

	private final List<Consumer<AddressListener>> queued = new ArrayList<>();

	private Consumer<AddressListener> last;

	private volatile boolean outdatedWhenIdle;

	private volatile boolean nonBlocking;

	/**
	 * Makes a resolver of the scheme {@code manual}.
	 */
	public ManualResolver() {
		this("manual");
	}

	/**
	 * Makes a resolver of any scheme.
	 */
	public ManualResolver(String scheme) {
		this.scheme = scheme;
	}

	@Override
	public String scheme() {
		return this.scheme;
	}

	/**
	 * Has the resolver say that it never blocks, as is true.
	 */
	public ManualResolver nonBlocking() {
		this.nonBlocking = true;
		return this;
	}

	@Override
	public boolean isNonBlocking() {
		return this.nonBlocking;
	}

	@Override
	public String authority(Target target) {
		return target.endpoint();
	}

	@Override
	public Resolution resolve(Target target, Context context, AddressListener listener) {
		ManualResolution resolution = new ManualResolution(target, context, listener);
		List<Consumer<AddressListener>> deliveries = new ArrayList<>();
		synchronized (this) {
			this.resolutions.add(resolution);
			deliveries.addAll(this.queued);
			if (deliveries.isEmpty() && this.last != null) {
				deliveries.add(this.last);
			}
			this.queued.clear();
		}
		deliveries.forEach(resolution::deliver);
		return resolution;
	}

	/**
	 * Delivers a full list.
	 */
	public void push(Address... addresses) {
		push(List.of(addresses));
	}

	/**
	 * Delivers a full list, which may hold duplicates.
	 */
	public void push(List<Address> addresses) {
		List<Address> copy = List.copyOf(addresses);
		deliver((listener) -> listener.onAddresses(copy));
	}

	/**
	 * Delivers an error.
	 */
	public void fail(Status error) {
		deliver((listener) -> listener.onError(error));
	}

	/**
	 * Delivers a service config; a new resolution does not get it again.
	 */
	public void pushConfig(Map<String, ?> config) {
		deliver((listener) -> listener.onServiceConfig(config), false);
	}

	/**
	 * Tells that there is a service config that cannot be read.
	 */
	public void failConfig(String error) {
		deliver((listener) -> listener.onServiceConfigError(error), false);
	}

	/**
	 * Lists are out of date after a time without calls, and the test delivers others.
	 */
	public ManualResolver outdatedWhenIdle() {
		this.outdatedWhenIdle = true;
		return this;
	}

	private void deliver(Consumer<AddressListener> delivery) {
		deliver(delivery, true);
	}

	private void deliver(Consumer<AddressListener> delivery, boolean toTheNextToo) {
		List<ManualResolution> open;
		synchronized (this) {
			open = this.resolutions.stream().filter((resolution) -> !resolution.isClosed()).toList();
			this.last = toTheNextToo ? delivery : this.last;
			if (open.isEmpty()) {
				this.queued.add(delivery);
			}
		}
		open.forEach((resolution) -> resolution.deliver(delivery));
	}

	/**
	 * Returns all resolutions, open or closed, in order.
	 */
	public synchronized List<ManualResolution> resolutions() {
		return List.copyOf(this.resolutions);
	}

	/**
	 * Returns how often any resolution was asked to refresh.
	 */
	public int refreshes() {
		return resolutions().stream().mapToInt(ManualResolution::refreshes).sum();
	}

	/**
	 * Returns how often {@code close} was called on any resolution.
	 */
	public int closes() {
		return resolutions().stream().mapToInt(ManualResolution::closes).sum();
	}

	/**
	 * One resolution, with what was asked of it.
	 */
	public final class ManualResolution implements Resolution {

		private final Target target;

		private final Context context;

		private final AddressListener listener;

		private int refreshes;

		private int closes;

		private boolean idle;

		private ManualResolution(Target target, Context context, AddressListener listener) {
			this.target = target;
			this.context = context;
			this.listener = listener;
		}

		@Override
		public synchronized void refresh() {
			this.refreshes++;
		}

		@Override
		public synchronized void idle() {
			this.idle = true;
		}

		@Override
		public synchronized boolean active() {
			this.idle = false;
			return ManualResolver.this.outdatedWhenIdle;
		}

		@Override
		public synchronized void close() {
			this.closes++;
		}

		private void deliver(Consumer<AddressListener> delivery) {
			if (!isClosed()) {
				delivery.accept(this.listener);
			}
		}

		/**
		 * Returns the target.
		 */
		public Target target() {
			return this.target;
		}

		/**
		 * Returns what the resolution was given to work with.
		 */
		public Context context() {
			return this.context;
		}

		/**
		 * Returns how often it was asked to refresh.
		 */
		public synchronized int refreshes() {
			return this.refreshes;
		}

		/**
		 * Tells whether nobody calls.
		 */
		public synchronized boolean isIdle() {
			return this.idle;
		}

		/**
		 * Returns how often {@code close} was called.
		 */
		public synchronized int closes() {
			return this.closes;
		}

		/**
		 * Tells whether it is closed.
		 */
		public boolean isClosed() {
			return closes() > 0;
		}

	}

}
