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

import java.util.concurrent.CompletableFuture;

import dev.clientconn.balancer.Balancer;
import dev.clientconn.balancer.BalancerConfig;
import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.balancer.Pick;
import dev.clientconn.balancer.PickOptions;
import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * Puts off what another balancer starts, and with it all look-ups and connections, until
 * a gate opens. The first call opens it.
 */
final class DeferredBalancer implements Balancer {

	private final Balancer delegate;

	private final CompletableFuture<Void> gate;

	// Written in the serial context, read by RPC threads.

	private volatile boolean started;

	// Only in the serial context.

	private boolean closed;

	private DeferredBalancer(Balancer delegate, CompletableFuture<Void> gate) {
		this.delegate = delegate;
		this.gate = gate;
	}

	@Override
	public void start(String target, BalancerConfig config, AddressListener listener) {
		this.gate.thenRunAsync(() -> startDelegate(target, config, listener), config.serial());
	}

	@Override
	public Pick get(PickOptions options) {
		if (this.started) {
			return this.delegate.get(options);
		}
		this.gate.complete(null);
		return Pick.queue();
	}

	@Override
	public @Nullable Down up(Address address) {
		return this.delegate.up(address);
	}

	@Override
	public void stateChanged(Address address, ConnectivityState state, Status cause) {
		this.delegate.stateChanged(address, state, cause);
	}

	@Override
	public boolean connectsAll() {
		return this.delegate.connectsAll();
	}

	@Override
	public void refresh() {
		this.delegate.refresh();
	}

	@Override
	public void close() {
		this.closed = true;
		this.delegate.close();
	}

	private void startDelegate(String target, BalancerConfig config, AddressListener listener) {
		if (this.closed) {
			return;
		}
		try {
			this.delegate.start(target, config, listener);
		}
		catch (RuntimeException ex) {
			listener
				.onError(Status.UNAVAILABLE.withDescription("the balancer could not be started: " + ex).withCause(ex));
		}
		// After the delegate, so that no call asks it before it has started.
		this.started = true;
		config.control().picksChanged();
	}

	/**
	 * Makes deferred balancers for one channel.
	 *
	 * @param delegate makes the balancers to defer
	 * @param gate lets them start
	 */
	record Provider(BalancerProvider delegate, CompletableFuture<Void> gate) implements BalancerProvider {

		@Override
		public String policy() {
			return this.delegate.policy();
		}

		@Override
		public Balancer newBalancer() {
			return new DeferredBalancer(this.delegate.newBalancer(), this.gate);
		}

	}

}
