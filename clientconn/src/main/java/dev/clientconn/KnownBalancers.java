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

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

import dev.clientconn.balancer.BalancerProvider;
import dev.clientconn.balancer.Balancers;
import dev.clientconn.serviceconfig.BalancerLookup;
import org.jspecify.annotations.Nullable;

/**
 * The policies that a service config may name: those of the options, then the built-in
 * ones.
 *
 * @param added those of the options
 */
record KnownBalancers(List<BalancerProvider> added) implements BalancerLookup<BalancerProvider> {

	@Override
	public @Nullable BalancerProvider find(String policy, Map<String, Object> settings) {
		BalancerProvider provider = this.added.stream()
			.filter((candidate) -> canonical(candidate.policy()).equals(canonical(policy)))
			.findFirst()
			.orElseGet(() -> Balancers.forPolicy(policy));
		return (provider != null) ? provider.withSettings(settings) : null;
	}

	@Override
	public Collection<String> names() {
		List<String> names = new ArrayList<>(Balancers.names());
		this.added.stream().map(BalancerProvider::policy).filter((name) -> !names.contains(name)).forEach(names::add);
		return names;
	}

	private static String canonical(String policy) {
		return policy.replace('-', '_');
	}

}
