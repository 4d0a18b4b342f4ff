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

import dev.clientconn.serviceconfig.ServiceConfig;
import org.jspecify.annotations.Nullable;

/**
 * What the options say of health checks.
 *
 * @param disabled whether there are none, whatever the service config says
 * @param serviceName what to ask for, {@code null} for what the service config says
 */
record HealthCheckOption(boolean disabled, @Nullable String serviceName) {

	static final HealthCheckOption OF_SERVICE_CONFIG = new HealthCheckOption(false, null);

	static final HealthCheckOption DISABLED = new HealthCheckOption(true, null);

	/** What to ask for together with a service config; {@code null} for nothing. */
	@Nullable String serviceName(ServiceConfig config) {
		if (this.disabled) {
			return null;
		}
		return (this.serviceName != null) ? this.serviceName : config.healthCheckServiceName();
	}

}
