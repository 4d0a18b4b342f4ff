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

package dev.clientconn.spring.boot.autoconfigure.observation;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Makes observations.
 *
 * @param registry where to
 * @param callConvention names those of calls; the default one if {@code null}
 * @param attemptConvention names those of attempts; the default one if {@code null}
 */
record Observations(ObservationRegistry registry, @Nullable ClientConnCallObservationConvention callConvention,
		@Nullable ClientConnAttemptObservationConvention attemptConvention) {

	private static final ClientConnCallObservationConvention CALLS = new DefaultClientConnCallObservationConvention();

	private static final ClientConnAttemptObservationConvention ATTEMPTS = new DefaultClientConnAttemptObservationConvention();

	/** The one in scope is its parent. */
	Observation start(ClientConnCallContext context) {
		return Observation.start(this.callConvention, CALLS, () -> context, this.registry);
	}

	Observation start(ClientConnAttemptContext context, Observation parent) {
		return Observation.createNotStarted(this.attemptConvention, ATTEMPTS, () -> context, this.registry)
			.parentObservation(parent)
			.start();
	}

}
