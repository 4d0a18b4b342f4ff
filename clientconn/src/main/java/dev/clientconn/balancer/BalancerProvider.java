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

import java.util.Map;

/**
 * Makes one balancer for each ClientConn that uses a policy.
 */
public interface BalancerProvider {

	/**
	 * Returns the policy name as service configs and properties spell it.
	 * @return such as {@code round_robin}
	 */
	String policy();

	/**
	 * Returns this policy with settings of a service config (gRFC A24). Providers of the
	 * same policy with the same settings should be equal: another one replaces the
	 * balancer in use. By default a policy has no settings, and ignores what it is given
	 * as it does any field that it does not know.
	 * @param settings in JSON form: maps, lists, strings, numbers and booleans; empty if
	 * the config has none
	 * @return a provider whose balancers follow the settings
	 * @throws IllegalArgumentException if a setting is wrong; the message says which and
	 * what was expected. The service config is invalid then
	 */
	default BalancerProvider withSettings(Map<String, Object> settings) {
		return this;
	}

	/**
	 * Makes a balancer that has not been started.
	 * @return a new balancer, never shared between ClientConns
	 */
	Balancer newBalancer();

}
