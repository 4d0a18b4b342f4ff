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
import dev.clientconn.transport.EventLoops;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
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

	private final ConnCore core;

	private final Generations generations;

	private final CountDownLatch terminated = new CountDownLatch(1);

	private volatile @Nullable BlockingDial blockingDial;

	private ClientConn(Dial dial) {
		EventLoops loops = dial.openLoops();
		this.core = new ConnCore(SharedExecutor.INSTANCE, dial.target.text(), loops.scheduler().currentTimeMillis());
		this.core.serve(dial);
		this.generations = new Generations(this.core, loops, dial, new Progress());
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
	 * Gives this connection another target or other options without losing a call.
	 * Returns at once; the change is made soon after, by what it takes:
	 * <ul>
	 * <li>Nothing, where all are equal.
	 * <li>In place, without touching a connection: service config, backoff, connect and
	 * drain timeouts, message size, deadline, wait-for-ready, interceptors, per-call
	 * credentials, codec, binary log, compressor, executor. Calls, attempts and drains
	 * that begin later follow it. Another balancer takes over the connections that are
	 * there.
	 * <li>By new connections, where target, resolver, security, authority, dialer, user
	 * agent, metadata limit, flow-control window, decompressor, stats handlers or event
	 * loops differ. Calls go to the new ones once the first is READY, and open calls
	 * finish on the old ones within the drain timeout. While the new ones fail, the old
	 * ones serve, and {@link ConnectivitySnapshot#pendingUpdate} says why; should those
	 * be lost too, calls move within 10 seconds.
	 * </ul>
	 * All options of one update take effect together. A later update replaces one that
	 * has not taken effect. What only a dial looks at (block, lazy, timeout,
	 * failOnNonTemporaryDialError) is ignored, and so is an update after shutdown.
	 * Options are compared by {@code equals}: hand over the same resolvers, credentials,
	 * interceptors and so on where they did not change. Any thread may call this.
	 * @param target as {@link #dial} takes it
	 * @param options all options, not only those that change
	 * @throws IllegalArgumentException if the target or the options do not fit, as by
	 * {@link #dial}; nothing changes then
	 */
	public void update(String target, DialOptions options) {
		Objects.requireNonNull(target, "target");
		Objects.requireNonNull(options, "options");
		Dial dial = Dial.prepare(target, options);
		this.core.serve(dial);
		this.core.serial.execute(() -> this.generations.update(dial));
	}

	/**
	 * Returns the target in use.
	 * @return the target as it was dialled, or as the last update that took effect has it
	 */
	public String target() {
		return env().identity.target();
	}

	/**
	 * Returns the {@code :authority} of calls.
	 * @return never empty
	 */
	@Override
	public String authority() {
		return env().identity.authority();
	}

	@Override
	public <ReqT, RespT> ClientCall<ReqT, RespT> newCall(MethodDescriptor<ReqT, RespT> method, CallOptions options) {
		return this.generations.serving().calls(method.getType()).newCall(method, options);
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
			env().exitIdle();
		}
		return this.core.tracker.state();
	}

	@Override
	public void notifyWhenStateChanged(ConnectivityState source, Runnable callback) {
		Objects.requireNonNull(callback, "callback");
		this.core.tracker.whenChangedFrom(source, callback);
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
		this.core.tracker.whenChangedFrom(source, callback);
		try {
			return changed.await(timeout.toNanos(), TimeUnit.NANOSECONDS) || getState(false) != source;
		}
		finally {
			this.core.tracker.forget(callback);
		}
	}

	/** Ends all backoff waits now, and starts their delays from the first again. */
	@Override
	public void resetConnectBackoff() {
		this.core.serial.execute(() -> this.generations.forEach(AddrConns::resetBackoff));
	}

	/** Drains all connections; the next call connects again. */
	@Override
	public void enterIdle() {
		this.core.serial.execute(() -> this.generations.forEach(AddrConns::enterIdle));
	}

	/**
	 * Returns what an operator can do with this connection and its addresses.
	 * @return the operations
	 */
	public Operations operations() {
		return new Operations(this.core, this.generations);
	}

	/**
	 * Returns the configuration in force for a method.
	 * @param fullMethodName such as {@code pkg.Service/Method}
	 * @return what the service config says; empty fields where it says nothing
	 */
	public MethodConfig methodConfig(String fullMethodName) {
		return env().serviceConfig.forMethod(fullMethodName);
	}

	/**
	 * Returns what applies to calls of a method that say nothing themselves, and why.
	 * @param fullMethodName such as {@code pkg.Service/Method}
	 * @return the settings with their origins
	 */
	public MethodSettings methodSettings(String fullMethodName) {
		CallEnv env = env();
		return MethodSettings.of(fullMethodName, env.serviceConfig, env.options);
	}

	/**
	 * Returns the truth about this connection and each address.
	 * @return an immutable picture
	 */
	public ConnectivitySnapshot snapshot() {
		Serving serving = this.generations.serving();
		CallEnv env = serving.env();
		AddrConns conns = env.control.conns();
		ListFacts facts = conns.facts();
		List<AddressState> addresses = new ArrayList<>();
		for (Address address : conns.list()) {
			AddrConn addrConn = conns.find(address);
			if (addrConn != null) {
				addresses.add(addrConn.snapshot());
			}
		}
		Status error = facts.error();
		AddressList list = new AddressList(facts.version(), serving.generation().dial().target.scheme(),
				(facts.updatedMillis() > 0) ? Instant.ofEpochMilli(facts.updatedMillis()) : null,
				(error != null) ? error.getCode() + ": " + error.getDescription() : null, this.core.drained.all(),
				conns.idleMode().resolutionDetails());
		return new ConnectivitySnapshot(env.identity.target(), env.identity.authority(),
				env.identity.secure() ? "tls" : "plaintext", env.control.balancer().policy(), this.core.tracker.state(),
				Instant.ofEpochMilli(this.core.tracker.sinceMillis()), list, WaitingSnapshot.of(env),
				this.core.started.sum(), this.core.ended.sum(), addresses, this.generations.pendingUpdate(),
				this.generations.serviceConfig());
	}

	/** Takes no new calls, and lets those that are open finish. */
	@Override
	public ManagedChannel shutdown() {
		refuseCalls();
		this.core.serial.execute(this::progress);
		return this;
	}

	/** Takes no new calls, and ends those that are open with CANCELLED. */
	@Override
	public ManagedChannel shutdownNow() {
		refuseCalls();
		this.core.shutdownNow = Reasons.CLOSING;
		// Closed without a drain before, which would set a timer and wake the event loop.
		this.core.serial.execute(() -> {
			this.generations.end(Reasons.CLOSING);
			terminateIfEnded();
		});
		return this;
	}

	@Override
	public boolean isShutdown() {
		return this.core.shutdown != null;
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
			if (awaitTermination(env().options.drainTimeout.toNanos(), TimeUnit.NANOSECONDS)) {
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

	private CallEnv env() {
		return this.generations.serving().env();
	}

	private void start() {
		CallEnv env = env();
		BlockingDial blocking = env.options.block ? new BlockingDial(env) : null;
		this.blockingDial = blocking;
		ServiceConfigWatcher watcher = this.generations.start();
		if (blocking != null) {
			blocking.await((watcher != null) ? watcher.first() : null);
			this.blockingDial = null;
		}
	}

	private void refuseCalls() {
		if (this.core.shutdown == null) {
			this.core.shutdown = Reasons.CLOSED;
			this.generations.closeInputs();
		}
	}

	/** Goes on with a shutdown when calls or connections have ended. */
	private void progress() {
		if (this.core.shutdown == null) {
			return;
		}
		if (this.core.allCallsEnded()) {
			this.generations.end(Reasons.DRAIN);
		}
		terminateIfEnded();
	}

	private void terminateIfEnded() {
		if (this.generations.isEnded() && !isTerminated() && this.core.allCallsEnded()) {
			this.generations.closeLoops();
			// Last: who has waited for it finds nothing of this ClientConn at work.
			this.terminated.countDown();
		}
	}

	/**
	 * What connections and calls tell of themselves.
	 */
	private final class Progress implements Generations.Owner {

		@Override
		public void connectFailed(Status cause) {
			BlockingDial waiting = ClientConn.this.blockingDial;
			if (waiting != null) {
				waiting.connectFailed(cause);
			}
		}

		@Override
		public void progress() {
			ClientConn.this.progress();
		}

	}

}
