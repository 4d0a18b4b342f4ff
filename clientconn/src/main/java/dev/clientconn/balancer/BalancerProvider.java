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
	 * Makes a balancer that has not been started.
	 * @return a new balancer, never shared between ClientConns
	 */
	Balancer newBalancer();

}
