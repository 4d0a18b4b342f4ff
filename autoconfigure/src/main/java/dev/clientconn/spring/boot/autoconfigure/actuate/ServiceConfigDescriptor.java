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

package dev.clientconn.spring.boot.autoconfigure.actuate;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import dev.clientconn.ServiceConfigState;
import dev.clientconn.ServiceConfigState.Origin;
import dev.clientconn.ServiceConfigState.Rejected;
import dev.clientconn.serviceconfig.MethodConfig;
import dev.clientconn.serviceconfig.RetryThrottling;
import dev.clientconn.serviceconfig.ServiceConfig;
import org.jspecify.annotations.Nullable;

/**
 * The service config of a channel as the endpoint shows it.
 *
 * @param origin who has set it: options (which are made of the properties), resolver,
 * updates or none
 * @param version counts the configs that have been in force
 * @param since when it came into force
 * @param balancerPolicies names of the accepted balancer policies, the most wanted first
 * @param methods what is set, by method, by service with an asterisk, or for all with an
 * asterisk alone
 * @param retryThrottling when retries stop; absent for never
 * @param healthCheckServiceName what addresses are asked the health of; absent for
 * nothing
 * @param maxConnectionsPerAddress connections per address; absent without a wish
 * @param rejected an update that is not in force because it is invalid; absent if there
 * is none
 * @since 0.1.0
 */
public record ServiceConfigDescriptor(String origin, long version, Instant since, List<String> balancerPolicies,
		Map<String, MethodConfig> methods, @Nullable RetryThrottling retryThrottling,
		@Nullable String healthCheckServiceName, @Nullable Integer maxConnectionsPerAddress,
		@Nullable RejectedDescriptor rejected) {

	/** Returns nothing of a channel that has no service config. */
	static @Nullable ServiceConfigDescriptor of(ServiceConfigState state) {
		if (state.origin() == Origin.NONE && state.rejected() == null) {
			return null;
		}
		ServiceConfig config = state.config();
		Map<String, MethodConfig> methods = new LinkedHashMap<>();
		config.methods().forEach((name, method) -> methods.put(pattern(name), method));
		return new ServiceConfigDescriptor(state.origin().text(), state.version(), state.since(),
				config.balancerPolicies(), methods, config.retryThrottling(), config.healthCheckServiceName(),
				config.maxConnectionsPerAddress(), RejectedDescriptor.of(state.rejected()));
	}

	/** Returns the name of an entry in a form for people. */
	static String pattern(String name) {
		return (name.isEmpty() || name.endsWith("/")) ? name + "*" : name;
	}

	/**
	 * An invalid update.
	 *
	 * @param origin who delivered it
	 * @param error what is wrong, and where in it
	 * @param since when it came
	 */
	public record RejectedDescriptor(String origin, String error, Instant since) {

		private static @Nullable RejectedDescriptor of(@Nullable Rejected rejected) {
			return (rejected != null)
					? new RejectedDescriptor(rejected.origin().text(), rejected.error(), rejected.since()) : null;
		}

	}

}
