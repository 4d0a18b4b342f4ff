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

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

import dev.clientconn.serviceconfig.ServiceConfig;
import dev.clientconn.stats.DelayReason;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.time.Scheduler;
import dev.clientconn.transport.ClientStream;
import dev.clientconn.transport.EventLoops;
import dev.clientconn.transport.TransportCredentials;
import io.grpc.CallCredentials;
import io.grpc.CallOptions;
import io.grpc.ConnectivityState;
import org.jspecify.annotations.Nullable;

/**
 * What the calls share that start between two updates of a ClientConn: a call keeps the
 * options that it started with. Everything here may be used by any thread.
 */
final class CallEnv {

	final ConnCore core;

	final Identity identity;

	final DialOptions options;

	final Control control;

	/** Asked for headers by every call, before the call's own. */
	final List<CallCredentials> credentials;

	final Executor executor;

	final StatsHandler stats;

	final Compression compression;

	/** Written by service config updates, read once at the start of a call. */
	volatile ServiceConfig serviceConfig;

	CallEnv(ConnCore core, Dial dial, Control control, StatsHandler stats) {
		this.core = core;
		this.identity = new Identity(dial.target.text(), dial.authority, dial.credentials.isSecure());
		this.options = dial.options;
		this.control = control;
		this.executor = (dial.options.executor != null) ? dial.options.executor : core.pool;
		this.credentials = credentials(dial.options);
		this.stats = stats;
		this.compression = dial.compression;
		this.serviceConfig = dial.options.serviceConfig;
	}

	/** The same addresses for calls of other options. */
	CallEnv with(Dial dial) {
		return new CallEnv(this.core, dial, this.control, this.stats);
	}

	Scheduler scheduler() {
		return this.control.loops.scheduler();
	}

	PendingCalls pending() {
		return this.core.pending;
	}

	/** Whether fail-fast calls fail because no address can be used now. */
	boolean isFailing() {
		return this.control.tracker.state() == ConnectivityState.TRANSIENT_FAILURE;
	}

	/** Returns the codec of a call, {@code null} for what the method declares. */
	@Nullable Codec codec(CallOptions call) {
		Codec ofCall = call.getOption(Codec.OPTION);
		Codec codec = (ofCall != null) ? ofCall : this.options.codec;
		return (codec != DeclaredCodec.INSTANCE) ? codec : null;
	}

	/** Why a call has to wait, if not because all addresses fail. */
	DelayReason delay(boolean picked) {
		ConnectivityState state = this.control.tracker.state();
		if (picked) {
			return DelayReason.STATE_MISMATCH;
		}
		if (this.control.conns.facts().isUnknown()) {
			return DelayReason.RESOLVING;
		}
		return (state == ConnectivityState.READY) ? DelayReason.BALANCER : DelayReason.CONNECTING;
	}

	/** Wakes the addresses if nothing connects because nobody called. */
	void exitIdle() {
		if (this.control.tracker.state() == ConnectivityState.IDLE) {
			this.control.serial.execute(this.control.owner::wanted);
		}
	}

	/**
	 * A call has ended; the last one of a graceful shutdown lets it go on, but not before
	 * a listener that is told on the pool, or here and now: who closes and waits would
	 * miss it.
	 * @param stream its last one, if it had one
	 * @param listens where its listener is told
	 */
	void callEnded(@Nullable ClientStream stream, Executor listens) {
		this.core.ended.increment();
		if (this.core.shutdown == null) {
			return;
		}
		Runnable goOn = () -> this.control.serial.execute(this.control.owner::callsEnded);
		if (stream == null || !stream.eventLoop().inEventLoop()) {
			this.core.pool.execute(goOn);
		}
		else if (listens == this.core.pool) {
			CallbackRelay.of(stream.eventLoop(), this.core.pool).add(goOn);
		}
		else {
			stream.eventLoop().execute(goOn);
		}
	}

	private static List<CallCredentials> credentials(DialOptions options) {
		List<CallCredentials> all = new ArrayList<>();
		options.perRpcCredentials.forEach((each) -> all.add(each.credentials()));
		// What CompositeChannelCredentials bring along.
		TransportCredentials ofTransport = options.transportCredentials;
		CallCredentials brought = (ofTransport != null) ? ofTransport.callCredentials() : null;
		if (brought != null) {
			all.add(brought);
		}
		return List.copyOf(all);
	}

	/**
	 * Who we are on the wire.
	 *
	 * @param target the dial target
	 * @param authority the {@code :authority} of calls
	 * @param secure whether connections use TLS
	 */
	record Identity(String target, String authority, boolean secure) {
	}

	/**
	 * The control plane as calls see it.
	 *
	 * @param serial the serial context
	 * @param loops time and timers
	 * @param balancer picks addresses
	 * @param conns the addresses
	 * @param tracker the aggregated state
	 * @param owner hears what calls want
	 */
	record Control(SerialExecutor serial, EventLoops loops, BalancerSwitch balancer, AddrConns conns,
			ConnectivityTracker tracker, Dial.Owner owner) {
	}

}
