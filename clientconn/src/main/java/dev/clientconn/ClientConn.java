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
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import dev.clientconn.ConnectivitySnapshot.AddressList;
import dev.clientconn.ConnectivitySnapshot.AddressState;
import dev.clientconn.naming.Address;
import dev.clientconn.serviceconfig.MethodConfig;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptors;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * A virtual connection to a gRPC service, after grpc-go's {@code ClientConn} of 2017: one
 * AddrConn per backend address, a balancer that delivers the addresses and picks one per
 * call. It is a {@link ManagedChannel}, so generated stubs run on it. All methods may be
 * called from any thread; only {@link #close}, {@link #awaitTermination},
 * {@link #waitForStateChange} and a blocking {@link #dial} wait.
 */
public final class ClientConn extends ManagedChannel implements AutoCloseable {

	// set at dial, never change

	private final Dial dial;

	private final Dial.Parts parts;

	private final CallEnv env;

	private final Channel unaryCalls;

	private final Channel streamCalls;

	private final @Nullable ServiceConfigWatcher configWatcher;

	private final CountDownLatch terminated = new CountDownLatch(1);

	private volatile @Nullable BlockingDial blockingDial;

	// only in the serial context

	private boolean connectionsEnding;

	private boolean connectionsEnded;

	private ClientConn(Dial dial) {
		this.dial = dial;
		this.parts = dial.assemble(new Events());
		this.env = this.parts.env();
		Channel calls = new Calls(this.env);
		this.unaryCalls = ClientInterceptors.interceptForward(calls, dial.options.unaryInterceptors);
		this.streamCalls = ClientInterceptors.interceptForward(calls, dial.options.streamInterceptors);
		this.configWatcher = (dial.options.serviceConfigUpdates != null)
				? new ServiceConfigWatcher(target(), (config) -> this.env.serviceConfig = config) : null;
	}

	/**
	 * Dials a target. Returns at once, whatever the resolver does, unless
	 * {@link DialOptions.Builder#block} is set; then it returns once the first address is
	 * READY.
	 * @param target {@code host:port}, {@code dns:///host:port}, {@code static:a:1,b:2},
	 * {@code unix:/path}, or what a resolver of the options serves
	 * @param options how
	 * @return the connection, to be closed by the caller
	 * @throws IllegalArgumentException if the target or the options do not fit; the
	 * message says what was wrong and what to do
	 * @throws DialException if a blocking dial finds no READY address in time, its
	 * {@link io.grpc.Context} is cancelled or its thread interrupted
	 */
	public static ClientConn dial(String target, DialOptions options) {
		Objects.requireNonNull(target, "target");
		Objects.requireNonNull(options, "options");
		ClientConn conn = new ClientConn(Dial.prepare(target, options));
		try {
			conn.start();
			return conn;
		}
		catch (RuntimeException | Error ex) {
			conn.shutdownNow();
			throw ex;
		}
	}

	/**
	 * Returns the target as it was dialled.
	 * @return the target
	 */
	public String target() {
		return this.env.identity.target();
	}

	/**
	 * Returns the {@code :authority} of calls.
	 * @return never empty
	 */
	@Override
	public String authority() {
		return this.env.identity.authority();
	}

	@Override
	public <ReqT, RespT> ClientCall<ReqT, RespT> newCall(MethodDescriptor<ReqT, RespT> method, CallOptions options) {
		Channel calls = (method.getType() == MethodDescriptor.MethodType.UNARY) ? this.unaryCalls : this.streamCalls;
		return calls.newCall(method, options);
	}

	/**
	 * Returns the aggregated state: READY if any address is, else CONNECTING, IDLE or
	 * TRANSIENT_FAILURE.
	 * @param requestConnection whether to leave IDLE
	 * @return the state
	 */
	@Override
	public ConnectivityState getState(boolean requestConnection) {
		if (requestConnection) {
			this.env.exitIdle();
		}
		return this.env.control.tracker().state();
	}

	@Override
	public void notifyWhenStateChanged(ConnectivityState source, Runnable callback) {
		Objects.requireNonNull(callback, "callback");
		this.env.control.tracker().whenChangedFrom(source, callback);
	}

	/**
	 * Waits until the state differs from a given one (seed-spec 5.3). Short excursions
	 * may be missed.
	 * @param source the state to leave
	 * @param timeout how long to wait at most
	 * @return whether the state differs
	 * @throws InterruptedException if the thread is interrupted
	 */
	public boolean waitForStateChange(ConnectivityState source, Duration timeout) throws InterruptedException {
		CountDownLatch changed = new CountDownLatch(1);
		Runnable callback = changed::countDown;
		this.env.control.tracker().whenChangedFrom(source, callback);
		try {
			return changed.await(timeout.toNanos(), TimeUnit.NANOSECONDS) || getState(false) != source;
		}
		finally {
			this.env.control.tracker().forget(callback);
		}
	}

	/** Ends all backoff waits now, and starts their delays from the first again. */
	@Override
	public void resetConnectBackoff() {
		this.env.control.serial().execute(this.env.control.conns()::resetBackoff);
	}

	/** Drains all connections; the next call connects again. */
	@Override
	public void enterIdle() {
		this.env.control.serial().execute(this.env.control.conns()::enterIdle);
	}

	/**
	 * Returns what an operator can do with this connection and its addresses.
	 * @return the operations
	 */
	public Operations operations() {
		return new Operations(this.env);
	}

	/**
	 * Returns the configuration in force for a method.
	 * @param fullMethodName such as {@code pkg.Service/Method}
	 * @return what the service config says; empty fields where it says nothing
	 */
	public MethodConfig methodConfig(String fullMethodName) {
		return this.env.serviceConfig.forMethod(fullMethodName);
	}

	/**
	 * Returns the truth about this connection and each address.
	 * @return an immutable picture
	 */
	public ConnectivitySnapshot snapshot() {
		CallEnv.Control control = this.env.control;
		AddrConns.ListFacts facts = control.conns().facts();
		List<AddressState> addresses = new ArrayList<>();
		for (Address address : control.conns().list()) {
			AddrConn addrConn = control.conns().find(address);
			if (addrConn != null) {
				addresses.add(addrConn.snapshot());
			}
		}
		Status error = facts.error();
		AddressList list = new AddressList(facts.version(), this.dial.target.scheme(),
				(facts.updatedMillis() > 0) ? Instant.ofEpochMilli(facts.updatedMillis()) : null,
				(error != null) ? error.getCode() + ": " + error.getDescription() : null,
				control.conns().drained().all(), control.conns().resolutionDetails());
		return new ConnectivitySnapshot(target(), authority(), this.env.identity.secure() ? "tls" : "plaintext",
				this.dial.balancer.policy(), control.tracker().state(),
				Instant.ofEpochMilli(control.tracker().sinceMillis()), list, control.pending().size(),
				this.env.started.sum(), this.env.ended.sum(), addresses);
	}

	/** Takes no new calls, and lets those that are open finish. */
	@Override
	public ManagedChannel shutdown() {
		if (this.env.shutdown == null) {
			this.env.shutdown = Reasons.CLOSED;
			closeInputs();
		}
		this.env.control.serial().execute(this::endConnectionsIfUnused);
		return this;
	}

	/** Takes no new calls, and ends those that are open with CANCELLED. */
	@Override
	public ManagedChannel shutdownNow() {
		shutdown();
		this.env.shutdownNow = Reasons.CLOSING;
		this.env.control.serial().execute(() -> endConnections(Reasons.CLOSING));
		return this;
	}

	@Override
	public boolean isShutdown() {
		return this.env.shutdown != null;
	}

	@Override
	public boolean isTerminated() {
		return this.terminated.getCount() == 0;
	}

	@Override
	public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
		return this.terminated.await(timeout, unit);
	}

	/**
	 * Shuts down, waits for open calls within {@link DialOptions.Builder#drainTimeout},
	 * then ends them. Idempotent. If interrupted it ends them at once and keeps the
	 * interrupt.
	 */
	@Override
	public void close() {
		shutdown();
		try {
			if (awaitTermination(this.env.options.drainTimeout.toNanos(), TimeUnit.NANOSECONDS)) {
				return;
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		shutdownNow();
	}

	@Override
	public String toString() {
		return "ClientConn[" + target() + " " + getState(false) + "]";
	}

	private void start() {
		BlockingDial blocking = this.env.options.block ? new BlockingDial(this.env) : null;
		this.blockingDial = blocking;
		ServiceConfigWatcher watcher = this.configWatcher;
		if (watcher != null && this.env.options.serviceConfigUpdates != null) {
			this.env.options.serviceConfigUpdates.subscribe(watcher);
		}
		if (!this.env.asleep) {
			this.dial.start(this.parts);
		}
		if (blocking != null) {
			blocking.await((watcher != null) ? watcher.first() : null);
			this.blockingDial = null;
		}
	}

	private void closeInputs() {
		if (this.configWatcher != null) {
			this.configWatcher.close();
		}
	}

	private void endConnectionsIfUnused() {
		if (this.env.allCallsEnded()) {
			endConnections(Reasons.DRAIN);
		}
	}

	private void endConnections(Status reason) {
		CallEnv.Control control = this.env.control;
		if (!this.connectionsEnding) {
			this.connectionsEnding = true;
			control.balancer().close();
		}
		// Before the addresses end: the end of the last one releases the pool that calls
		// back those who wait for a state change.
		control.tracker().update(ConnectivityState.SHUTDOWN, control.scheduler().currentTimeMillis());
		Status closing = this.env.shutdownNow;
		if (closing != null) {
			control.pending().retryAll();
			this.env.awaitingCredentials.forEach((call) -> call.cancel(closing));
		}
		control.conns().shutdown(reason);
	}

	/** The pool is released last: listeners may still have to be told of the end. */
	private void terminateIfEnded() {
		if (this.connectionsEnded && !isTerminated() && this.env.allCallsEnded()) {
			this.parts.loops().close();
			SharedExecutor.release();
			// Last: who has waited for it finds nothing of this ClientConn at work.
			this.terminated.countDown();
		}
	}

	/**
	 * What ends a blocking dial or a shutdown; in the serial context.
	 */
	private final class Events implements Dial.Owner {

		@Override
		public void connectFailed(Status cause) {
			BlockingDial waiting = ClientConn.this.blockingDial;
			if (waiting != null) {
				waiting.connectFailed(cause);
			}
		}

		@Override
		public void callsEnded() {
			endConnectionsIfUnused();
			terminateIfEnded();
		}

		@Override
		public void wanted() {
			CallEnv env = ClientConn.this.env;
			if (env.asleep && env.shutdown == null) {
				env.asleep = false;
				wake();
			}
			else if (!env.asleep) {
				env.control.conns().exitIdle();
			}
		}

		/**
		 * A dial cannot fail any more: what the balancer throws is told as a list error.
		 */
		private void wake() {
			try {
				ClientConn.this.dial.start(ClientConn.this.parts);
			}
			catch (RuntimeException ex) {
				ClientConn.this.env.control.conns()
					.onError(Status.UNAVAILABLE.withDescription("the balancer could not be started: " + ex)
						.withCause(ex));
			}
		}

		@Override
		public void allConnectionsEnded() {
			ClientConn.this.connectionsEnded = true;
			terminateIfEnded();
		}

	}

}
