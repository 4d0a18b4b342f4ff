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

import java.time.Instant;

import dev.clientconn.ConnectivitySnapshot.PendingUpdate;
import dev.clientconn.ServiceConfigState.Origin;
import dev.clientconn.serviceconfig.ServiceConfig;
import dev.clientconn.transport.EventLoops;
import io.grpc.ConnectivityState;
import io.grpc.Status;
import org.jspecify.annotations.Nullable;

/**
 * The addresses, the balancer and the connections of one dial. A ClientConn has one, and
 * a second while an update makes new connections before it lets go of the old ones.
 * Everything but the reads runs in the serial context.
 */
final class Generation implements SharedControl.Listener {

	// set at creation, never change

	private final EventLoops loops;

	private final CallEnv first;

	private final Owner owner;

	private final long sinceMillis;

	private final ServiceConfigSource resolvedConfigs;

	// only in the serial context; started also in dial, before there is anything else

	private boolean started;

	private boolean ended;

	/** What it says of health checks; the one in force. */
	private ServiceConfig config;

	// written in the serial context, read by any thread

	private volatile Dial dial;

	private volatile ConnectivityState state = ConnectivityState.IDLE;

	private volatile @Nullable Status failure;

	Generation(Dial dial, ConnCore core, EventLoops loops, Owner owner) {
		this.dial = dial;
		this.loops = loops;
		this.owner = owner;
		this.first = dial.assemble(core, loops, new SharedControl(this, core.pending, core.drained), owner);
		this.sinceMillis = this.first.scheduler().currentTimeMillis();
		this.config = dial.options.serviceConfig;
		checkHealth();
		this.resolvedConfigs = new ServiceConfigSource(Origin.RESOLVER, new ResolvedConfigs());
	}

	/** The options in force; any thread. */
	Dial dial() {
		return this.dial;
	}

	/** Any thread. */
	ConnectivityState state() {
		return this.state;
	}

	/** What operators are told while it waits to take over; any thread. */
	PendingUpdate pendingUpdate() {
		Dial waiting = this.dial;
		boolean failed = this.failure != null || conns().facts().error() != null;
		return new PendingUpdate(waiting.target.text(), waiting.credentials.isSecure() ? "tls" : "plaintext",
				balancer().policy(), this.state, Instant.ofEpochMilli(this.sinceMillis),
				failed ? Diagnosis.describe(conns()) : null);
	}

	EventLoops loops() {
		return this.loops;
	}

	/** What the resolver has brought; any thread. */
	ServiceConfigSource resolvedConfigs() {
		return this.resolvedConfigs;
	}

	AddrConns conns() {
		return this.first.control.conns();
	}

	BalancerSwitch balancer() {
		return this.first.control.balancer();
	}

	boolean isStarted() {
		return this.started;
	}

	boolean isEnded() {
		return this.ended;
	}

	/** What calls share that come here with the options in force. */
	CallEnv env() {
		return (this.first.options == this.dial.options) ? this.first : this.first.with(this.dial);
	}

	/**
	 * Starts to look up and to connect.
	 * @throws RuntimeException what the balancer threw
	 */
	void start() {
		this.started = true;
		this.dial.start(this.first, this.resolvedConfigs);
	}

	/** The same where nobody can be told by an exception. */
	void startOrTell() {
		try {
			start();
		}
		catch (RuntimeException ex) {
			Status status = Status.UNAVAILABLE.withDescription("the balancer could not be started: " + ex)
				.withCause(ex);
			this.failure = status;
			conns().onError(status);
		}
	}

	/** What there is to do with the options and a service config that is in force. */
	void follow(ServiceConfig inForce) {
		this.config = inForce;
		conns().change(this.dial.options, inForce);
		checkHealth();
	}

	/**
	 * Takes other options over that need no new connections.
	 * @param config the service config in force with them
	 * @throws RuntimeException what the balancer threw; nothing has changed then
	 */
	void change(Dial changed, ServiceConfig config) {
		balancer().use(Dial.balancer(changed.options, config));
		this.dial = changed;
		follow(config);
	}

	/** Takes no more calls: those that come are sent on, open ones may finish. */
	void retire() {
		balancer().retire();
		conns().shutdown(Reasons.DRAIN);
		// Wakes the calls that wait, for they can go elsewhere now.
		conns().picksChanged();
	}

	@Override
	public void stateIs(ConnectivityState now) {
		this.state = now;
		if (now == ConnectivityState.READY) {
			this.failure = null;
		}
		this.owner.stateIs(this, now);
		// Another balancer may have taken over.
		checkHealth();
	}

	private void checkHealth() {
		String service = this.dial.options.healthCheck.serviceName(this.config);
		conns().healthCheck(balancer().checksHealth() ? service : null);
	}

	@Override
	public void connectFailed(Status cause) {
		this.failure = cause;
		this.owner.connectFailed(this, cause);
	}

	@Override
	public void connectionsEnded() {
		if (!this.ended) {
			this.ended = true;
			this.owner.connectionsEnded(this);
		}
	}

	/**
	 * What the resolver brings.
	 */
	private final class ResolvedConfigs implements ServiceConfigSource.Listener {

		@Override
		public String target() {
			return Generation.this.first.identity.target();
		}

		@Override
		public long nowMillis() {
			return Generation.this.first.scheduler().currentTimeMillis();
		}

		@Override
		public void check(ServiceConfig config) {
			Dial.balancer(dial().options, config);
		}

		@Override
		public void changed() {
			Generation.this.owner.configResolved(Generation.this);
		}

	}

	/**
	 * Hears of a generation; called in the serial context.
	 */
	interface Owner extends Dial.Owner {

		void stateIs(Generation generation, ConnectivityState state);

		void connectFailed(Generation generation, Status cause);

		void connectionsEnded(Generation generation);

		/** There is another service config; any thread. */
		void configResolved(Generation generation);

	}

}
