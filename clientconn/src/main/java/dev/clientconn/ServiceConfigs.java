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
import java.util.concurrent.Flow;

import dev.clientconn.ServiceConfigState.Origin;
import dev.clientconn.ServiceConfigState.Rejected;
import dev.clientconn.serviceconfig.ServiceConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a ClientConn follow its service config: the last one of the stream, else the one of
 * the options, else the last one of the resolver. Follows one stream at a time. Changes
 * in the serial context, unless it says otherwise.
 */
final class ServiceConfigs {

	/** Named after what the lines speak of. */
	private static final Logger logger = LoggerFactory.getLogger(ClientConn.class);

	// set at dial, never change

	private final ConnCore core;

	private final Users users;

	private final long sinceMillis;

	// written by the thread of dial, then in the serial context; read by any thread

	private volatile @Nullable ServiceConfigWatcher watcher;

	/** What was in force last; {@code null} while nobody has set one. */
	private volatile @Nullable ServiceConfigState state;

	/** Until then only dial's thread may touch the balancer. */
	private volatile boolean dialled;

	ServiceConfigs(ConnCore core, Users users) {
		this.core = core;
		this.users = users;
		this.sinceMillis = now();
		publish();
	}

	/** Who follows the stream; {@code null} if there is no stream. */
	@Nullable ServiceConfigWatcher watcher() {
		return this.watcher;
	}

	/** Follows the stream of the options in use, if it is another one. */
	void follow() {
		CallEnv env = this.users.serving().env();
		Flow.Publisher<ServiceConfig> publisher = env.options.serviceConfigUpdates;
		ServiceConfigWatcher before = this.watcher;
		if (before != null) {
			if (before.publisher().equals(publisher)) {
				return;
			}
			before.close();
			this.watcher = null;
		}
		if (publisher != null) {
			ServiceConfigWatcher follower = new ServiceConfigWatcher(publisher, new Updates(env.identity.target()));
			this.watcher = follower;
			publisher.subscribe(follower);
		}
	}

	/** The end of the dial: from now on balancers are changed in the serial context. */
	void dialled() {
		this.dialled = true;
		this.core.serial.execute(this::apply);
	}

	/**
	 * What is in force for a generation with some options; any thread.
	 */
	InForce inForce(Generation generation, DialOptions options) {
		ServiceConfigWatcher follower = this.watcher;
		ServiceConfig delivered = (follower != null && follower.publisher().equals(options.serviceConfigUpdates))
				? follower.source().last() : null;
		if (delivered != null) {
			return new InForce(delivered, Origin.UPDATES);
		}
		if (!options.serviceConfig.equals(ServiceConfig.empty())) {
			return new InForce(options.serviceConfig, Origin.OPTIONS);
		}
		ServiceConfig resolved = generation.resolvedConfigs().last();
		return (resolved != null && !resolved.equals(ServiceConfig.empty())) ? new InForce(resolved, Origin.RESOLVER)
				: new InForce(ServiceConfig.empty(), Origin.NONE);
	}

	/** Any thread. Calls that start now have it; the rest follows in turn. */
	void arrived() {
		Serving serving = this.users.serving();
		serving.env().serviceConfig = inForce(serving.generation(), serving.env().options).config;
		this.core.serial.execute(this::apply);
	}

	/** Gives calls that start from now on what is in force, and remembers it. */
	void publish() {
		Serving serving = this.users.serving();
		InForce now = inForce(serving.generation(), serving.env().options);
		serving.env().serviceConfig = now.config;
		ServiceConfigState before = known();
		if (now.origin != before.origin() || !now.config.equals(before.config())) {
			this.state = new ServiceConfigState(now.config, now.origin, before.version() + 1,
					Instant.ofEpochMilli(now()), null);
			logger.info("{} - service config {} in force, of the {}", serving.env().identity.target(),
					before.version() + 1, now.origin.text());
		}
	}

	private ServiceConfigState known() {
		ServiceConfigState known = this.state;
		return (known != null) ? known : new ServiceConfigState(ServiceConfig.empty(), Origin.NONE, 0,
				Instant.ofEpochMilli(this.sinceMillis), null);
	}

	/** What operators are told; any thread. */
	ServiceConfigState state() {
		ServiceConfigWatcher follower = this.watcher;
		Rejected rejected = (follower != null) ? follower.source().rejected() : null;
		if (rejected == null) {
			rejected = this.users.serving().generation().resolvedConfigs().rejected();
		}
		ServiceConfigState known = known();
		return new ServiceConfigState(known.config(), known.origin(), known.version(), known.since(), rejected);
	}

	/** Any thread. */
	void close() {
		ServiceConfigWatcher follower = this.watcher;
		if (follower != null) {
			follower.close();
		}
	}

	private void apply() {
		if (!this.dialled || this.core.shutdown != null) {
			return;
		}
		apply(this.users.serving().generation());
		// Again here, where the last to arrive is the last.
		publish();
		Generation waiting = this.users.candidate();
		if (waiting != null) {
			apply(waiting);
		}
	}

	private void apply(Generation generation) {
		DialOptions options = generation.dial().options;
		ServiceConfig config = inForce(generation, options).config;
		generation.follow(config);
		try {
			generation.balancer().use(Dial.balancer(options, config));
		}
		catch (RuntimeException ex) {
			logger.warn("{} - the balancer of the service config could not be used: {}",
					generation.dial().target.text(), ex.toString(), ex);
		}
	}

	private long now() {
		return this.users.serving().env().scheduler().currentTimeMillis();
	}

	/**
	 * What a stream brings.
	 */
	private final class Updates implements ServiceConfigSource.Listener {

		private final String target;

		private Updates(String target) {
			this.target = target;
		}

		@Override
		public String target() {
			return this.target;
		}

		@Override
		public long nowMillis() {
			return now();
		}

		@Override
		public void check(ServiceConfig config) {
			Dial.balancer(ServiceConfigs.this.users.serving().env().options, config);
		}

		@Override
		public void changed() {
			arrived();
		}

	}

	/**
	 * A config and who set it.
	 *
	 * @param config the config, the empty one if nobody has
	 * @param origin who has
	 */
	record InForce(ServiceConfig config, Origin origin) {
	}

	/**
	 * Who uses service configs; any thread.
	 */
	interface Users {

		/** Where calls go. */
		Serving serving();

		/** What waits to take over, {@code null} if nothing does. */
		@Nullable Generation candidate();

	}

}
