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

package dev.clientconn.spring.boot.autoconfigure;

import org.jspecify.annotations.Nullable;

/**
 * Questions to servers whether they serve, by the health protocol of gRPC.
 */
public class HealthCheckProperties {

	/**
	 * Whether calls go only to servers that say by grpc.health.v1.Health/Watch that they
	 * serve. As the service config says, or with a service name, unless set.
	 */
	private @Nullable Boolean enabled;

	/**
	 * Service whose health is asked for, over that of the service config. The server as a
	 * whole unless set.
	 */
	private @Nullable String serviceName;

	public @Nullable Boolean getEnabled() {
		return this.enabled;
	}

	public void setEnabled(@Nullable Boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable String getServiceName() {
		return this.serviceName;
	}

	public void setServiceName(@Nullable String serviceName) {
		this.serviceName = serviceName;
	}

}
