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

package dev.clientconn.stats;

import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs what stats handlers throw: a handler that fails at every call must not flood the
 * log, so each class warns once.
 */
final class StatsFailures {

	private static final Logger logger = LoggerFactory.getLogger(StatsHandler.class);

	private static final ClassValue<AtomicBoolean> warned = new ClassValue<>() {

		@Override
		protected AtomicBoolean computeValue(Class<?> type) {
			return new AtomicBoolean();
		}

	};

	private StatsFailures() {
	}

	/**
	 * Logs a failure, at WARN for the first of a class and at DEBUG from then on.
	 * @param thrower the handler or its follower of a call
	 * @param failure what it threw
	 */
	static void log(Object thrower, Throwable failure) {
		String name = thrower.getClass().getName();
		if (warned.get(thrower.getClass()).compareAndSet(false, true)) {
			logger.warn("Stats handler {} failed; logged at DEBUG if it does so again", name, failure);
		}
		else {
			logger.debug("Stats handler {} failed again", name, failure);
		}
	}

}
