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

package dev.clientconn.balancer;

import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * The built-in balancing policies by name.
 */
public final class Balancers {

	private static final List<String> NAMES = List.of("pick_first", "round_robin");

	private static final Map<String, BalancerProvider> PROVIDERS = Map.of("pick_first", new Provider("pick_first"),
			"round_robin", new Provider("round_robin"));

	private Balancers() {
	}

	/**
	 * Finds a policy.
	 * @param name its name, with underscores as in service configs or with hyphens as in
	 * properties
	 * @return the policy, or {@code null} if there is none of this name
	 */
	public static @Nullable BalancerProvider forPolicy(String name) {
		return PROVIDERS.get(name.replace('-', '_'));
	}

	/**
	 * Returns the names of all policies, as service configs spell them.
	 * @return an immutable list in alphabetical order
	 */
	public static List<String> names() {
		return NAMES;
	}

	/**
	 * There is one of each, compared by identity.
	 */
	private static final class Provider implements BalancerProvider {

		private final String policy;

		Provider(String policy) {
			this.policy = policy;
		}

		@Override
		public String policy() {
			return this.policy;
		}

		@Override
		public Balancer newBalancer() {
			return this.policy.equals("pick_first") ? new PickFirst() : new RoundRobin();
		}

		@Override
		public String toString() {
			return this.policy;
		}

	}

}
