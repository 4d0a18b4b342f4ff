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

package dev.clientconn.spring.boot.autoconfigure.health;

import java.util.EnumMap;
import java.util.Map;

import dev.clientconn.spring.boot.autoconfigure.HealthProperties;
import io.grpc.ConnectivityState;

import org.springframework.boot.health.contributor.Status;
import org.springframework.util.StringUtils;

/**
 * Health status by the state of a channel.
 *
 * @param statuses one for each state
 */
record StatusMapping(Map<ConnectivityState, Status> statuses) {

	/**
	 * Returns what the properties say.
	 * @param properties names the statuses
	 * @return the mapping
	 * @throws RuntimeException if the name of a status is empty; the failure analysis
	 * names the property
	 */
	static StatusMapping of(HealthProperties properties) {
		Map<ConnectivityState, Status> statuses = new EnumMap<>(ConnectivityState.class);
		statuses.put(ConnectivityState.READY, Status.UP);
		for (ConnectivityState state : ConnectivityState.values()) {
			if (state != ConnectivityState.READY) {
				properties.statusOf(state).as(StatusMapping::status).to((status) -> statuses.put(state, status));
			}
		}
		return new StatusMapping(statuses);
	}

	Status of(ConnectivityState state) {
		return this.statuses.getOrDefault(state, Status.UNKNOWN);
	}

	private static Status status(String code) {
		if (!StringUtils.hasText(code)) {
			throw new IllegalArgumentException("the name of a health status is empty (expected: such as UNKNOWN)");
		}
		return new Status(code.strip());
	}

}
