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

import java.util.List;
import java.util.Map;

import dev.clientconn.naming.Address;
import dev.clientconn.naming.AddressListener;
import dev.clientconn.serviceconfig.ServiceConfig;
import io.grpc.Status;

/**
 * Takes what a resolver tells apart: addresses are the balancer's matter, service configs
 * are not.
 *
 * @param lists takes lists and why there are none
 * @param configs takes service configs
 */
record ResolverListener(AddressListener lists, ServiceConfigSource configs) implements AddressListener {

	@Override
	public void onAddresses(List<Address> addresses) {
		this.lists.onAddresses(addresses);
	}

	@Override
	public void onError(Status error) {
		this.lists.onError(error);
	}

	@Override
	public void onServiceConfig(Map<String, ?> config) {
		this.configs.deliver(() -> ServiceConfig.fromMap(config));
	}

	@Override
	public void onServiceConfigError(String error) {
		this.configs.reject(error);
	}

}
