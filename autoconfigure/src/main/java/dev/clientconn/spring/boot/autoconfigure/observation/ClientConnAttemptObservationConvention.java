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
import io.micrometer.observation.ObservationConvention;

/**
 * Names the observations of attempts of calls, and chooses what is written to them. A
 * bean of this type replaces {@link DefaultClientConnAttemptObservationConvention}, which
 * is made to be extended. Called by any thread.
 *
 * @since 0.1.0
 */
public interface ClientConnAttemptObservationConvention extends ObservationConvention<ClientConnAttemptContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof ClientConnAttemptContext;
	}

}
