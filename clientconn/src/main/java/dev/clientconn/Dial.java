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

import java.util.Objects;
import java.util.function.Function;

import dev.clientconn.balancer.BalancerConfig;
import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.balancer.Balancers;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.naming.Resolution;
import dev.clientconn.naming.Resolver;
import dev.clientconn.naming.Target;
import dev.clientconn.serviceconfig.ServiceConfig;
import dev.clientconn.serviceconfig.ServiceConfigException;
import dev.clientconn.stats.StatsHandler;
import dev.clientconn.time.Scheduler;
import dev.clientconn.transport.EventLoops;
import dev.clientconn.transport.PerRpcCredentials;
import dev.clientconn.transport.TransportCredentials;
import dev.clientconn.transport.TransportFactory;
import dev.clientconn.transport.TransportOptions;
import org.jspecify.annotations.Nullable;

/**
 * Checks a target and options together, before any side effect (seed-spec K41), and wires
 * a ClientConn from them.
 */
final class Dial {

	/** The policy where neither options nor service config name one. */
	private static final String DEFAULT_POLICY = "round_robin";

	private static final String USER_AGENT = "clientconn-java/" + version();

	final Target target;

	final Resolver resolver;

	final DialOptions options;

	final TransportCredentials credentials;

	final String authority;

	final BalancerProvider balancer;

	final Compression compression;

	private Dial(Target target, Resolver resolver, DialOptions options) {
		this.target = target;
		this.resolver = resolver;
		this.options = options;
		this.credentials = credentials(options);
		this.authority = authority(target, resolver, options, this.credentials);
		this.balancer = balancer(options, options.serviceConfig);
		this.compression = Compression.of(options);
	}

	/**
	 * Checks, security first.
	 * @throws IllegalArgumentException if something does not fit; nothing has been opened
	 */
	static Dial prepare(String target, DialOptions options) {
		credentials(options);
		Target parsed = Target.parse(target, options.resolvers.keySet());
		Resolver resolver = options.resolvers.get(parsed.scheme());
		if (resolver == null) {
			throw new IllegalArgumentException("target: \"" + target + "\" (no resolver for scheme \"" + parsed.scheme()
					+ "\"; add one with DialOptions.Builder.resolver)");
		}
		if (options.eventLoopGroup != null) {
			EventLoops.of(options.eventLoopGroup);
		}
		return new Dial(parsed, resolver, options);
	}

	/** Returns where connections and timers live; to be closed. */
	EventLoops openLoops() {
		EventLoops loops = (this.options.eventLoopGroup != null) ? EventLoops.of(this.options.eventLoopGroup)
				: EventLoops.shared();
		return (this.options.scheduler != null) ? loops.withScheduler(this.options.scheduler) : loops;
	}

	/** Whether the control plane is to run code that may block. */
	boolean mayBlock() {
		return !this.resolver.isNonBlocking() || this.balancer != Balancers.forPolicy(this.balancer.policy())
				|| !this.options.balancerPolicies.isEmpty();
	}

	/** Makes addresses and balancer, and starts nothing. */
	CallEnv assemble(ConnCore core, EventLoops loops, SharedControl shared, Owner owner) {
		Scheduler scheduler = loops.scheduler();
		StatsHandler stats = StatsHandler.of(this.options.statsHandlers);
		AddrConnSettings settings = new AddrConnSettings(this.target.text(), transports(loops), scheduler,
				Pacing.of(this.options), new HealthService(this.compression));
		BalancerSwitch made = new BalancerSwitch(this.balancer);
		AddrConns conns = new AddrConns(core.serial, settings, stats, made, shared);
		return new CallEnv(core, this, new CallEnv.Control(core.serial, loops, made, conns, core.tracker, owner),
				stats);
	}

	/**
	 * Starts the balancer and with it the notify stream.
	 * @param configs takes what the resolver brings besides addresses
	 * @throws RuntimeException what the balancer threw
	 */
	void start(CallEnv env, ServiceConfigSource configs) {
		CallEnv.Control control = env.control;
		Resolver.Context context = new Resolver.Context(env.core.pool, env.scheduler(), control.conns()::connectivity);
		Function<AddressListener, Resolution> resolution = (listener) -> {
			control.conns().resolving();
			return control.conns().drained().filter((lists) -> {
				Resolution started = this.resolver.resolve(this.target, context, new ResolverListener(lists, configs));
				control.conns().idleMode().resolvedBy(started);
				return started;
			}, listener);
		};
		control.balancer()
			.start(this.target.text(), new BalancerConfig(resolution, control.serial(), env.scheduler(),
					this.options.random, control.conns()), control.conns());
	}

	private TransportFactory transports(EventLoops loops) {
		String userAgent = (this.options.userAgent != null) ? this.options.userAgent + " " + USER_AGENT : USER_AGENT;
		return TransportFactory
			.http2(new TransportOptions(this.target.text(), this.authority, userAgent, this.compression.accepted(),
					this.credentials, this.options.dialer, loops, this.options.limits, this.options.keepalive));
	}

	private static TransportCredentials credentials(DialOptions options) {
		TransportCredentials credentials = options.transportCredentials;
		if (credentials == null && !options.insecure) {
			throw new IllegalArgumentException(
					"no transport security set (use DialOptions.Builder.insecure() explicitly "
							+ "or set transportCredentials, for example TransportCredentials.tls())");
		}
		if (credentials != null && credentials.isSecure() && options.insecure) {
			throw new IllegalArgumentException("transport credentials are set for an insecure connection "
					+ "(DialOptions.Builder.insecure() and transportCredentials are both called; remove one)");
		}
		TransportCredentials effective = (credentials != null) ? credentials : TransportCredentials.insecure();
		for (PerRpcCredentials each : options.perRpcCredentials) {
			if (each.requireTransportSecurity() && !effective.isSecure()) {
				throw new IllegalArgumentException("the credentials require transport level security "
						+ "(set DialOptions.Builder.transportCredentials, for example TransportCredentials.tls())");
			}
		}
		return effective;
	}

	private static String authority(Target target, Resolver resolver, DialOptions options,
			TransportCredentials credentials) {
		String option = options.authority;
		String server = credentials.serverName();
		if (option != null && server != null && !option.equals(server)) {
			throw new IllegalArgumentException(
					"authority: \"" + option + "\" (the transport credentials name the server \"" + server
							+ "\"; set one of them, or both alike)");
		}
		if (server != null) {
			return server;
		}
		String authority = (option != null) ? option : resolver.authority(target);
		// Most often it is: one object for both.
		return authority.equals(target.endpoint()) ? target.endpoint() : authority;
	}

	/**
	 * Returns the policy that is in force with a service config.
	 * @throws ServiceConfigException if the config is invalid, as it names no policy that
	 * can be used
	 */
	static BalancerProvider balancer(DialOptions options, ServiceConfig config) {
		// Also where the options win: a config is valid or not, whoever uses it.
		BalancerProvider wanted = config.balancer(new KnownBalancers(options.balancerPolicies));
		if (options.balancer != null) {
			return options.balancer;
		}
		return (wanted != null) ? wanted
				: Objects.requireNonNull(Balancers.forPolicy(DEFAULT_POLICY), DEFAULT_POLICY + " is built in");
	}

	private static String version() {
		@Nullable String version = Dial.class.getPackage().getImplementationVersion();
		return (version != null) ? version : "dev";
	}

	/**
	 * Hears of what calls want; called in the serial context.
	 */
	interface Owner {

		/** A call has ended after shutdown. */
		void callsEnded();

		/** Somebody calls, or asks for a connection, and nothing connects. */
		void wanted();

		/** Where calls go now; any thread. */
		CallEnv current();

	}

}
