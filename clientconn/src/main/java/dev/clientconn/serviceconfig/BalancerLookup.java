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

package dev.clientconn.serviceconfig;

import java.util.Collection;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Knows the balancing policies of a client, so that a service config can be asked which
 * of them it wants.
 *
 * @param <B> what stands for a policy
 */
public interface BalancerLookup<B> {

	/**
	 * Finds a policy.
	 * @param policy its name, such as {@code round_robin}
	 * @param settings what the service config has for it, in JSON form; empty for nothing
	 * @return the policy with these settings, {@code null} if there is none of this name
	 * @throws IllegalArgumentException if the policy cannot use the settings; the message
	 * says which and why
	 */
	@Nullable B find(String policy, Map<String, Object> settings);

	/**
	 * Returns the names of all policies, for messages.
	 * @return in the order to show them
	 */
	Collection<String> names();

}
