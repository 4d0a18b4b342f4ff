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

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * How long Spring waits for the beans of one phase when the application stops.
 *
 * @param timeout longest wait
 */
record ShutdownPhase(Duration timeout) {

	private static final String PROPERTY = "spring.lifecycle.timeout-per-shutdown-phase";

	/** Boot's default of the property. */
	private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

	private static final Logger logger = LoggerFactory.getLogger(ShutdownPhase.class);

	static ShutdownPhase of(Environment environment) {
		return new ShutdownPhase(Binder.get(environment).bind(PROPERTY, Duration.class).orElse(DEFAULT_TIMEOUT));
	}

	/**
	 * Tells where a grace period cannot be granted in full. Says so once per property:
	 * the defaults concern many channels.
	 */
	void warnOfLongerGracePeriods(Stream<ChannelSettings> channels) {
		Set<String> told = new HashSet<>();
		channels.forEach((settings) -> {
			Setting<Duration> gracePeriod = settings.get("shutdown.grace-period",
					(p) -> p.getShutdown().getGracePeriod());
			Duration effective = gracePeriod.orElse(PropertiesDialOptionsCustomizer.DEFAULT_GRACE_PERIOD);
			if (effective.compareTo(this.timeout) > 0 && told.add(gracePeriod.property())) {
				logger.warn("{} is {} ms, and {} only {} ms: calls that are open when the phase ends are cancelled",
						gracePeriod.property(), effective.toMillis(), PROPERTY, this.timeout.toMillis());
			}
		});
	}

}
